"""How people name issues."""

from __future__ import annotations

import pytest

from app.core.references import reference, same, shown
from app.core.values import Ref

WEB = "https://github.com"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("#12", "home/repo#12"),
        ("pypi/warehouse#6263", "pypi/warehouse#6263"),
        ("a/b.c_d-e#1", "a/b.c_d-e#1"),
        ("https://github.com/pypi/warehouse/issues/6263", "pypi/warehouse#6263"),
        ("https://github.com/pypi/warehouse/pull/6263", "pypi/warehouse#6263"),
        ("https://GitHub.com/pypi/warehouse/issues/6263/", "pypi/warehouse#6263"),
        ("https://github.com/pypi/warehouse/issues/6263#issuecomment-9", "pypi/warehouse#6263"),
        ("https://github.com/pypi/warehouse/pull/6263/files?w=1", "pypi/warehouse#6263"),
    ],
)
def test_references(word: str, expected: str) -> None:
    assert str(reference(word, "home/repo", WEB)) == expected


@pytest.mark.parametrize(
    "word",
    [
        *(
            "",
            "12",
            "#",
            "#0",
            "#012",
            "#12a",
            "#12345678901",
            "#１２",
            "warehouse#12",
            "a/b/c#12",
            "a/..#1",
            "a/.#1",
            "/b#1",
            "a b#1",
        ),
        *(
            "https://evil.example/a/b/issues/1",
            "https://github.com.evil.example/a/b/issues/1",
            "http://github.com/a/b/issues/1",
        ),
        *("https://github.com/a/b", "https://github.com/a/b/issues", "https://github.com/a/b/discussions/1", "é/b#1"),
    ],
)
def test_what_is_no_reference(word: str) -> None:
    assert reference(word, "home/repo", WEB) is None


def test_an_enterprise_server_has_its_own_addresses() -> None:
    web = "https://git.example.org/"
    assert str(reference("https://git.example.org/a/b/issues/3", "h/r", web)) == "a/b#3"
    assert reference("https://github.com/a/b/issues/3", "h/r", web) is None


def test_case_does_not_make_another_issue() -> None:
    assert same(Ref("PyPI/Warehouse", 1), Ref("pypi/warehouse", 1))
    assert not same(Ref("pypi/warehouse", 1), Ref("pypi/warehouse", 2))


def test_a_reference_is_shown_as_short_as_can_be() -> None:
    assert shown(Ref("PyPI/warehouse", 3), "pypi/warehouse") == "#3"
    assert shown(Ref("pypi/legacy", 3), "pypi/warehouse") == "pypi/legacy#3"
