"""What a change of a series' file means, in words: its next dates, and which are other than before.

Sentences are Markdown; whatever a file says stands in code spans, because a stranger's pull request may bring it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from app.config.series_schema import Series
from app.core.text import code
from app.meetings.occurrence import Occurrence
from app.meetings.recurrence import following
from app.meetings.rule_words import in_words

SHOWN = 5
COMPARED = 10


def difference(before: Series | None, after: Series | None, now: datetime) -> tuple[str, ...]:
    """A sentence each; none where nothing is different. One of the two may be missing, not both."""
    if after is None:
        return (f"The series {code(before.id)} ends: its file is taken away.",) if before else ()
    if before == after:
        return ()
    return (*_whole(before, after), *_dates(before, after, now), *_next(after, now))


def _whole(before: Series | None, after: Series) -> Iterator[str]:
    schedule = after.schedule
    if before is None:
        when = f"{in_words(schedule.rule)} at {schedule.time:%H:%M}, {schedule.timezone}"
        yield f"The series {code(after.id)} begins: {code(when)}, from {schedule.starts} on."
        return
    keys = [key for key in Series.model_fields if getattr(before, key) != getattr(after, key)]
    yield f"The series {code(after.id)} is changed: {', '.join(code(key) for key in keys)}."


def _dates(before: Series | None, after: Series, now: datetime) -> Iterator[str]:
    """Those of the next meetings that are other than they were."""
    if before is None:
        return
    old, new = ({one.day: one for one in following(of, now, limit=COMPARED)} for of in (before, after))
    last = min((max(some) for some in (old, new) if some), default=date.max)
    for day in sorted(old.keys() | new.keys()):
        if day <= last and (said := _date(old.get(day), new.get(day))):
            yield f"{day}: {said}."


def _date(old: Occurrence | None, new: Occurrence | None) -> str:
    if new is None:
        return "there is no meeting any more"
    if old is None:
        return f"there is a meeting, at {new.start:%H:%M}"
    said = []
    zones = [str(one.start.tzinfo) for one in (old, new)]
    if zones[0] != zones[1]:
        said.append(f"from {_moment(old)} {zones[0]} to {_moment(new)} {zones[1]}")
    elif old.start != new.start:
        said.append(f"from {_moment(old)} to {_moment(new)}")
    if old.number != new.number:
        said.append(f"number {old.number} becomes {new.number}")
    if old.place != new.place:
        said.append(f"the place is {code(new.place) if new.place else 'none'}")
    if old.roles != new.roles:
        said.append(_roles(new) or "nobody has a role")
    return "; ".join(said)


def _next(after: Series, now: datetime) -> Iterator[str]:
    coming = following(after, now, limit=SHOWN)
    if not coming:
        yield "No meeting comes any more."
        return
    yield "The next meetings: " + ", ".join(f"{_moment(one)} (number {one.number})" for one in coming) + "."
    first = coming[0]
    said = [f"the place is {code(first.place)}" if first.place else "", _roles(first)]
    if any(said):
        yield f"At the first of them {'; '.join(part for part in said if part)}."


def _moment(one: Occurrence) -> str:
    return f"{one.start:%a %Y-%m-%d %H:%M}"


def _roles(one: Occurrence) -> str:
    return ", ".join(f"{code(name)} is {code(', '.join(who)) if who else 'nobody'}" for name, who in one.roles.items())
