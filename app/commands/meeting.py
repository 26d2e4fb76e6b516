"""`/meeting skip|move|cancel`: another date for one meeting of a series, or none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from app.commands import meetings
from app.commands.card import Card, Told
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, missing
from app.core.actions import Action
from app.core.dates import FORMS, spelled, understood
from app.core.invocation import Invocation
from app.core.meeting import KnownSeries, MeetingId, Planned
from app.core.meeting_actions import ChangeMeeting, ChangeStatus
from app.core.names import fold
from app.core.text import clip, code, one_line

CARD = Card(
    verb="meeting",
    usage="/meeting [series] skip | cancel DATE [reason], or move DATE to DATE [TIME] [reason], or keep DATE",
    help="Leave out, cancel or move one meeting; `keep` takes that back. The date is the one that the series gives it.",
    who=("write",),
    examples=(
        "/meeting skip 2026-11-27 holiday",
        "/meeting move 2026-11-27 to 2026-11-30 15:00 because of the holiday",
        "/meeting weekly cancel 2026-12-25",
        "/meeting keep 2026-11-27",
    ),
)
LONGEST = 300
FARTHEST = timedelta(days=366)
_STATUS: dict[str, ChangeStatus] = {
    "skip": "skipped", "cancel": "cancelled", "move": "moved", "keep": "planned", "hold": "planned",
}  # fmt: skip
_TIME = re.compile(r"(?:at )?([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])(?: ?h)?", re.ASCII | re.IGNORECASE)
_LONGEST_DATE = 4
"""Words of a date, as `in 2 weeks`."""


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    """Says which day was understood."""
    words = one_line(invocation.arguments).split(" ")
    found, words = _series(words, facts)
    status = _STATUS.get(fold(words[0])) if words else None
    if status is None:
        raise missing("what happens to which meeting", CARD.examples[0])
    day, rest = _date(words[1:], facts, found)
    planned = _on(day, found)
    to: datetime | None = None
    if status == "moved":
        to, rest = _target(rest, planned, facts)
    reason = clip(" ".join(rest).removeprefix("because ").strip(" :"), LONGEST)
    _still_possible(status, planned, found, facts)
    meeting = MeetingId(found.id.repository_id, found.id.series, planned.day)
    key = f"{invocation.line}.0"
    wanted = ChangeMeeting(facts.issue.ref, meeting, status, facts.sender.login, key, to, reason)
    return _told(wanted, planned, found)


def _told(wanted: ChangeMeeting, planned: Planned, found: KnownSeries) -> tuple[Action, ...] | Told:
    """With the day that was understood; nothing where it is so already."""
    status, to = wanted.status, wanted.to
    if status == found.said.get(planned.day, "planned") and (status != "moved" or to == planned.start):
        return ()
    day = f"the meeting of {spelled(planned.day)}"
    told = {
        "skipped": f"{day} is skipped.",
        "cancelled": f"{day} is cancelled.",
        "planned": f"{day} takes place as the file says.",
        "moved": f"{day} is moved to {spelled(to.date())}, {to:%H:%M} ({to.tzname()})." if to else "",
    }
    return Told(told[status], "done", (wanted,))


def _series(words: list[str], facts: Facts) -> tuple[KnownSeries, list[str]]:
    """The series that is named first, or else the only one."""
    here = facts.meeting.sitting
    if words and fold(words[0]) in _STATUS:
        return here.series if here is not None else meetings.series("", facts), words
    if not words or not words[0]:
        raise missing("what happens to which meeting", CARD.examples[0])
    return meetings.series(words[0], facts), words[1:]


def _date(words: list[str], facts: Facts, found: KnownSeries) -> tuple[date, list[str]]:
    """The longest beginning that is a date, and the rest. In a meeting's issue it may be left out: then it is that one."""
    for length in range(min(_LONGEST_DATE, len(words)), 0, -1):
        day = understood(" ".join(words[:length]), facts.now.date())
        if day is not None:
            return day, words[length:]
    if words and fold(words[0]) == "next":
        left = found.following(facts.now)
        if left:
            return left[0].day, words[1:]
    raise Misunderstood(f"name the day of the meeting, as in {code(CARD.examples[0])}; days look like {FORMS}.")


def _on(day: date, found: KnownSeries) -> Planned:
    """The meeting of that day: the original one, or the one to which it was moved."""
    for one in found.dates:
        if one.day == day:
            return one
    for one in found.dates:
        if one.start.date() == day:
            return one
    coming = [spelled(one.day) for one in found.dates if one.status == "planned"]
    nearest = [words for words, one in zip(coming, found.dates, strict=False) if one.day > day][:2] or coming[-1:]
    hint = f" Near it there is {' and '.join(nearest)}." if nearest else ""
    raise Impossible(f"{code(found.name)} has no meeting on {spelled(day)}.{hint}")


def _still_possible(status: ChangeStatus, planned: Planned, found: KnownSeries, facts: Facts) -> None:
    if planned.start <= facts.now and planned.status == "planned":
        raise Impossible(f"the meeting of {spelled(planned.day)} has begun already.")
    if status != "planned" and planned.status != "planned" and planned.day not in found.said:
        why = f" ({code(planned.reason)})" if planned.reason else ""
        raise Impossible(f"the file of the series leaves out the meeting of {spelled(planned.day)} already{why}.")
    if status == "planned" and planned.day not in found.said and planned.status != "planned":
        raise Impossible(f"the file of the series leaves out the meeting of {spelled(planned.day)}; change it there.")


def _target(words: list[str], planned: Planned, facts: Facts) -> tuple[datetime, list[str]]:
    """The new start, in the zone of the series; without a time that of the old one."""
    words = words[1:] if words and fold(words[0]) == "to" else words
    day: date | None = None
    if words and "T" in words[0]:
        words = [*words[0].split("T", 1), *words[1:]]
    for length in range(min(_LONGEST_DATE, len(words)), 0, -1):
        day = understood(" ".join(words[:length]), facts.now.date())
        if day is not None:
            words = words[length:]
            break
    hour, minute, words = _clock(words, planned)
    if day is None:
        if (hour, minute) == (planned.start.hour, planned.start.minute):
            raise Misunderstood(f"say to which day it moves, as in {code(CARD.examples[1])}.")
        day = planned.start.date()
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=planned.start.tzinfo)
    to = wall.astimezone(UTC).astimezone(planned.start.tzinfo)  # a time that does not exist becomes one that does
    if to <= facts.now:
        raise Impossible(f"{spelled(day)}, {hour:02}:{minute:02} is past.")
    if to - facts.now > FARTHEST:
        raise Impossible(f"{spelled(day)} is more than a year ahead.")
    return to, words


def _clock(words: list[str], planned: Planned) -> tuple[int, int, list[str]]:
    """The time of day at the beginning, and the rest."""
    for length in (2, 1):
        match = _TIME.fullmatch(" ".join(words[:length])) if len(words) >= length else None
        if match and (length == 1 or fold(words[0]) == "at"):
            return int(match[1]), int(match[2]), words[length:]
    return planned.start.hour, planned.start.minute, words
