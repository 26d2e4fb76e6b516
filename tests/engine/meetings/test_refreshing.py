from __future__ import annotations

from datetime import date

import pytest

from app.core.values import Ref
from app.engine.meetings.refreshing import news, plain, stands
from app.meetings.agenda import AgendaItem, region
from app.store.meetings import Meeting


def made(*numbers: int, text: str = "") -> str:
    items = [AgendaItem("To triage", Ref("acme/widgets", number), "It broke") for number in numbers]
    return region([*items, *([AgendaItem("Asked for", None, text)] if text else [])])


def meeting(agenda: str, body: str | None = None) -> Meeting:
    whole = f"Before\n\n{agenda}\n\nAfter" if body is None else body
    return Meeting(77, "weekly", date(2026, 11, 20), 1, 2, 3, body=whole, agenda=agenda)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ["1", "12"]),
        ("- [x] acme/widgets#12 It broke", ["1"]),
        ("see acme/widgets#1", ["12"]),
        (made(1, 12), []),
    ],
)
def test_what_a_body_does_not_name_is_new(body, expected):
    assert news(made(1, 12), body) == [f"- acme/widgets#{number} It broke" for number in expected]


def test_a_text_is_new_unless_its_words_are_there():
    assert news(made(text="the roadmap"), "- [x] the roadmap\n") == []
    assert news(made(text="the roadmap"), "- [x] the road\n") == ["- the roadmap"]


def test_a_region_stands_where_it_was_written_or_told():
    assert stands(meeting(made(1)), made(1))
    assert not stands(meeting(made(1)), made(1, 2))
    assert stands(meeting(made(1), body="all of it was taken away"), made(1))


def test_a_region_that_was_shortened_to_fit_stands_too():
    long = made(*range(1, 1500))
    body = "x" * 40_000 + "\n\n" + made(1) + "\n"
    from app.meetings.agenda import in_body, with_region

    written = with_region(body, long)
    assert written is not None
    shown = in_body(written)
    assert shown is not None
    assert shown != long
    assert stands(meeting(shown, body=written), long)


@pytest.mark.parametrize(("body", "expected"), [("a\r\nb\n", "a\nb\n"), (None, ""), ("a", "a")])
def test_line_ends_do_not_count(body, expected):
    assert plain(body) == expected
