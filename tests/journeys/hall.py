"""A town whose people meet: a series in a repository, and a clock for Rounds and GitHub alike that is driven by hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app import wiring
from app.engine import recovery
from app.engine.meetings.ticking import Ticking
from app.engine.worker import Worker
from app.github.limits import Limits
from app.sandbox.things import Issue
from app.store import deliveries, meetings, mirror, records
from app.store.deliveries import Delivery
from app.store.meetings import Key, Meeting
from tests.engine.fakes import Clock
from tests.journeys.town import BOT, REPO, Town

START = datetime(2026, 11, 18, 8, tzinfo=UTC)
"""A Wednesday; the meeting of Friday the 20th is opened on Thursday at 10:30 New York time, which is 15:30 UTC."""
DAY = date(2026, 11, 20)
SERIES = """\
version: 1
name: Weekly meeting
schedule: {timezone: America/New_York, starts: 2026-11-13, time: "10:30", duration: 60m, rule: every Friday}
numbering: {width: 3}
open: {before: 1d, catch_up: 1d}
issue:
  title: "Weekly meeting #{{ number | pad(3) }}, {{ start | date('iso') }}"
  labels: [meeting]
  previous: {comment: "Closing in favor of #{{ number_of_next }}"}
agenda:
  queries:
    - {heading: To triage, labels: [requires triaging], repos: [acme/widgets, acme/gadgets, acme/secret]}
    - {heading: Bugs of v1, labels: [bug], milestone: v1}
reminders: [{before: 2h}, {before: 1h}]
zones: [Europe/Berlin]
"""
TEMPLATE = """\
- Date: {{ start | date('long') }}, {{ start | date('hhmm') }} ({{ local_link }})
- Previous: {{ previous }}

## Agenda

{{ agenda }}

## Notes
"""
FILES = {".github/meetings/weekly.yml": SERIES, ".github/meetings/weekly.md": TEMPLATE}


@dataclass
class Hall:
    """`clock`: of Rounds and of GitHub."""

    town: Town
    clock: Clock
    worker: Worker | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str, *, begin: bool = True) -> AsyncIterator[Hall]:
        """The repository `acme/widgets` has the label `meeting`; with `begin` a worker works."""
        async with Town.open(database_url, begin=False) as town:
            hall = cls(town, Clock(START))
            town.world.clock = lambda: datetime.fromtimestamp(hall.clock() / 1000, UTC)
            for name in (REPO, "acme/gadgets", "acme/secret"):
                if "requires triaging" not in {x.name for x in town.world.find_repository(name).labels.values()}:
                    town.world.create_label(name, "requires triaging", by="ann")
            town.world.create_label(REPO, "meeting", by="mia")
            await town.receiver()
            if begin:
                await hall.begin()
            yield hall

    async def begin(self) -> None:
        """A worker that has read everything."""
        working = wiring.working(self.town.settings, "worker", limits=Limits.unlimited(), clock=self.clock)
        self.worker = await self.town.stack.enter_async_context(working)
        await self.town.filled()
        looked = lambda conn: records.fact(conn, recovery.FACT)  # noqa: E731 - as short as what it asks
        await self.town.eventually(lambda: self.town.database.read(looked), until=bool)

    async def push(self, files: Mapping[str, str | None] | None = None, *, by: str = "mia") -> None:
        """Somebody pushes these files, and Rounds is done with it."""
        for path, text in (FILES if files is None else files).items():
            self.town.world.push_file(REPO, path, text, by=by)
        await self.town.settled()

    @property
    def ticking(self) -> Ticking:
        assert self.worker is not None
        return self.worker._meetings

    async def tick(self, **by: float) -> None:
        """Time goes by, Rounds looks what is due, and does it."""
        self.clock.forward(**by)
        self.ticking.ring()
        await self.ticking.look()
        await self.town.settled()

    async def until(self, when: datetime) -> None:
        """As `tick`, until then."""
        await self.tick(seconds=when.timestamp() - self.clock.seconds())

    def issues(self, repository: str = REPO) -> list[Issue]:
        """Issues that Rounds opened, by number."""
        found = self.town.world.find_repository(repository).issues.values()
        return sorted((one for one in found if one.author.login == BOT), key=lambda one: one.number)

    async def meeting(self, day: date = DAY) -> Meeting:
        def look(conn) -> Meeting | None:
            known = mirror.repository_named(conn, REPO)
            return meetings.get(conn, Key(known.repository.id, "weekly", day))

        found = await self.town.database.read(look)
        assert found is not None
        return found

    async def deliveries(self) -> list[Delivery]:
        """Those to ourselves, in order."""
        found = await self.town.database.read(lambda conn: deliveries.listing(conn, limit=1000))
        return sorted((one for one in found if one.event == "meeting"), key=lambda one: one.seq)

    async def triage(self, title: str, repository: str = REPO, *, later: timedelta = timedelta()) -> Issue:
        """An issue for the agenda."""
        self.clock.forward(seconds=1 + later.total_seconds())
        issue = self.town.world.open_issue(repository, title, by="tim" if repository == REPO else "mia")
        self.town.world.add_labels(issue, ["requires triaging"], by="ann")
        await self.town.settled()
        return issue


def items(issue: Issue) -> list[str]:
    """The lines of the agenda in its text."""
    region = (issue.body or "").replace("\r\n", "\n").partition("<!-- rounds: agenda -->")[2]
    return re.findall(r"^ *- \[ \] (.*)$", region.partition("<!-- /rounds: agenda -->")[0], re.MULTILINE)
