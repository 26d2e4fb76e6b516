"""One comment with many effects, and a process that dies at a given place of handling it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.sandbox.faults import Fault
from app.sandbox.things import Comment, Issue
from app.store import tables
from tests.journeys.town import BOT, REPO
from tests.soak.fleet import Fleet

COMMAND = "/label bug\n/milestone v1\n/say hello\n/close\n/label nosuch"
MENDED = COMMAND.replace("nosuch", "accessibility")
FOLLOWING = "/unlabel bug"


@dataclass
class Case:
    """What is said on an issue, and what must be there in the end.

    `mends`: the comment is edited, and it is the edit that is watched. `troubled`: GitHub fails on the way.
    """

    fleet: Fleet
    mends: bool = False
    troubled: bool = False
    who: str = ""

    async def prepare(self) -> Issue:
        """An issue that all workers know, with the first answer on it where an edit is to be watched.

        Somebody new speaks on each: whose role was asked for a moment ago is not asked for again.
        """
        issue = self.fleet.world.open_issue(REPO, "It broke", by="rita")
        self.who = f"triager-{issue.number}"
        self.fleet.world.user(self.who)
        self.fleet.world.set_role(REPO, self.who, "triage", by="ann")
        if self.mends:
            self.fleet.world.post_comment(issue, COMMAND, by=self.who)
        await self.fleet.settled()
        return issue

    def speak(self, issue: Issue) -> None:
        """The comment (or its edit) and, at once, another one that must not overtake it."""
        if self.troubled:
            here = f"/issues/{issue.number}/"
            self.fleet.sandbox.faults.add(Fault(status=502, path="/permission$"))
            self.fleet.sandbox.faults.add(Fault(status=502, path=f"{here}comments$", method="POST", after_effect=True))
        if self.mends:
            self.fleet.world.edit_comment(issue.comments[0], MENDED, by=self.who)
        else:
            self.fleet.world.post_comment(issue, COMMAND, by=self.who)
        self.fleet.world.post_comment(issue, FOLLOWING, by=self.who)

    async def verdict(self, issue: Issue) -> dict[str, Any]:
        """What there is, in the form of `expected`."""
        spoken = [comment for comment in issue.comments if comment.author.login != BOT]
        return {
            "effects": self.fleet.effects(issue),
            "words": self.fleet.words(issue),
            "reactions": [reactions(comment) for comment in spoken],
            "audit": await self._audit(issue),
            "states": await self._states(issue),
        }

    def expected(self) -> dict[str, Any]:
        first = [("labeled", "bug"), ("milestoned", "v1"), ("closed", "completed")]
        audited = ["AddLabels bug", "SetMilestone 1", "Comment Said hello.", "Close"]
        if self.mends:
            return {
                "effects": [*first, ("labeled", "accessibility"), ("unlabeled", "bug")],
                "words": ["Said hello.", "All done now."],
                "reactions": [["confused", "+1"], ["+1"]],
                "audit": [*audited, "AddLabels accessibility", "RemoveLabels bug"],
                "states": ["done"] * 3,
            }
        return {
            "effects": [*first, ("unlabeled", "bug")],
            "words": ["Said hello.", f"{self.who}, 1 of 5 was not done:"],
            "reactions": [["confused"], ["+1"]],
            "audit": [*audited, "RemoveLabels bug"],
            "states": ["done"] * 2,
        }

    async def _audit(self, issue: Issue) -> list[str]:
        query = sa.select(tables.audit).where(tables.audit.c.number == issue.number).order_by("seq", "place")
        rows = await self.fleet.database.read(lambda conn: list(conn.execute(query)))
        return [" ".join([row.action, _about(json.loads(row.after))]).strip() for row in rows]

    async def _states(self, issue: Issue) -> list[str]:
        """Of the deliveries of people's comments."""
        return [
            row.state
            for row in await self.fleet.inbox()
            if row.event == "issue_comment" and row.number == issue.number and row.actor == self.who
        ]


def _about(after: dict[str, Any]) -> str:
    return ", ".join(after.get("names", [])) or after.get("body") or str(after.get("number") or "")


def reactions(comment: Comment) -> list[str]:
    return comment.reacted(BOT)
