"""`rounds check`: all mistakes, where they are, and an exit status for CI."""

from __future__ import annotations

from pathlib import Path

import pytest

BAD = """\
version: 1
familes: {}
commands:
  confirm: {do: [{add_lables: [confirmed]}]}
"""


@pytest.fixture
def repository() -> Path:
    """The working directory as a repository with a configuration that is good."""
    file = Path(".github/rounds.yml")
    file.parent.mkdir()
    file.write_text("version: 1\nfamilies:\n  kind: {prefix: kind/}\n")
    return file


def test_without_a_repository_the_shipped_configuration_is_checked_and_good(rounds):
    said = rounds("check")
    assert said.status == 0
    assert said.out.startswith("No mistakes in ")


def test_a_good_repository(rounds, repository):
    assert rounds("check") == (0, "No mistakes in ..\n", "")
    assert rounds("check", str(repository)) == (0, f"No mistakes in {repository}.\n", "")


def test_every_mistake_is_told_with_its_place(rounds, repository):
    repository.write_text(BAD)
    said = rounds("check")
    assert said.status == 1
    first, second = said.out.splitlines()
    assert first.startswith(".github/rounds.yml:2:1: ")
    assert "families" in first
    assert second.startswith(".github/rounds.yml:4:19: ")
    assert "add_labels" in second
    assert said.err == "2 mistakes in .\n"


def test_the_servers_verbs_are_known_to_a_repository(rounds, repository):
    repository.write_text("version: 1\npermissions: {a11y: [triage], a12y: [triage]}\n")
    said = rounds("check")
    assert said.status == 1
    (told,) = said.out.splitlines()
    assert "a12y" in told


def test_a_servers_own_folder(rounds, tmp_path):
    (tmp_path / "defaults.yml").write_text("version: 1\n")
    (tmp_path / "commands.yml").write_text("commands: {hi: {do: []}}\n")
    rounds.set(CONFIG_DIR=str(tmp_path))
    said = rounds("check")
    assert said.status == 1
    assert "commands.yml:1:" in said.out


def test_what_is_not_there(rounds, tmp_path):
    assert "There is no nowhere.yml." in rounds("check", "nowhere.yml").err
    (tmp_path / "empty").mkdir()
    said = rounds("check", str(tmp_path / "empty"))
    assert said.status == 1
    assert "There is no configuration in" in said.err


def test_a_file_that_is_hostile_is_shown_as_text(rounds, repository):
    repository.write_text('version: 1\n"\\e[2J[red]": 1\n')
    said = rounds("check")
    assert said.status == 1
    assert "\x1b" not in said.out
    assert "[red]" in said.out


SERIES = """\
name: Weekly
schedule:
  timezone: Europe/Berlin
  starts: 2020-09-11
  time: "10:30"
  rule: every Friday
"""


def test_series_of_a_repository_are_checked_too(rounds, repository):
    folder = Path(".github/meetings")
    folder.mkdir()
    (folder / "weekly.yml").write_text(SERIES)
    (folder / "weekly.md").write_text("{{ plce }}\n")
    for words in ([], ["."], [".github/meetings"], [".github/meetings/weekly.yml"]):
        said = rounds("check", *words)
        assert said.status == 1
        assert said.out.startswith(".github/meetings/weekly.md:1:1: The template asks for `plce`"), words
    (folder / "weekly.md").write_text("{{ place }}\n")
    assert rounds("check").status == 0


def test_a_repository_that_has_only_series(rounds):
    folder = Path(".github/meetings")
    folder.mkdir(parents=True)
    (folder / "weekly.yml").write_text(SERIES.replace("Friday", "blursday"))
    said = rounds("check")
    assert (said.status, said.err) == (1, "1 mistake in .\n")
    assert said.out.startswith(".github/meetings/weekly.yml:6:9: `every blursday` is not understood")
