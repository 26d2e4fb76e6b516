"""A calendar as another program sees it: vobject reads the events, and their zones from the feed alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import takewhile
from typing import NamedTuple

import vobject


class Seen(NamedTuple):
    """One date in the calendar. Times in UTC."""

    start: datetime
    end: datetime
    summary: str
    place: str
    url: str
    description: str


def seen(calendar: bytes, until: datetime) -> list[Seen]:
    """What the calendar shows before `until`, by start: recurring events without what is told of single dates, and that."""
    events = vobject.readOne(calendar.decode()).vevent_list
    single = {_key(event): event for event in events if "recurrence-id" in event.contents}
    shown = [_seen(event, event.dtstart.value) for event in single.values()]
    for event in (event for event in events if "recurrence-id" not in event.contents):
        for start in takewhile(lambda one: one.astimezone(UTC) < until, _starts(event)):
            if (event.uid.value, start.astimezone(UTC)) not in single:
                shown.append(_seen(event, start))
    return sorted(one for one in shown if one.start < until)


def _key(event: vobject.base.Component) -> tuple[str, datetime]:
    return event.uid.value, event.recurrence_id.value.astimezone(UTC)


def _starts(event: vobject.base.Component) -> Iterator[datetime]:
    return iter(event.rruleset)


def _seen(event: vobject.base.Component, start: datetime) -> Seen:
    found = (event.contents.get(name) for name in ("summary", "location", "url", "description"))
    texts = [some[0].value if some else "" for some in found]
    begins = start.astimezone(UTC)
    return Seen(begins, begins + event.duration.value, *texts)
