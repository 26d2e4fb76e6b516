"""Configuration files on disk, and what comes with Rounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import defaults, verbs
from app.config.defaults import load
from app.config.files import check_server, check_tree
from app.config.guard import MOST_BYTES
from app.errors import Mistake

ROOT = Path(__file__).parents[2]


def write(folder: Path, **files: str) -> Path:
    """Files by name, `__` for a slash."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_the_shipped_configuration_is_right_and_says_nothing_odd():
    config, problems = check_server(ROOT / "config")
    assert problems == []
    assert {"out-of-scope", "a11y", "confirm", "needs-info", "wontfix", "not-this-repo"} <= set(config.commands)
    assert config.permissions["help"] == ("anyone",)
    assert not set(config.families) & verbs.BUILT_IN


def test_the_server_loads_what_is_shipped_or_what_it_is_given(tmp_path):
    assert load() == check_server(defaults.directory())[0]
    assert load(write(tmp_path, defaults="bots: [5]")).bots == (5,)


def test_the_files_of_a_server_know_each_other_and_go_over_each_other(tmp_path):
    write(
        tmp_path,
        defaults="bots: [1]\npermissions: {wip: [anyone]}",
        commands="bots: [2]\ncommands: {wip: {do: {close: true}}}",
    )
    config, problems = check_server(tmp_path)
    assert problems == []
    assert (config.bots, set(config.commands)) == ((2,), {"wip"})


def test_every_error_of_a_server_is_one_mistake(tmp_path):
    write(tmp_path, defaults="bot: [1]\npermissions: {zzz: [anyone]}", commands="commands: {wip: {}}\nrules: {}")
    with pytest.raises(Mistake) as caught:
        load(tmp_path)
    assert str(caught.value).splitlines() == [
        "The server's configuration has mistakes:",
        f"{tmp_path}/defaults.yml:1:1: unknown key `bot` (did you mean `bots`?)",
        f"{tmp_path}/defaults.yml:2:15: there is no verb `zzz`",
        f"{tmp_path}/commands.yml:1:12: the key `do` is missing (or give a `reply`)",
    ]


def test_a_server_without_files_is_a_mistake(tmp_path):
    with pytest.raises(Mistake, match="set ROUNDS_CONFIG_DIR"):
        load(tmp_path)


def test_one_file(tmp_path):
    path = write(tmp_path, any="bot: [1]") / "any.yml"
    assert [str(problem) for problem in check_tree(path)] == [f"{path}:1:1: unknown key `bot` (did you mean `bots`?)"]


def test_the_root_of_a_repository(tmp_path):
    write(tmp_path, **{".github__rounds": "permissions: {a11y: [anyone]}", "config__defaults": "something: else"})
    (note,) = check_tree(tmp_path)
    assert (note.file, note.severity) == (str(tmp_path / ".github/rounds.yml"), "note")
    assert check_tree(tmp_path, load()) == []


def test_a_server_directory_and_the_root_above_it(tmp_path):
    write(tmp_path, config__defaults="a: 1", config__commands="b: 1")
    for path in (tmp_path, tmp_path / "config"):
        assert [Path(problem.file).name for problem in check_tree(path)] == ["defaults.yml", "commands.yml"]


def test_a_place_without_configuration_is_a_mistake(tmp_path):
    with pytest.raises(Mistake, match=r"expected \.github/rounds\.yml"):
        check_tree(tmp_path)
    with pytest.raises(Mistake, match="There is no configuration"):
        check_tree(tmp_path / "missing")


def test_a_file_that_can_not_be_read_is_a_mistake(tmp_path):
    (tmp_path / "rounds.yml").mkdir()
    (tmp_path / "defaults.yml").symlink_to(tmp_path / "defaults.yml")
    with pytest.raises(Mistake):
        check_tree(tmp_path / "defaults.yml")


def test_a_huge_file_is_not_read_whole(tmp_path):
    (tmp_path / "rounds.yml").write_bytes(b"#" * (MOST_BYTES + 10))
    assert [problem.message for problem in check_tree(tmp_path)] == ["the file is larger than 256 kB"]
