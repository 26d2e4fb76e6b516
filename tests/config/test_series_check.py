from __future__ import annotations

from pathlib import Path

import pytest

from app.config.series_check import is_series, problems, series_in
from app.errors import Mistake
from tests.config.test_series import BEGIN


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in series_in(folder)]


def test_series_of_a_repository_a_server_and_a_folder(tmp_path):
    files = {f".github__meetings__{name}": BEGIN for name in ("b_yml", "a_yaml", "a_md")}
    write(tmp_path, **files)
    assert found(tmp_path) == [".github/meetings/a.yaml", ".github/meetings/b.yml"]
    assert found(tmp_path / ".github") == ["meetings/a.yaml", "meetings/b.yml"]
    assert found(tmp_path / ".github" / "meetings") == ["a.yaml", "b.yml"]


def test_those_of_a_server_in_a_source_tree(tmp_path):
    write(tmp_path, config__meetings__a_yml=BEGIN)
    assert found(tmp_path) == []
    write(tmp_path, config__defaults_yml="version: 1\n", config__commands_yml="version: 1\n")
    assert found(tmp_path) == ["config/meetings/a.yml"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("meetings__a_yml", "", True),
        ("a_yml", BEGIN, True),
        ("a_yml", "version: 1\n", False),
        ("a_md", BEGIN, False),
    ],
)
def test_what_a_series_is(tmp_path, name, text, expected):
    write(tmp_path, **{name: text})
    assert is_series(tmp_path / name.replace("__", "/").replace("_", ".")) is expected


def test_a_file_is_checked_with_its_template(tmp_path):
    write(tmp_path, meetings__a_yml=BEGIN, meetings__a_md="Hello\n{{ plce }}\n")
    (problem,) = problems([tmp_path / "meetings" / "a.yml"])
    assert str(problem).startswith(f"{tmp_path}/meetings/a.md:2:1: The template asks for `plce`")


def test_a_template_beside_a_file_that_stands_anywhere(tmp_path):
    write(tmp_path, a_yml=BEGIN, a_md="Hello {{ place }}\n")
    assert problems([tmp_path / "a.yml"]) == []


def test_an_issue_template_of_the_repository(tmp_path):
    write(
        tmp_path,
        **{
            ".github__meetings__a_yml": BEGIN + "issue: {template: .github/ISSUE.TEMPLATE/call.md}\n",
            ".github__ISSUE_TEMPLATE__call_md": "---\nname: Call\nabout: x\ntitle: Call\n---\nHello\n",
        },
    )
    assert problems(series_in(tmp_path)) == []


def test_a_template_that_is_named_must_be_there(tmp_path):
    write(tmp_path, meetings__a_yml=BEGIN + "issue:\n  template: other.md\n")
    (problem,) = problems([tmp_path / "meetings" / "a.yml"])
    assert (problem.line, problem.column, problem.severity) == (8, 13, "error")
    assert "The series a has no template: expected" in problem.message


def test_without_any_template_it_says_so(tmp_path):
    write(tmp_path, meetings__a_yml=BEGIN)
    (problem,) = problems([tmp_path / "meetings" / "a.yml"])
    assert (problem.severity, problem.message.endswith("a.md. Its issues would be empty")) == ("note", True)


def test_a_file_that_can_not_be_read(tmp_path):
    (tmp_path / "meetings").mkdir()
    loop = tmp_path / "meetings" / "a.yml"
    loop.symlink_to(loop)
    with pytest.raises(Mistake, match="can't be read"):
        problems([loop])
