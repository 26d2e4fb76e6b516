"""What must be on GitHub after a storm: every command once, in the order in which the inbox took them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from app.sandbox.things import Issue
from app.store import tables
from app.store.database import Database
from tests.journeys.town import BOT
from tests.soak.fleet import Fleet


class _User(msgspec.Struct):
    login: str


class _Comment(msgspec.Struct):
    id: int
    body: str
    user: _User


class _Issue(msgspec.Struct):
    number: int


class Spoken(msgspec.Struct):
    """The body of a delivery of a comment."""

    action: str
    issue: _Issue
    comment: _Comment


_spoken = msgspec.json.Decoder(Spoken)


def arrived(conn: sa.Connection) -> list[Spoken]:
    """People's comments in the order in which the inbox took them."""
    query = sa.select(tables.inbox.c.body).where(tables.inbox.c.event == "issue_comment").order_by(tables.inbox.c.seq)
    found = [_spoken.decode(body) for body in conn.execute(query).scalars()]
    return [one for one in found if one.action == "created" and one.comment.user.login != BOT]


@dataclass
class Twin:
    """An issue as it must become: `effects` are the lines of its timeline, `words` what Rounds says, `reactions` by comment."""

    labels: set[str] = field(default_factory=set)
    milestone: str | None = None
    open: bool = True
    effects: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    reactions: dict[int, list[str]] = field(default_factory=dict)

    def hear(self, one: Spoken) -> None:
        """Do what the comment says."""
        if one.comment.user.login == "sam":
            self.words.append("sam, this was not done:")
            self.reactions[one.comment.id] = ["confused"]
            return
        for line in one.comment.body.splitlines():
            verb, _, argument = line.removeprefix("/").partition(" ")
            getattr(self, f"_{verb}")(argument)
        self.reactions[one.comment.id] = ["+1"]

    def _label(self, name: str) -> None:
        if name not in self.labels:
            self.labels.add(name)
            self.effects.append(("labeled", name))

    def _unlabel(self, name: str) -> None:
        if name in self.labels:
            self.labels.remove(name)
            self.effects.append(("unlabeled", name))

    def _milestone(self, title: str) -> None:
        wanted = None if title == "none" else title
        if wanted != self.milestone:
            self.effects += [("demilestoned", self.milestone)] if self.milestone else []
            self.effects += [("milestoned", wanted)] if wanted else []
            self.milestone = wanted

    def _say(self, word: str) -> None:
        self.words.append(f"Said {word}.")

    def _close(self, _: str) -> None:
        if self.open:
            self.open = False
            self.effects.append(("closed", "completed"))

    def _reopen(self, _: str) -> None:
        if not self.open:
            self.open = True
            self.effects.append(("reopened", ""))


def twins(spoken: list[Spoken]) -> dict[int, Twin]:
    """By number of the issue."""
    found: dict[int, Twin] = defaultdict(Twin)
    for one in spoken:
        found[one.issue.number].hear(one)
    return dict(found)


async def judge(fleet: Fleet, issues: Sequence[Issue], posted: int) -> None:
    """All was taken that was answered 202, nothing failed or is left over, and the issues are as their twins."""
    rows = {row.guid: row for row in await fleet.inbox()}
    accepted = {attempt.guid for attempt in fleet.sandbox.deliverer.log if attempt.status_code == 202}
    assert accepted <= rows.keys()
    assert [row for row in rows.values() if row.state not in ("done", "ignored")] == []
    await fleet.eventually_read(lambda conn: set(workflows(conn, fleet.database)) <= {"SUCCESS"})
    spoken = await fleet.database.read(arrived)
    assert len({one.comment.id for one in spoken}) == len(spoken) == posted
    expected = twins(spoken)
    for issue in issues:
        wrong = differences(fleet, issue, expected.get(issue.number, Twin()))
        assert wrong == {}, "\n".join(await fleet.database.read(lambda conn, n=issue.number: history(conn, n)))


def differences(fleet: Fleet, issue: Issue, twin: Twin) -> dict[str, Any]:
    """What of an issue is not as it must be: found and expected. Eyes are left out: who had to wait may have seen them."""
    said = [comment for comment in issue.comments if comment.author.login != BOT]
    found = {
        "effects": (fleet.effects(issue), twin.effects),
        "words": (fleet.words(issue), twin.words),
        "reactions": (
            {comment.id: [r for r in comment.reacted(BOT) if r != "eyes"] for comment in said},
            twin.reactions,
        ),
        "labels": (set(issue.label_names), twin.labels),
        "milestone": (issue.milestone_title, twin.milestone),
        "open": (issue.state == "open", twin.open),
    }
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def history(conn: sa.Connection, number: int) -> list[str]:
    """What came about an issue, in order, and what was decided."""
    plans = sa.select(tables.plan.c.plan).where(tables.plan.c.seq == tables.inbox.c.seq).limit(1).scalar_subquery()
    query = sa.select(tables.inbox, plans.label("plan")).where(tables.inbox.c.number == number).order_by("seq")
    return [_line(row) for row in conn.execute(query)]


def _line(row: sa.Row[Any]) -> str:
    body = json.loads(row.body)
    shown = [label["name"] for label in body.get("issue", {}).get("labels", [])]
    head = (
        f"{row.seq} {row.event} {row.action} {row.actor} attempt {row.attempt} at {row.received_at} to {row.handled_at}"
    )
    text = body.get("comment", {}).get("body", "")
    return f"{head} {'recovered ' * row.recovered}{text!r} shows {shown}: {row.reason}\n    {row.plan}"


def workflows(conn: sa.Connection, database: Database) -> dict[str, int]:
    """How many the durable engine has in each of its states."""
    table = "workflow_status" if database.is_sqlite else "dbos.workflow_status"
    found = conn.execute(sa.text(f"SELECT status, count(*) FROM {table} GROUP BY status"))
    return {row[0]: row[1] for row in found}
