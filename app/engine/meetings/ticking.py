"""Finds what is due for meetings, and hands it to the engine as rows of the inbox: seconds after a start or a push, else
four times a minute. A row is there once, so that several workers may look at the same time, and looking again costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from app.engine.gather import Services
from app.engine.meetings import agenda, due, places, task, tracking
from app.engine.meetings.due import Due
from app.engine.meetings.files import Described, Reading, SeriesFiles
from app.engine.meetings.refreshing import stands
from app.engine.meetings.task import Task
from app.errors import Fault, Mistake
from app.meetings import recurrence
from app.meetings.occurrence import Change, Occurrence
from app.store import meetings, mirror, records
from app.store.meetings import Key, Meeting
from app.store.mirror import KnownRepository

EVERY = 15.0
"""Seconds between two looks when nothing rings."""
PORTION = 20
"""Folders that are read from GitHub in one look: what is due elsewhere must not wait for all of them."""
REST = 60_000
"""Milliseconds before a folder that could not be read is tried again."""
PATIENCE = timedelta(minutes=10)
"""So long a meeting that is due waits until the repositories that its agenda asks were read whole."""
KEPT = timedelta(days=2)
"""So long a cancelled meeting may still be held after all."""
HOUR = 3_600_000
log = structlog.get_logger("rounds")


@dataclass(frozen=True, slots=True)
class _Look:
    """What our database knows of one series. `since`: when what was due was last asked for."""

    at: KnownRepository
    changes: dict[date, Change]
    days: dict[date, str]
    open: list[Meeting]
    whole: bool
    since: datetime | None


class Ticking:
    """One a process. `put`: called when something due was put into the inbox."""

    def __init__(self, services: Services, put: Callable[[], None] = lambda: None) -> None:
        assert services.series is not None
        self._services = services
        self._put = put
        self._files: SeriesFiles = services.series
        self._rung = asyncio.Event()
        self._began = services.clock()
        self._resting: dict[int, int] = {}
        self._told: dict[tuple[int, str], str] = {}
        self._first = True

    def ring(self) -> None:
        """Look at once: there may be repositories that were not known, or more of them."""
        self._rung.set()

    async def wait(self) -> None:
        """Until it rings, or for a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(EVERY):
                await self._rung.wait()

    async def look(self) -> None:
        """Read folders whose time has come; then everything that is due, of all series. By the clock, one worker at a time."""
        rung, now = self._rung.is_set() or self._first, self._services.clock()
        self._rung.clear()
        every = int(EVERY * 1000) - 1000
        mine = await self._services.database.run(lambda conn: records.claim(conn, "meetings", now, every))
        if not mine and not rung:
            return
        self._first = False
        await self._read()
        for described in await self._files.all():
            if (
                described.home is not None or described.series.issue.repo is not None
            ):  # else it is a sample of the server
                await self._safely(described)
        if await tracking.look(self._services):
            self._put()

    async def pushed(self, home: KnownRepository) -> Reading:
        """A push changed its folder: read it, and begin what is due by it. Raises Unavailable."""
        reading = await self._files.read(home)
        for described in await self._files.of(home):
            await self._safely(described)
            await self._services.database.run(partial(self._try_again, described=described))
        return reading

    def _try_again(self, conn: sa.Connection, described: Described) -> None:
        """What could not be opened, because the template or the place had a mistake, may have been mended now."""
        for meeting in meetings.in_state(conn, ["opening"]):
            mine = meeting.key[:2] == (described.repository_id, described.series.id)
            if mine and meeting.ends_at > self._services.clock():
                task.again(conn, Task(meeting.key, "open").guid())

    async def _read(self) -> None:
        now = self._services.clock()
        due_ = [one for one in await self._files.due() if self._resting.get(one.repository.id, 0) <= now]
        if len(due_) > PORTION:
            self.ring()
        for home in due_[:PORTION]:
            try:
                await self._files.read(home)
            except Fault as error:
                self._resting[home.repository.id] = now + REST
                log.warning("series can't be read", repository=home.repository.full_name, reason=str(error))

    async def _safely(self, described: Described) -> None:
        """One series that can't be looked at does not hold up the others."""
        try:
            await self._series(described)
        except Mistake as mistake:
            self._tell(described, str(mistake))
        except Fault as error:
            log.warning("a series waits", series=described.series.id, reason=str(error))
        except Exception:  # a fault of ours in one series
            log.exception("a series failed", series=described.series.id)

    def _tell(self, described: Described, words: str) -> None:
        """Once, not four times a minute."""
        key = (described.repository_id, described.series.id)
        if self._told.get(key) != words:
            log.warning("a series can't be held", series=described.series.id, reason=words)
        self._told[key] = words

    async def _series(self, described: Described) -> None:
        """Everything that is due of one series, in one transaction."""
        now = due.moment(self._services.clock())
        look = await self._services.database.read(partial(self._looked, described=described, now=now))
        openings = due.openings(described.series, look.changes, look.days, now, look.since)
        if not look.whole and any(not self._patient(one.occurrence, now) for one in openings):
            openings = []  # a moment later the mirror has all that the agenda asks
            look = replace(look, since=now)
        rows = [*self._open(described, look, openings), *await self._live(described, look, now)]
        missed = [one for one in openings if one.missed]
        stamp = look.since is None or now - look.since >= timedelta(milliseconds=HOUR)

        def keep(conn: sa.Connection) -> None:
            task.put(conn, rows)
            for one in missed:
                meetings.begin(conn, _reported(described, one))
            for meeting in look.open:
                if meeting.state == "open" and meeting.starts_at <= due.millis(now):
                    meetings.update(conn, meeting.key, states=["open"], state="frozen")
            if stamp:
                records.keep_fact(conn, _fact(described), str(due.millis(now)))

        begun = any(one.state == "open" and one.starts_at <= due.millis(now) for one in look.open)
        if rows or missed or stamp or begun:
            await self._services.database.run(keep)
        if rows:
            self._put()
        for one in missed:
            log.warning(
                "a meeting was missed", series=described.series.id, day=str(one.occurrence.day), reason=one.missed
            )

    def _patient(self, one: Occurrence, now: datetime) -> bool:
        """Whether it has waited long enough for the mirror."""
        return now >= max(one.opens_at.astimezone(UTC), due.moment(self._began)) + PATIENCE

    def _looked(self, conn: sa.Connection, described: Described, now: datetime) -> _Look:
        id_, name = described.repository_id, described.series.id
        at = places.place(conn, described)
        asked = places.queried(conn, described, at).values()
        since = records.fact(conn, _fact(described))
        return _Look(
            at=at,
            changes=due.changed(meetings.changes(conn, id_, name)),
            days=meetings.days(conn, id_, name),
            open=meetings.lively(conn, id_, name, due.millis(now - KEPT)),
            whole=all(one.issues_at is not None for one in asked),
            since=due.moment(int(since)) if since else None,
        )

    def _open(self, described: Described, look: _Look, openings: list[due.Opening]) -> Iterator[dict[str, Any]]:
        for one in openings:
            key = Key(described.repository_id, described.series.id, one.occurrence.day)
            hint = f"; `rounds meetings open {key.series} --date {key.day}` opens it all the same" if one.missed else ""
            yield self._row(Task(key, "open"), look.at, missed=one.missed + hint)

    async def _live(self, described: Described, look: _Look, now: datetime) -> list[dict[str, Any]]:
        """What is due for the meetings that have an issue."""
        rows = []
        for meeting in look.open:
            try:
                at = await self._services.database.read(partial(places.where, meeting=meeting))
            except Mistake:  # nothing can be done there until the repository is back
                continue
            occurrence = recurrence.find(described.series, meeting.day, look.changes)
            closed = await self._services.database.read(partial(_is_closed, meeting=meeting))
            found = list(due.for_open(described.series, meeting, occurrence, now, closed=closed))
            if not found and occurrence is not None and not closed and await self._stale(described, at, meeting, now):
                found = [due.refresh(now)]
            rows += [self._due(one, meeting, at) for one in found]
        return rows

    async def _stale(self, described: Described, at: KnownRepository, meeting: Meeting, now: datetime) -> bool:
        """Whether its agenda should say something else. A body that never had one is left alone."""
        if not meeting.agenda or not due.fresh(described.series, meeting, now):
            return False
        web_url = self._services.web_url
        look = partial(agenda.gather, described=described, at=at, day=meeting.day, now=due.millis(now), web_url=web_url)
        return not stands(meeting, (await self._services.database.read(look)).region)

    def _due(self, one: Due, meeting: Meeting, at: KnownRepository) -> dict[str, Any]:
        what = Task(meeting.key, one.what, one.before)
        return self._row(what, at, number=meeting.issue_number or 0, mark=one.mark)

    def _row(self, what: Task, at: KnownRepository, **more: Any) -> dict[str, Any]:
        return task.row(what, at, self._services.clock(), self._services.bot_login, **more)


def _fact(described: Described) -> str:
    return f"meetings {described.repository_id} {described.series.id}"


def _is_closed(conn: sa.Connection, meeting: Meeting) -> bool:
    issue = mirror.issue(conn, meeting.issue_repository_id or 0, meeting.issue_number or 0)
    return issue is not None and not issue.open


def _reported(described: Described, one: due.Opening) -> Meeting:
    """Its row, so that it is reported once."""
    held = one.occurrence
    return Meeting(
        described.repository_id,
        described.series.id,
        held.day,
        starts_at=due.millis(held.start),
        ends_at=due.millis(held.end),
        number=held.number,
        variant=held.variant,
        place=held.place,
        state="reported",
        reason=one.missed,
    )
