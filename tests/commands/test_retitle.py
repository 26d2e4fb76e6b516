"""`/retitle`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.actions import Retitle
from app.core.values import Role
from tests.commands.world import ERNEST, HERE, STRANGER, World, decided, done, one, told

WORLD = World()


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Tokens without a prefix fail", "Tokens without a prefix fail"),
        ('Say "hello", twice', 'Say "hello", twice'),
        ('"Tokens, old ones"', "Tokens, old ones"),
        ("“Token”", "Token"),
        ("It fails because of the proxy", "It fails because of the proxy"),
        ("  a   b\tc ", "a b c"),
        ('5" floppy', '5" floppy'),
        ('"half a quote', '"half a quote'),
        ("-1 is not +1", "-1 is not +1"),
        ("<b>&amp;</b> @pypi/admins #12", "<b>&amp;</b> @pypi/admins #12"),
        ("x" * 256, "x" * 256),
        ("a\u202eb\u2066", "a b"),
        ("tokens", "tokens"),
    ],
)
def test_the_title_is_what_was_typed(typed: str, title: str) -> None:
    assert done(f"/retitle {typed}", WORLD) == (Retitle(HERE, title),)


def test_already_so() -> None:
    assert one("/retitle Tokens", WORLD).status == "already"
    first, second = decided("/retitle A\n/retitle A", WORLD)
    assert (first.status, second.status) == ("done", "already")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/retitle", "name the new title, as in `/retitle Uploads"),
        ("/retitle \u200b", "name the new title"),
        ('/retitle ""', "name the new title"),
        (f"/retitle {'x' * 257}", "at most 256 characters, this one has 257"),
    ],
)
def test_what_is_no_title(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_who_may() -> None:
    assert one("/retitle New", replace(WORLD, role=Role.READ, sender=STRANGER)).status == "done"  # the author
    assert "the triage role or above, or the author" in told(
        "/retitle New", replace(WORLD, role=Role.READ, sender=ERNEST)
    )
    assert one("/retitle New", WORLD.where(pull_request=True, open=False)).status == "done"


@given(st.text(max_size=300))
def test_a_title_is_one_line_of_limited_length(typed: str) -> None:
    for outcome in decided(f"/retitle {typed}".replace("\r", ""), WORLD)[:1]:
        for action in outcome.actions:
            assert isinstance(action, Retitle)
            assert 0 < len(action.title) <= 256
            assert action.title == " ".join(action.title.split())
