"""Series in a folder: where files and templates are looked for, and what is said where they are not."""

from __future__ import annotations

import pytest

from app.config.series_files import load, names
from app.errors import Mistake

FILE = 'name: Weekly\nschedule: {timezone: UTC, starts: 2020-09-11, time: "10:30", rule: every Friday}\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".github" / "meetings").mkdir(parents=True)
    (tmp_path / ".github" / "ISSUE_TEMPLATE").mkdir()
    put(tmp_path / ".github" / "meetings" / "weekly.yml", FILE)
    return tmp_path / ".github"


def put(path, text: str) -> None:
    path.write_bytes(text.encode())


def test_a_template_stands_beside_its_series_with_the_line_ends_it_has(folder):
    put(folder / "meetings" / "weekly.md", "Hello\r\n  ")
    series, template = load(folder, "weekly")
    assert (series.id, series.name, template) == ("weekly", "Weekly", "Hello\r\n  ")


@pytest.mark.parametrize("place", ["", "..", "elsewhere"])
def test_an_issue_template_is_found_from_the_root_of_the_repository_too(folder, place):
    put(folder / "meetings" / "weekly.yml", FILE + "issue: {template: .github/ISSUE_TEMPLATE/call.md}\n")
    root = folder / place if place == "elsewhere" else folder
    if place == "elsewhere":
        (root / "meetings").mkdir(parents=True)
        (folder / "meetings" / "weekly.yml").rename(root / "meetings" / "weekly.yml")
        (root / ".github" / "ISSUE_TEMPLATE").mkdir(parents=True)
        put(root / ".github" / "ISSUE_TEMPLATE" / "call.md", "Call")
    else:
        put(folder / "ISSUE_TEMPLATE" / "call.md", "Call")
    assert load(root, "weekly")[1] == "Call"


def test_names(folder):
    put(folder / "meetings" / "Bad Name.yml", "")
    put(folder / "meetings" / "other.yaml", "")
    assert sorted(names(folder)) == ["other", "weekly"]
    assert names(folder / "nowhere") == []


@pytest.mark.parametrize(
    ("name", "template", "sentence"),
    [
        ("monthly", "x", "There is no series `monthly` in .*meetings: there are weekly."),
        ("../weekly", "x", "There is no series `../weekly`"),
        ("weekly", None, "The series weekly has no template: expected .*weekly.md"),
        ("weekly", "{{ plcae }}", "The series weekly has mistakes:\n.*did you mean `place`"),
        ("weekly", b"\xff", "is not UTF-8 text: save it as UTF-8"),
    ],
)
def test_what_is_missing_or_wrong(folder, name, template, sentence):
    if template is not None:
        content = template if isinstance(template, bytes) else template.encode()
        (folder / "meetings" / "weekly.md").write_bytes(content)
    with pytest.raises(Mistake, match=sentence):
        load(folder, name)


def test_a_broken_series_says_each_mistake_with_its_line(folder):
    put(folder / "meetings" / "weekly.yml", FILE + "nmae: x\nzones: [Mars]\n")
    with pytest.raises(Mistake, match=r"weekly.yml:3:1: .*nmae.*\n.*weekly.yml:4:\d+: there is no time zone `Mars`"):
        load(folder, "weekly")


def test_nothing_outside_of_the_repository_is_read(folder, tmp_path):
    put(tmp_path.parent / "secret.md", "secret")
    put(folder / "meetings" / "weekly.yml", FILE + "issue: {template: ../../secret.md}\n")
    with pytest.raises(Mistake, match="must be a path in the repository"):
        load(folder, "weekly")
