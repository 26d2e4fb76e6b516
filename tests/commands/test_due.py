"""`/due` understands a day, says which, and refuses what is past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.core.actions import SetDue
from app.core.values import Role
from tests.commands.world import HERE, World, done, one, told

WORLD = World()
FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("/due 2026-12-24", date(2026, 12, 24)),
        ("/due 24 Dec", date(2026, 12, 24)),
        ("/due December 24, 2027", date(2027, 12, 24)),
        ("/due friday.", FRIDAY),
        ("/due today", date(2026, 11, 22)),
        ("/due in 2 weeks because of the release", date(2026, 12, 6)),
    ],
)
def test_the_day_that_is_meant(text: str, day: date) -> None:
    assert done(text, WORLD) == (SetDue(HERE, day),)


def test_the_answer_says_which_day_was_understood() -> None:
    outcome = one("/due friday", WORLD)
    assert (outcome.status, outcome.text) == ("done", "due on Friday, 27 November 2026 (UTC).")


def test_none_clears_and_the_same_again_says_nothing() -> None:
    assert done("/due none", WORLD.where(due=FRIDAY)) == (SetDue(HERE, None),)
    assert one("/due none", WORLD).status == "already"
    again = one("/due friday", WORLD.where(due=FRIDAY))
    assert (again.status, again.text) == ("already", "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/due", "name a day, as in `/due friday`"),
        ("/due soon", "`soon` is no day that I know"),
        ("/due 24/12/2026", "Write it as `2026-12-24`"),
        ("/due 2026-02-30", "is no day"),
        ("/due 2026-11-21", "Saturday, 21 November 2026, which is past: today is Sunday, 22 November 2026 (UTC)"),
        ("/due 2206-12-24", "more than ten years ahead"),
        ("/due @everybody", "`@\u200beverybody`"),
    ],
)
def test_what_is_no_day_to_come(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_today_is_that_of_utc() -> None:
    late = replace(WORLD, now=datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC))
    assert done("/due 2026-11-22", late) == (SetDue(HERE, date(2026, 11, 22)),)
    assert "past" in told("/due 2026-11-22", replace(WORLD, now=datetime(2026, 11, 23, tzinfo=UTC)))


def test_a_closed_issue_gets_none_and_loses_one() -> None:
    closed = WORLD.where(open=False, due=FRIDAY)
    assert "it is closed" in told("/due in 2 weeks", closed)
    assert done("/due none", closed) == (SetDue(HERE, None),)


def test_pull_requests_may_be_due_too() -> None:
    assert done("/due friday", WORLD.where(pull_request=True)) == (SetDue(HERE, FRIDAY),)


def test_who_may_not_is_refused() -> None:
    assert "for the triage role" in told("/due friday", replace(WORLD, role=Role.READ))
