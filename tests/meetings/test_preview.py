"""What is seen of a meeting before its issue is there."""

from __future__ import annotations

from app.meetings import preview, recurrence
from tests.meetings.made import day, series

REST = """\
issue: {repo: acme/team, title: "Call #{{ number | pad(2) }}{% if previous %}, after {{ previous.number }}{% endif %}"}
agenda: {queries: [{heading: To triage, labels: [triage]}]}
"""
SOURCE = "{% if previous %}{{ previous.link }}{% else %}first{% endif %} | {{ next }}\n{{ agenda }}"


def seen(on: str, rest: str = REST, **options: str) -> tuple[str, str]:
    found = series(rest=rest, **options)
    made = preview.rendered(found, SOURCE, recurrence.on(found, day(on)))
    return made.title, made.body.partition("\n")[0]


def test_the_first_has_none_before_it():
    assert seen("2020-09-11") == ("Call #01", "first | Friday, September 18, 2020")


def test_the_one_before_is_found_by_its_title():
    search = "https://github.com/acme/team/issues?q=is%3Aissue+in%3Atitle+%22Call+%2301%22"
    title, line = seen("2020-09-18", 'issue: {repo: acme/team, title: "Call #{{ number | pad(2) }}"}')
    assert title == "Call #02"
    assert line == f"[Call #\u200b01]({search}) | Friday, September 25, 2020"


def test_dates_that_are_not_held_are_none_before_and_after():
    title, line = seen("2020-09-25", schedule="skip: [2020-09-18, 2020-10-02]")
    assert title == "Call #02, after 1"
    assert line.endswith("| Friday, October 9, 2020")


def test_without_a_repository_there_is_no_link():
    assert seen("2020-09-18", "")[1] == "Weekly 2020-09-11 | Friday, September 25, 2020"


def test_the_last_of_a_series_has_none_after_it():
    found = series("FREQ=WEEKLY;BYDAY=FR;COUNT=2")
    assert preview.view(found, "x", recurrence.on(found, day("2020-09-18"))).next is None


def test_the_agenda_is_announced():
    found = series(rest=REST)
    body = preview.rendered(found, SOURCE, recurrence.on(found, day("2020-09-18"))).body
    assert "_The agenda is filled when the issue is opened: To triage._" in body
