"""Which day is meant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.dates import MONTHS, WEEKDAYS, spelled, understood

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("2026-1-2", date(2026, 1, 2)),
        ("24 Dec", date(2026, 12, 24)),
        ("24 december", date(2026, 12, 24)),
        ("24th of December 2027", date(2027, 12, 24)),
        ("24. Dec. 2027", date(2027, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("December 24th, 2028", date(2028, 12, 24)),
        ("Sept 1", date(2027, 9, 1)),
        ("22 Nov", SUNDAY),
        ("21 Nov", date(2027, 11, 21)),
        ("29 feb", date(2028, 2, 29)),
        ("today", SUNDAY),
        ("Tomorrow.", date(2026, 11, 23)),
        ("friday", date(2026, 11, 27)),
        ("on Fri", date(2026, 11, 27)),
        ("monday", date(2026, 11, 23)),
        ("sunday", date(2026, 11, 29)),
        ("by thurs", date(2026, 11, 26)),
        ("in 2 weeks", date(2026, 12, 6)),
        ("2w", date(2026, 12, 6)),
        ("in a week", date(2026, 11, 29)),
        ("in one day", date(2026, 11, 23)),
        ("10 days", date(2026, 12, 2)),
        ("in 3 months", date(2027, 2, 22)),
        ("in 1 year", date(2027, 11, 22)),
    ],
)
def test_what_people_write(text: str, day: date) -> None:
    assert understood(text, SUNDAY) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "next week", "24", "24/12/2026", "12-24", "2026-13-01", "30 Feb", "31 nov 2026", "ma 5", "ju 1", "fr",
     "in weeks", "in 2 fortnights", "-2 days", "friday 13", "99999 days", "٢٤ Dec", "2026-12-24T10:00"],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert understood(text, SUNDAY) is None


def test_the_end_of_a_month_is_the_end_of_a_shorter_one() -> None:
    assert understood("in 1 month", date(2027, 1, 31)) == date(2027, 2, 28)
    assert understood("in 1 month", date(2028, 1, 31)) == date(2028, 2, 29)
    assert understood("in 13 months", date(2026, 12, 31)) == date(2028, 1, 31)


days = st.dates(date(2000, 1, 1), date(2090, 1, 1))


@given(days, days)
def test_a_day_as_it_is_said_is_that_day(day: date, today: date) -> None:
    weekday, _, rest = spelled(day).partition(", ")
    assert understood(rest, today) == day
    assert understood(day.isoformat(), today) == day
    assert weekday.lower() == WEEKDAYS[day.weekday()]


@given(days, st.sampled_from([name[:length] for name in (*MONTHS, *WEEKDAYS) for length in (3, 9)]), st.integers(1, 28))
def test_without_a_year_it_is_never_past(today: date, name: str, number: int) -> None:
    for text in (f"{number} {name}", f"{name} {number}", name):
        day = understood(text, today)
        assert day is None or today <= day <= today + timedelta(days=366)


@given(st.text(max_size=30), days)
def test_nothing_that_is_typed_is_an_error(text: str, today: date) -> None:
    found = understood(text, today)
    assert found is None or isinstance(found, date)
