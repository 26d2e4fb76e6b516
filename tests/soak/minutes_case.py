"""A meeting that is over, its minutes approved, and a process that dies at a given place of telling the issues."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from app.store import meetings, mirror, todos
from tests.journeys.town import BOT, REPO
from tests.soak.fleet import Fleet

SERIES = """\
version: 1
name: Weekly {name}
schedule: {{timezone: UTC, starts: {starts}, time: "00:00", duration: 30m, rule: FREQ=WEEKLY}}
open: {{before: 1h, catch_up: 3d}}
issue: {{title: "Meeting of {{{{ name }}}}", labels: [bug], previous: {{close: false, pin: false}}}}
archive: {{path: "meetings/{name}.md", pull_request: true}}
"""
ISSUES = 4


@dataclass
class MinutesCase:
    """As tests.soak.boundaries.Case: yesterday's meeting decided about several issues, and somebody answers `/minutes ok`.

    `troubled`: two comments are made and the answers are lost, then GitHub limits us.
    """

    fleet: Fleet
    troubled: bool = False
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    name: str = ""
    about: list[Issue] = field(default_factory=list)

    async def prepare(self) -> Issue:
        """The meeting's issue, with the checklist of what was said. The series before it is no more: each push reads all."""
        world = self.fleet.world
        for end in ("yml", "md") if self.name else ():
            world.push_file(REPO, f".github/meetings/{self.name}.{end}", None, by="mia")
        self.name = f"team-{next(self.numbers)}"
        self.about = [world.open_issue(REPO, f"Thing {n} of {self.name}", by="rita") for n in range(ISSUES)]
        starts = (datetime.now(UTC) - timedelta(days=1)).date()
        world.push_file(REPO, f".github/meetings/{self.name}.md", "Notes\n", by="mia")
        series = SERIES.format(name=self.name, starts=starts)
        world.push_file(REPO, f".github/meetings/{self.name}.yml", series, by="mia")
        await self.fleet.settled()
        await self.fleet.eventually(self._issues)
        await self.fleet.settled()
        (issue,) = self._issues()
        said = [f"/decision #{one.number} Do it so" for one in self.about]
        world.post_comment(issue, "\n".join([*said, f"/todo @wes look at it #{self.about[0].number}"]), by="tim")
        world.post_comment(issue, "/minutes reread", by="wes")
        await self.fleet.settled()
        await self.fleet.eventually_read(self._read)
        return issue

    def speak(self, issue: Issue) -> None:
        """A maintainer approves."""
        if self.troubled:
            path, faults = f"/issues/{self.about[1].number}/comments$", self.fleet.sandbox.faults
            faults.add(Fault(status=502, path=path, method="POST", after_effect=True))
            faults.add(Fault.secondary(retry_after=1, path=f"/issues/{self.about[2].number}/comments$", times=1))
        self.fleet.world.post_comment(issue, "/minutes ok", by="wes")

    async def verdict(self, issue: Issue) -> dict[str, Any]:
        """What there is, in the form of `expected`."""
        ours = [[one.body for one in each.comments if one.author.login == BOT] for each in (issue, *self.about)]
        pulls = [one for one in self.fleet.world.find_repository(REPO).issues.values() if one.pull is not None]
        approved = [one for one in await self.fleet.inbox() if one.action == "approve" and f" {self.name} " in one.guid]
        return {
            "told": [sum("<!-- rounds: decided" in body for body in bodies) for bodies in ours[1:]],
            "words": [sum("Do it so" in body for body in bodies) for bodies in ours[1:]],
            "minutes": sum("<!-- rounds: minutes" in body for body in ours[0]),
            "carried out": sum("#### Carried out" in body for body in ours[0]),
            "pulls": sum(one.title == f"Minutes: Meeting of Weekly {self.name}" for one in pulls),
            "todos": await self.fleet.database.read(self._todos),
            "states": [one.state for one in approved],
        }

    def expected(self) -> dict[str, Any]:
        return {
            "told": [1] * ISSUES,
            "words": [1] * ISSUES,
            "minutes": 1,
            "carried out": 1,
            "pulls": 1,
            "todos": 1,
            "states": ["done"],
        }

    def _read(self, conn: Any) -> bool:
        at = mirror.repository_named(conn, REPO)
        issue = self._issues()[0]
        row = meetings.of_issue(conn, at.repository.id, issue.number) if at else None
        return row is not None and row.state == "read" and row.minutes_comment_id is not None

    def _todos(self, conn: Any) -> int:
        at = mirror.repository_named(conn, REPO)
        return len(todos.of_series(conn, at.repository.id, self.name)) if at else 0

    def _issues(self) -> list[Issue]:
        found = self.fleet.world.find_repository(REPO).issues.values()
        return [one for one in found if one.author.login == BOT and f"<!-- rounds: meeting {self.name} " in one.body]
