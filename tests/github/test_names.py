from __future__ import annotations

import pytest

from app.errors import Permanent
from app.github import names


@pytest.mark.parametrize("full_name", ["o/r", "acme/.github", "acme-corp/a.b_c-d", "name_company/repo", "0/0"])
def test_repositories(full_name: str) -> None:
    assert "/".join(names.repository(full_name)) == full_name


@pytest.mark.parametrize(
    "full_name",
    [
        "",
        "o",
        "o/",
        "/r",
        "o/r/x",
        "o/..",
        "o/.",
        "../r",
        "o/r?x",
        "o/r#1",
        "o\\r/r",
        "https://evil.test/x",
        "o/r\n",
        "ö/r",
    ],
)
def test_what_is_no_repository(full_name: str) -> None:
    with pytest.raises(Permanent, match="not a repository"):
        names.repository(full_name)


@pytest.mark.parametrize("login", ["alice", "dependabot[bot]", "rounds[bot]", "mona_acme", "a-b"])
def test_logins(login: str) -> None:
    assert names.login(login) == login


@pytest.mark.parametrize("login", ["", "..", "a/b", "a b", "a[bot]x", "-a", "a" * 200, "@a"])
def test_what_is_no_login(login: str) -> None:
    with pytest.raises(Permanent, match="not a login"):
        names.login(login)


@pytest.mark.parametrize("number", [0, -1, True, "5", 5.0, None])
def test_what_is_no_number(number: object) -> None:
    with pytest.raises(Permanent, match="not a positive number"):
        names.number(number)


@pytest.mark.parametrize(
    "part",
    [
        "bug :bug:",
        "UX/UI",
        "v1.2.",
        "...",
        ".github",
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} frontend",  # one emoji
        "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e007f",  # a flag, spelled with invisible letters
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
        "a\N{NO-BREAK SPACE}b",
        "\N{IDEOGRAPHIC SPACE}x",
        "\N{HEBREW LETTER ALEF}\N{RIGHT-TO-LEFT MARK}",
    ],
)
def test_names_people_chose_stay_as_they_are(part: str) -> None:
    assert names.part(part) == part


@pytest.mark.parametrize(
    "part",
    [
        "",
        " ",
        ".",
        "..",
        "./x",
        "x\\..",
        "a\nb",
        "a\x00",
        "\x9f",
        "a\ud800",
        "x" * 256,
        ".\N{ZERO WIDTH JOINER}",
        "\N{ZERO WIDTH SPACE}",
        "\N{SOFT HYPHEN}..",
        "\N{TWO DOT LEADER}",
        "\N{FULLWIDTH FULL STOP}",
        " .. ",
        "../../../labels/bug",
        "a/..\N{WORD JOINER}/b",
    ],
)
def test_parts_that_would_change_the_address(part: str) -> None:
    with pytest.raises(Permanent):
        names.part(part)


@pytest.mark.parametrize("path", ["", "/etc", "a//b", "../x", "a/./b", "a/"])
def test_paths_that_would_lead_elsewhere(path: str) -> None:
    with pytest.raises(Permanent):
        names.path(path)


def test_path() -> None:
    assert names.path(".github/meetings/weekly #1.yml") == [".github", "meetings", "weekly #1.yml"]
