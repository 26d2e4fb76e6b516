"""A repository with a past that is acted out step by step: what GitHub has of it, and the deliveries that it sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app.core import events
from app.core.values import Label, Milestone
from app.github.histories import IssueEvent, ListedComment
from tests.engine.fakes import FakeRepository

BEGAN = datetime.fromisoformat("2026-08-03T09:00:00+00:00")
LABELS = [Label(1, "bug"), Label(2, "out of scope"), Label(3, "requires triaging")]
MILESTONE = Milestone(3, 1, "v1")
ANN, BEA, TIM, BOT = (
    events.User(id=1, login="ann"), events.User(id=2, login="bea"), events.User(id=3, login="tim"),
    events.User(id=4, login="ci[bot]", type="Bot"),
)  # fmt: skip
PEOPLE = (ANN, BEA, TIM, BOT)
OURS = {TIM.id: "MEMBER"}
Step = tuple[str, int, int]
"""What (a method of Past), on which issue, and by whom or about what."""


@dataclass
class Past:
    """`deliveries`: in the order in which they were sent. Every step takes a day and a bit.

    `used`: numbers, of which none is used twice. `spares_closed`: only open ones are deleted.
    """

    github: FakeRepository = field(
        default_factory=lambda: FakeRepository(77, "acme/widgets", labels=list(LABELS), milestones=[MILESTONE])
    )
    deliveries: list[events.Event] = field(default_factory=list)
    now: datetime = BEGAN
    used: set[int] = field(default_factory=set)
    spares_closed: bool = False

    def act(self, *steps: Step) -> None:
        for what, number, which in steps:
            self.now += timedelta(hours=29)
            if what == "open":
                self._open(number, which)
            elif number in self.github.issues:
                getattr(self, f"_{what}")(number, which)

    def _open(self, number: int, which: int) -> None:
        user = PEOPLE[which % 4]
        if number not in self.used:
            self.used.add(number)
            about = {"id": 1000 + number, "title": f"Case {number}", "body": "It broke", "user": user}
            made = events.Issue(
                number=number, created_at=self.now, updated_at=self.now, author_association=OURS.get(user.id, "NONE"), **about
            )  # fmt: skip
            self.github.issues[number] = made
            self._send("opened", number, user)

    def _label(self, number: int, which: int) -> None:
        label = LABELS[which % 3]
        issue = self.github.issues[number]
        if all(one.id != label.id for one in issue.labels):
            shown = events.Label(id=label.id, name=label.name)
            self._change("labeled", number, shown, labels=[*issue.labels, shown])

    def _unlabel(self, number: int, which: int) -> None:
        issue = self.github.issues[number]
        for label in issue.labels[which % 3 : which % 3 + 1]:
            self._change("unlabeled", number, label, labels=[one for one in issue.labels if one is not label])

    def _plan(self, number: int, _which: int) -> None:
        milestone = events.Milestone(id=MILESTONE.id, number=MILESTONE.number, title=MILESTONE.title)
        if self.github.issues[number].milestone is None:
            self._change("milestoned", number, None, milestone=milestone)

    def _close(self, number: int, _which: int) -> None:
        if self.github.issues[number].state == "open":
            self._change("closed", number, None, state="closed", closed_at=self.now)

    def _reopen(self, number: int, _which: int) -> None:
        if self.github.issues[number].state == "closed":
            self._change("reopened", number, None, state="open", closed_at=None)

    def _say(self, number: int, which: int) -> None:
        user, issue = PEOPLE[which % 4], self.github.issues[number]
        comment = ListedComment(
            id=9000 + len(self.deliveries), created_at=self.now, updated_at=self.now, user=user,
            author_association=OURS.get(user.id, "NONE"), issue_url=f"https://api.github.com/x/issues/{number}",
        )  # fmt: skip
        self.github.talk.append(comment)
        self._put(number, comments=issue.comments + 1)
        self._told("created", number, comment)

    def _unsay(self, number: int, which: int) -> None:
        said = [comment for comment in self.github.talk if comment.number == number]
        for comment in said[which % 3 : which % 3 + 1]:
            self.github.talk.remove(comment)
            self._put(number, comments=len(said) - 1)
            self._told("deleted", number, comment)

    def _vanish(self, number: int, _which: int) -> None:
        if self.spares_closed and self.github.issues[number].state == "closed":
            return
        issue = self.github.issues.pop(number)
        self.github.talk = [comment for comment in self.github.talk if comment.number != number]
        self.github.past = [one for one in self.github.past if one.issue is None or one.issue.number != number]
        self.deliveries.append(self._event(events.IssueEvent, "deleted", TIM, issue=issue))

    def _change(self, action: str, number: int, label: events.Label | None, **changes: Any) -> None:
        issue = self._put(number, **changes)
        self.github.past.append(_past(len(self.deliveries) + 1, action, self.now, label, issue))
        self._send(action, number, TIM, label=label)

    def _put(self, number: int, **changes: Any) -> events.Issue:
        changed = msgspec.structs.replace(self.github.issues[number], updated_at=self.now, **changes)
        self.github.issues[number] = changed
        return changed

    def _send(self, action: str, number: int, sender: events.User, **about: Any) -> None:
        self.deliveries.append(
            self._event(events.IssueEvent, action, sender, issue=self.github.issues[number], **about)
        )

    def _told(self, action: str, number: int, comment: ListedComment) -> None:
        about = {"issue": self.github.issues[number], "comment": comment}
        self.deliveries.append(self._event(events.CommentEvent, action, comment.user or ANN, **about))

    def _event(self, kind: Any, action: str, sender: events.User, **about: Any) -> events.Event:
        installation = events.Installation(id=5)
        return kind(action=action, repository=self.github.event(), sender=sender, installation=installation, **about)


def _past(id_: int, action: str, at: datetime, label: events.Label | None, issue: events.Issue) -> IssueEvent:
    about = {"number": issue.number, "user": msgspec.to_builtins(issue.user)}
    return msgspec.convert(
        {
            "id": id_, "event": action, "created_at": at, "actor": msgspec.to_builtins(TIM), "issue": about,
            "label": {"name": label.name} if label else None,
        },
        IssueEvent,
    )  # fmt: skip
