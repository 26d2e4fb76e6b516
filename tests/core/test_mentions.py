"""Only what the template names in full, and who is meant to be named, may be mentioned."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.mentions import named, quieted
from app.core.text import BREAK, unmarked


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ask @octocat, or @acme/core.", {"octocat", "acme/core"}),
        ("Mail help@acme.org", {"acme.org"}),
        ("&#64;octocat &#x40;hubot &commat;acme/core", {"octocat", "hubot", "acme/core"}),
        ("nobody @ all, @-x", set()),
        ("@Octocat_x", {"octocat_x"}),
    ],
)
def test_the_names_behind_an_at(text: str, names: set[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("text", "allowed", "kept"),
    [
        ("@octocat", {"octocat"}, True),
        ("@Octocat.", {"OCTOCAT"}, True),
        ("@octocat", set(), False),
        ("@octocat/core", {"octocat"}, False),
        ("@octocat-core", {"octocat"}, False),
        (r"@octocat\/core", {"octocat"}, False),
        ("@acme/core", {"acme/core"}, True),
        ("@acme/core-team", {"acme/core"}, False),
        ("&#64;octocat", set(), False),
        ("&#0064;octocat", set(), False),
        ("&commat;octocat", set(), False),
    ],
)
def test_all_others_are_quieted(text: str, allowed: set[str], kept: bool) -> None:
    assert (quieted(text, allowed) == text) is kept
    assert unmarked(quieted(text, allowed)) == text


@given(st.text(alphabet="@&#x640;comat ab/\\-._", max_size=40), st.sets(st.sampled_from(["a", "b", "a/b"])))
def test_nothing_but_the_allowed_is_left_and_twice_is_once(text: str, allowed: set[str]) -> None:
    quiet = quieted(text, allowed)
    assert named(quiet) <= allowed
    assert quieted(quiet, allowed) == quiet
    assert quiet.replace(BREAK, "") == text
