"""What is due for a series at a moment: meetings to open, and what is to be done for those that are open. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from app.config.series_schema import Series
from app.meetings import moments, recurrence
from app.meetings.occurrence import Change, Occurrence
from app.store.meetings import KeptChange, Meeting

MINUTE = timedelta(minutes=1)
_SLACK = timedelta(days=2)
"""`open.at` moves the opening at most by a day."""

What = Literal["open", "change", "empty", "remind", "refresh", "read"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A meeting whose issue is to be opened; `missed`: why it is too late for that, "" if it is not."""

    occurrence: Occurrence
    missed: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to do for a meeting, once for each `mark`. `before`: of a reminder, in seconds."""

    what: What
    mark: str = ""
    before: int = 0


def changed(kept: list[KeptChange]) -> dict[date, Change]:
    """What comments said, as the recurrence wants it."""
    return {
        one.day: Change(one.day, one.status, moment(one.moved_to) if one.moved_to else None, one.reason)  # type: ignore[arg-type]  # written by us
        for one in kept
    }


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def millis(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def openings(
    series: Series, changes: Mapping[date, Change], opened: Container[date], now: datetime, since: datetime | None
) -> list[Opening]:
    """Meetings whose time to be opened has come. `opened`: days that are noted. `since`: when this was last asked, None: never.

    Late within `catch_up` counts as due. One that is over when a later one is due as well is missed: nobody needs two.
    """
    oldest = now - series.open.catch_up
    after = min(since, oldest) if since is not None else oldest
    near = recurrence.between(series, after - _SLACK, now + series.open.before + _SLACK, changes)
    due = [one for one in near if after < moments.utc(one.opens_at) <= now and one.day not in opened]
    return [Opening(one, _missed(one, due, now, oldest)) for one in due]


def _missed(one: Occurrence, due: list[Occurrence], now: datetime, oldest: datetime) -> str:
    if moments.utc(one.opens_at) < oldest:
        return f"it was to be opened on {one.opens_at:%Y-%m-%d at %H:%M}, longer ago than `catch_up` allows"
    if moments.utc(one.end) <= now and one is not due[-1]:
        return "it is over, and a later one is due"
    return ""


def for_open(
    series: Series, meeting: Meeting, occurrence: Occurrence | None, now: datetime, *, closed: bool
) -> Iterator[Due]:
    """What is due for a meeting that has an issue, but for its agenda. `closed`: the issue is."""
    if occurrence is None:  # the file does not know this date any more: what was opened stays
        return
    if differs(meeting, occurrence):
        yield Due("change", _minute(now))
        return
    if meeting.state == "cancelled":
        return
    start, opened = moments.utc(occurrence.start), moment(meeting.opened_at or 0)
    if meeting.state == "open" and not closed:
        yield from _before(series, start, opened, now)
    if meeting.state in ("open", "frozen") and (now >= _over(meeting) or (closed and now >= start)):
        yield Due("read")


def _before(series: Series, start: datetime, opened: datetime, now: datetime) -> Iterator[Due]:
    """A reminder whose time came before the issue was there is not sent, and of several that were missed only the last."""
    passed = [one.before for one in series.reminders if opened < start - one.before <= now < start]
    if passed:
        seconds = int(min(passed).total_seconds())
        yield Due("remind", f"{seconds} {start:%Y%m%dT%H%M}", seconds)
    empty = series.agenda.cancel_if_empty
    if empty is not None and start - empty.before <= now < start:
        yield Due("empty", f"{start:%Y%m%dT%H%M}")


def _over(meeting: Meeting) -> datetime:
    """When its minutes are read: at its end, or so much later as it was opened late."""
    late = max(meeting.ends_at, (meeting.opened_at or 0) + meeting.ends_at - meeting.starts_at)
    return moment(late)


def differs(meeting: Meeting, occurrence: Occurrence) -> bool:
    """Whether what the schedule says now is another thing than what the issue says."""
    held = occurrence.status == "planned"
    if held != (meeting.state != "cancelled"):
        return meeting.state in ("open", "frozen", "cancelled")
    times = (millis(occurrence.start), millis(occurrence.end))
    return held and meeting.state == "open" and times != (meeting.starts_at, meeting.ends_at)


def fresh(series: Series, meeting: Meeting, now: datetime) -> bool:
    """Whether the agenda of an open meeting is kept fresh now, at most once a minute."""
    if meeting.state != "open" or series.agenda.refresh_until != "start" or now >= moment(meeting.starts_at):
        return False
    return meeting.refreshed_at is None or now - moment(meeting.refreshed_at) >= MINUTE


def refresh(now: datetime) -> Due:
    return Due("refresh", _minute(now))


def _minute(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M}"
