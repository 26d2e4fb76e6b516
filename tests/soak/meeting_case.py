"""A meeting that is due and another one before it, and a process that dies at a given place of opening it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from tests.journeys.town import BOT, REPO
from tests.soak.fleet import Fleet

SERIES = """\
version: 1
name: Weekly {name}
schedule: {{timezone: UTC, starts: {starts}, time: "00:00", duration: 30m, rule: FREQ=WEEKLY}}
open: {{before: {before}, catch_up: 3d}}
issue:
  title: "Meeting {{{{ number }}}} of {{{{ name }}}}"
  labels: [bug]
  previous: {{close: true, pin: true, comment: "Closing in favor of #{{{{ number_of_next }}}}"}}
agenda:
  queries: [{{heading: Confirmed, labels: [confirmed]}}]
"""
TEMPLATE = "Before: {{ previous }}\n\n{{ agenda }}\n"


@dataclass
class MeetingCase:
    """As tests.soak.boundaries.Case. Yesterday's meeting is opened late; a push makes that of the next week due."""

    fleet: Fleet
    troubled: bool = False
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    name: str = ""

    async def prepare(self) -> Issue:
        """The issue of yesterday's meeting, the only one that is pinned."""
        self.fleet.world.find_repository(REPO).pinned.clear()
        self.name = f"team-{next(self.numbers)}"
        self.fleet.world.push_file(REPO, f".github/meetings/{self.name}.md", TEMPLATE, by="mia")
        self._push("1h")
        await self.fleet.settled()
        (issue,) = self._issues()
        return issue

    def speak(self, issue: Issue) -> None:
        """The next one is due. `troubled`: GitHub makes the issue, and its answer is lost; then the comment is refused."""
        if self.troubled:
            faults = self.fleet.sandbox.faults
            faults.add(Fault(status=502, path=f"/{REPO}/issues$", method="POST", after_effect=True))
            faults.add(Fault(status=502, path=f"/issues/{issue.number}/comments$", method="POST", after_effect=True))
            faults.add(Fault(reset=True, path="/graphql$", after_effect=True))
        self._push("8d")

    async def verdict(self, issue: Issue) -> dict[str, Any]:
        """What there is, in the form of `expected`."""
        others = [one for one in self._issues() if one is not issue]
        pinned = self.fleet.world.find_repository(REPO).pinned
        said = [word.partition(" #")[0] for word in self.fleet.words(issue) if word.startswith("Closing")]
        openings = [one for one in await self.fleet.inbox() if one.action == "open" and f" {self.name} " in one.guid]
        return {
            "titles": [one.title for one in others],
            "labels": [one.label_names for one in others],
            "before": [f"#{issue.number}" in one.body for one in others],
            "previous": (issue.state, said),
            "pinned": [one in others for one in pinned],
            "states": [one.state for one in openings],
        }

    def expected(self) -> dict[str, Any]:
        return {
            "titles": [f"Meeting 2 of Weekly {self.name}"],
            "labels": [["bug"]],
            "before": [True],
            "previous": ("closed", ["Closing in favor of"]),
            "pinned": [True],
            "states": ["done", "done"],
        }

    def _push(self, before: str) -> None:
        starts = (datetime.now(UTC) - timedelta(days=1)).date()
        text = SERIES.format(name=self.name, starts=starts, before=before)
        self.fleet.world.push_file(REPO, f".github/meetings/{self.name}.yml", text, by="mia")

    def _issues(self) -> list[Issue]:
        found = self.fleet.world.find_repository(REPO).issues.values()
        marked = f"<!-- rounds: meeting {self.name} "
        return sorted(
            (one for one in found if one.author.login == BOT and marked in one.body), key=lambda one: one.number
        )
