"""What comes on an agenda: issues, items in words, what is carried, what could be closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.commands import asking, registry
from app.core import grammar
from app.core.actions import AddLabels, Comment
from app.core.meeting import Listed, MeetingFacts, MeetingId
from app.core.meeting_actions import AddToAgenda, Carry
from app.core.values import Role
from tests.commands.gatherings import CALLED, INSIDE, LATER, MEETING, NEXT, NOW, OUTSIDE, RELEASE, WEEKLY, with_items
from tests.commands.world import HERE, LABELS, NAME, World, done, one, told

SERIES = MeetingId(100, "weekly")
BOTH = replace(OUTSIDE, meeting=MeetingFacts(series=(WEEKLY, RELEASE)))
HIDDEN = replace(OUTSIDE, meeting=MeetingFacts(series=(replace(WEEKLY, hidden="it is private."),)))


def test_an_issue_comes_on_the_agenda_of_the_next_meeting():
    outcome = one("/agenda", OUTSIDE)
    assert outcome.actions == (AddToAgenda(HERE, SERIES, "brainwane", "1.0"),)
    assert outcome.text == "on the agenda of `Weekly`, Sunday, 22 November 2026."


@pytest.mark.parametrize("name", ["weekly", "Weekly", "WEEKLY", '"weekly"'])
def test_the_series_is_named_by_its_file_or_its_name(name):
    assert done(f"/agenda {name}", BOTH) == (AddToAgenda(HERE, SERIES, "brainwane", "1.0"),)


def test_what_stands_there_already_is_said_to_nobody():
    assert one("/agenda", with_items(OUTSIDE, Listed(HERE))).status == "already"
    assert one("/agenda", with_items(OUTSIDE, Listed(HERE, day=NEXT))).status == "already"


@pytest.mark.parametrize(
    ("text", "world", "words"),
    [
        (
            "/agenda",
            World(),
            "no series of meetings is about `pypi/warehouse`. Series are described in `.github/meetings/`",
        ),
        ("/agenda", BOTH, "there are several series, so name one: `weekly`, `release`."),
        ("/agenda weekyl", BOTH, "there is no series `weekyl`. Did you mean `weekly`?"),
        ("/agenda monthly", World(), "there is no series `monthly`."),
        ("/agenda", OUTSIDE.where(open=False), "it is closed"),
        ("/agenda", HIDDEN, "it is private."),
        ("/agenda weekly", HIDDEN, "it is private."),
        ("/agenda", replace(OUTSIDE, meeting=MeetingFacts(series=(replace(WEEKLY, dates=()),))), "no further meeting"),
        ("/agenda", replace(OUTSIDE, role=Role.READ), "for the triage role"),
    ],
)
def test_what_can_not_come_on_an_agenda(text, world, words):
    assert words in told(text, world)


def test_a_series_that_is_about_other_repositories_is_only_meant_by_name():
    far = replace(WEEKLY, near=False)
    world = replace(OUTSIDE, meeting=MeetingFacts(series=(far,)))
    assert "Name one of `weekly`" in told("/agenda", world)
    assert done("/agenda weekly", world) == (AddToAgenda(HERE, SERIES, "brainwane", "1.0"),)


def test_in_the_meetings_issue_it_is_an_item_in_words():
    (item,) = done("/agenda How do we handle  design changes?", INSIDE)
    text = "How do we handle design changes?"
    assert item == AddToAgenda(MEETING, SERIES, "brainwane", "1.0", text, free=True)
    assert one(f"/agenda {text}", with_items(INSIDE, Listed(None, text.upper()))).status == "already"
    assert "name what to talk about" in told("/agenda", INSIDE)


def test_an_item_that_comes_after_the_beginning_waits_for_the_next_meeting():
    late = replace(INSIDE, now=NOW + timedelta(hours=1))
    assert one("/agenda More", late).text == "on the agenda of `Weekly`, Sunday, 29 November 2026."


def test_issues_named_in_the_meetings_issue_come_on_its_agenda():
    assert done("/agenda", CALLED) == (AddToAgenda(HERE, SERIES, "brainwane", "1.0"),)


def test_the_line_about_an_issue_in_the_meetings_issue_may_say_why():
    (item,) = done("/agenda is it  done?", CALLED)
    assert item == AddToAgenda(HERE, SERIES, "brainwane", "1.0", "is it done?")
    assert "there is no series `weekyl`" in told("/agenda weekyl", CALLED)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/carry #5 2w", "#5 /carry 2w"),
        ("/carry #5, #6", "#5 #6 /carry"),
        ("/carry https://github.com/pypi/warehouse/issues/5 next:video", "#5 /carry next:video"),
        ("/carry acme/a#5", "acme/a#5 /carry"),
        ("/agenda #5", "#5 /agenda"),
        ("/agenda #5: is it done?", "#5 /agenda is it done?"),
        ("/agenda How is #5?", "/agenda How is #5?"),
        ("#6 /carry #5", "#6 /carry #5"),
        ("/preview /carry #5 2w", "/preview #5 /carry 2w"),
        ("/close #5", "/close #5"),
        ("/carry 2w", "/carry 2w"),
    ],
)
def test_issues_behind_the_verb_are_meant_as_those_before_it(typed, meant):
    def read(text: str) -> tuple[object, ...]:
        (invocation,) = grammar.parse(text, NAME, "rounds[bot]")
        found = asking.meant(registry.aimed(invocation, OUTSIDE.config))
        return found.verb, found.targets, found.arguments

    (plain,) = grammar.parse(meant, NAME, "rounds[bot]")
    plain = asking.meant(plain)
    assert read(typed) == (plain.verb, plain.targets, plain.arguments)


# -- carrying --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        ("/carry", None, "29 November 2026"),
        ("/carry next.", None, "29 November 2026"),
        ("/carry 2w", LATER, "6 December 2026"),
        ("/carry 2026-12-10", date(2026, 12, 10), "20 December 2026"),
        ("/carry next:video", LATER, "6 December 2026"),
        ("/carry to friday", date(2026, 11, 27), "29 November 2026"),
    ],
)
def test_what_is_carried_comes_again(text, day, words):
    outcome = one(text, CALLED)
    meeting = MeetingId(100, "weekly", date(2026, 11, 22))
    assert outcome.actions == (Carry(HERE, meeting, "brainwane", "1.0", day),)
    assert words in outcome.text


def test_an_issue_is_carried_on_the_agenda_that_has_it():
    listed = replace(RELEASE, items=(Listed(HERE),))
    world = replace(OUTSIDE, meeting=MeetingFacts(series=(WEEKLY, listed)))
    assert done("/carry 2026-11-28", world) == (
        Carry(HERE, MeetingId(100, "release"), "brainwane", "1.0", date(2026, 11, 28)),
    )


@pytest.mark.parametrize(
    ("text", "world", "words"),
    [
        ("/carry", INSIDE, "say what is carried, as in `/carry #\u200b12 2w`"),
        ("/carry", World(), "no series of meetings"),
        ("/carry", BOTH, "name one"),
        ("/carry soon", CALLED, "`soon` is no day that I know"),
        ("/carry yesterday", CALLED, "is no day"),
        ("/carry 2026-11-01", CALLED, "is past"),
        ("/carry 2029-01-01", CALLED, "no meeting of `Weekly` is planned after"),
        ("/carry next:mail", CALLED, "The variants are `chat`, `video`."),
        ("/carry", CALLED.where(open=False), "it is closed"),
        ("/carry", replace(CALLED, role=Role.READ), "for the triage role"),
    ],
)
def test_what_can_not_be_carried(text, world, words):
    assert words in told(text, world)


# -- could it be closed ----------------------------------------------------------------------------------------


def test_closing_is_proposed_with_the_label_and_on_the_agenda():
    world = replace(OUTSIDE, labels=(*LABELS, "Proposed close"))
    comment, label, item = done("/propose-close because it is old", world)
    assert isinstance(comment, Comment)
    assert "because it is old" in comment.body
    assert label == AddLabels(HERE, ("Proposed close",))
    assert item == AddToAgenda(HERE, SERIES, "brainwane", "1.1", "can we close it? it is old")


def test_one_of_both_suffices_and_both_again_are_nothing():
    assert done("/propose-close", OUTSIDE) == (AddToAgenda(HERE, SERIES, "brainwane", "1.1", "can we close it?"),)
    labelled = replace(World(), labels=(*LABELS, "proposed close"))
    assert done("/propose-close", labelled) == (AddLabels(HERE, ("proposed close",)),)
    again = with_items(replace(OUTSIDE, labels=(*LABELS, "proposed close")), Listed(HERE)).where(
        labels=("proposed close",)
    )
    assert one("/propose-close because it is old", again).status == "already"


@pytest.mark.parametrize(
    ("text", "world", "words"),
    [
        ("/propose-close", World(), "no label `proposed close`, and no series of meetings"),
        ("/propose-close", BOTH, "there are several series"),
        ("/propose-close soon", OUTSIDE, "takes no `soon`"),
        ("/propose-close", OUTSIDE.where(open=False), "closed already"),
        ("/propose-close", replace(OUTSIDE, role=Role.READ), "for the triage role"),
    ],
)
def test_closing_can_not_be_proposed(text, world, words):
    assert words in told(text, world)
