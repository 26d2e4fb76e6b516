from __future__ import annotations

from itertools import islice

import pytest

from app.meetings.occurrence import Change
from app.meetings.recurrence import following, occurrences
from tests.meetings.made import day, moment, series

ROTA = 'roles: {moderator: {rota: ["@a", "@b", "@c"]%s}}\n'


def turns(count, *, away="", schedule="", changes=None):
    of = series(schedule=schedule, rest=ROTA % (f", away: {away}" if away else ""))
    return ["".join(one.roles.get("moderator", ("-",))) for one in islice(occurrences(of, changes or {}), count)]


def test_one_after_the_other():
    assert turns(5) == ["@a", "@b", "@c", "@a", "@b"]


@pytest.mark.parametrize(
    ("away", "expected"),
    [
        ('[{who: "@b", from: 2020-09-18, to: 2020-09-18}]', "@a @c @b @a @c @b"),
        ('[{who: "@b", from: 2020-09-19, to: 2020-09-24}]', "@a @b @c @a @b @c"),
        ('[{who: "@a", from: 2020-09-01, to: 2020-09-30}]', "@b @c @b @a @c @b"),
        ('[{who: "@b", from: 2020-09-18, to: 2020-09-18}, {who: "@c", from: 2020-09-18, to: 2020-09-18}]', "@a @a @b @c @a"),
    ],
)  # fmt: skip
def test_who_is_away_is_next_when_they_are_back(away, expected):
    wanted = expected.split()
    assert turns(len(wanted), away=away) == wanted


def test_nobody_where_all_are_away_and_no_turn_is_lost():
    everybody = ", ".join(f'{{who: "@{one}", from: 2020-09-18, to: 2020-09-18}}' for one in "abc")
    assert turns(3, away=f"[{everybody}]") == ["@a", "", "@b"]


def test_a_meeting_that_is_not_held_takes_no_turn():
    assert turns(3, schedule="skip: [2020-09-18]") == ["@a", "-", "@b"]
    assert turns(3, changes={day("2020-09-18"): Change(day("2020-09-18"), "cancelled")}) == ["@a", "-", "@b"]


def test_the_day_on_which_it_is_held_counts():
    away = '[{who: "@b", from: 2020-09-21, to: 2020-09-21}]'
    assert turns(2, away=away, schedule="move: [{from: 2020-09-18, to: 2020-09-21}]") == ["@a", "@c"]


def test_years_ahead_it_is_the_turn_that_the_count_gives():
    of = series(rest=ROTA % "")
    (found,) = following(of, moment("2045-01-01"), limit=1)
    assert found.roles["moderator"] == (("@a",), ("@b",), ("@c",))[(found.number - 1) % 3]


def test_the_same_people_each_time():
    (first,) = islice(occurrences(series(rest='roles: {recording: "@x", notes: ["@y", Zoe]}\n')), 1)
    assert first.roles == {"recording": ("@x",), "notes": ("@y", "Zoe")}
