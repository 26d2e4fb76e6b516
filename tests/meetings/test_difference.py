from __future__ import annotations

import pytest

from app.meetings.difference import difference
from tests.meetings.made import moment, series

NOW = moment("2020-09-20")


def test_a_series_that_begins():
    said = difference(None, series(rest='places: {room: Zoom}\nroles: {moderator: {rota: ["@a", "@b"]}}\n'), NOW)
    assert tuple(line.replace("\u200b", "") for line in said) == (
        "The series `weekly` begins: `every Friday at 10:30, UTC`, from 2020-09-11 on.",
        "The next meetings: Fri 2020-09-25 10:30 (number 3), Fri 2020-10-02 10:30 (number 4), Fri 2020-10-09 10:30"
        " (number 5), Fri 2020-10-16 10:30 (number 6), Fri 2020-10-23 10:30 (number 7).",
        "At the first of them the place is `Zoom`; `moderator` is `@a`.",
    )


def test_a_series_that_ends():
    assert difference(series(), None, NOW) == ("The series `weekly` ends: its file is taken away.",)
    assert difference(None, None, NOW) == ()


def test_nothing_is_said_where_nothing_changes():
    assert difference(series(), series(), NOW) == ()


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({"schedule": "skip: [2020-10-02]"}, ["2020-10-02: there is no meeting any more.", "2020-10-09: number 5 becomes 4."]),
        ({"schedule": "move: [{from: 2020-10-02, to: 2020-10-05}]"},
         ["2020-10-02: from Fri 2020-10-02 10:30 to Mon 2020-10-05 10:30."]),
        ({"schedule": 'changes: [{from: 2020-11-20, time: "11:00"}]'},
         ["2020-11-20: from Fri 2020-11-20 10:30 to Fri 2020-11-20 11:00."]),
        ({"rule": "every Thursday"}, ["2020-09-24: there is a meeting, at 10:30.", "2020-09-25: there is no meeting any more."]),
        ({"rest": "places: {room: '@everyone'}\n"}, ["2020-09-25: the place is `@everyone`."]),
        ({"rest": "roles: {notes: '@a'}\n"}, ["2020-09-25: `notes` is `@a`."]),
        ({"timezone": "Europe/London"}, ["2020-09-25: from Fri 2020-09-25 10:30 UTC to Fri 2020-09-25 10:30 Europe/London."]),
        ({"rest": "about: Other words.\n"}, []),
        ({"rule": "FREQ=WEEKLY;COUNT=1"}, ["2020-09-25: there is no meeting any more."]),
    ],
)  # fmt: skip
def test_dates_that_are_other_than_before(after, said):
    told = difference(series(), series(**after), NOW)
    dates = [line.replace("\u200b", "") for line in told if line[:4].isdecimal()]
    assert dates[: len(said)] == said
    assert told[0].startswith("The series `weekly` is changed: `")
    if not said:
        assert dates == []


def test_what_a_stranger_writes_stays_in_code_and_calls_nobody():
    said = difference(None, series(rest="places: {room: 'x` @octocat #1 <b>'}\n"), NOW)
    assert said[-1] == "At the first of them the place is `xˋ @\u200boctocat #\u200b1 <\u200bb>`."
