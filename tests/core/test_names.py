"""Finding names the way people write them."""

from __future__ import annotations

import pytest

from app.core.names import Names, fold

LABELS = Names(
    ["bug :bug:", "good first issue", "UX/UI", "C#", "Straße", "requires triaging", "out of scope", "accessibility"]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ux/ui", "UX/UI"),
        ("c#", "C#"),
        ("C#.", "C#"),
        ("STRASSE", "Straße"),
        ("good  first\u00a0issue", "good first issue"),
        ("bug :bug:", "bug :bug:"),
        ("\u200bout of scope", "out of scope"),
        ("bug", None),
        ("", None),
    ],
)
def test_names_compare_without_case_and_spacing(typed: str, found: str | None) -> None:
    assert LABELS.find(typed) == found


def test_an_exact_spelling_wins() -> None:
    names = Names(["beta", "Beta"])
    assert [names.find("beta"), names.find("Beta"), names.find("BETA")] == ["beta", "Beta", "beta"]


def test_a_name_with_a_full_stop_wins_over_one_without() -> None:
    assert Names(["v1", "v1."]).find("v1.") == "v1."


def test_aliases_lead_to_the_name_but_names_come_first() -> None:
    names = Names(["kind/bug", "bug"], {"bug": "kind/bug", "fault": "kind/bug"})
    assert [names.find("fault"), names.find("bug")] == ["kind/bug", "bug"]
    assert list(names) == ["kind/bug", "bug"]


def test_names_by_their_beginning() -> None:
    assert Names(["OTF security work", "otf audit", "Beta"]).beginning("OTF") == ("OTF security work", "otf audit")
    assert LABELS.beginning("") == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bug", "bug :bug:"),
        ("good frist issue", "good first issue"),
        ("issue first good", "good first issue"),
        ("accesibility", "accessibility"),
        ("triaging", "requires triaging"),
        ("out-of-scope", "out of scope"),
    ],
)
def test_the_likeliest_name_comes_first(typed: str, meant: str) -> None:
    assert LABELS.near(typed)[0] == meant


def test_what_is_like_nothing_has_no_neighbours() -> None:
    assert LABELS.near("kubernetes") == ()
    assert LABELS.near("") == ()


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert fold("Caf\u00e9") == fold("CAFE\u0301")
