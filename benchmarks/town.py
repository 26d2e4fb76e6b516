"""The GitHub of the benchmarks: many organisations with the App installed, one repository each, and what happens there.

It is a world of the sandbox, so payloads have GitHub's full shape. Every process that makes it gets the same ids: the
deliveries, the stand-in's answers and the mirror agree without talking to each other.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.sandbox.payloads import payload
from app.sandbox.state import Happening
from app.sandbox.things import Issue
from app.sandbox.world import World
from app.store.writer import Row

INSTALLATIONS = 100
ISSUES = 20
PEOPLE = 25_000
LABELS = [f"area/{number:02}" for number in range(40)]
_TEXT = "I searched for the project and the page stayed empty; the same happens in a private window. "


@dataclass(frozen=True, slots=True)
class Delivery:
    """What GitHub would send: the event's name, its body and whom it is about."""

    event: str
    action: str
    installation_id: int
    repository_id: int
    repository: str
    number: int
    body: bytes

    def row(self, guid: str, state: str = "new") -> Row:
        """As the receiver stores it."""
        about = (self.event, self.action, self.installation_id, self.repository_id, self.repository, self.number)
        return Row(guid, *about, time.time_ns() // 1_000_000, state, False, None, "", self.body)


class Town:
    """The world, its issues one repository after the other, and people who may triage."""

    def __init__(self) -> None:
        self.world = World()
        self.world.user("reporter")
        self._people = [self.world.user(f"triager-{number}").login for number in range(PEOPLE)]
        self.issues = [issue for number in range(INSTALLATIONS) for issue in self._founded(f"org-{number:03}")]
        # a repository's own issues far from each other
        self._order = [issue for place in range(ISSUES) for issue in self.issues[place::ISSUES]]
        self._told: list[Delivery] = []
        self._asked = 0
        self.world.listeners.append(self._tell)

    def _founded(self, owner: str) -> list[Issue]:
        world, name = self.world, f"{owner}/tracker"
        world.organization(owner, admins=[f"{owner}-admin"])
        world.repository(name, labels=LABELS, milestones=["v1", "Security work"])
        world.install(owner)
        return [
            world.open_issue(name, f"Search shows nothing, case {number}", _TEXT * 8, by="reporter", milestone="v1")
            for number in range(ISSUES)
        ]

    def _tell(self, happening: Happening) -> None:
        body = json.dumps(payload(self.world, happening), separators=(",", ":")).encode()
        repository, installation, issue = happening.repository, happening.installation, happening.about.get("issue")
        assert repository is not None
        assert installation is not None
        number = issue.number if issue else 0
        about = (installation.id, repository.id, repository.full_name, number)
        self._told.append(Delivery(happening.event, happening.action or "", *about, body))

    def _take(self) -> list[Delivery]:
        told, self._told = self._told, []
        return told

    # -- what happens --------------------------------------------------------------------------------------------

    def chat(self, count: int, size: int = 12_000) -> list[Delivery]:
        """Comments without a command, in payloads of about `size` bytes."""
        for issue in self._rounds(count):
            comment = self.world.post_comment(issue, "Thanks, I can see that too.", by="reporter")
            issue.comments.remove(comment)
        return [_padded(one, size) for one in self._take()]

    def traffic(self, count: int) -> list[Delivery]:
        """What an App hears on a usual day and need not act on: comments, issues opened, labelled and closed, labels."""
        told: list[Delivery] = []
        for place, issue in enumerate(self._rounds(count)):
            self._usual(place, issue)
            told += self._take()
            if len(told) >= count:
                break
        return told[:count]

    def _usual(self, place: int, issue: Issue) -> None:
        world, name = self.world, issue.repository.full_name
        admin = f"{issue.repository.owner.login}-admin"
        label = LABELS[place % len(LABELS)]
        verbs: list[Callable[[], object]] = [
            lambda: world.post_comment(issue, _TEXT * 3, by="reporter"),
            lambda: world.open_issue(name, f"Upload fails, case {place}", _TEXT * 6, by="reporter"),
            lambda: world.add_labels(issue, [label], by=admin),
            lambda: world.post_comment(issue, _TEXT, by=admin),
            lambda: world.edit_issue(issue, title=f"Search shows nothing, case {place}", by=admin),
            lambda: world.edit_label(name, label, description=f"Of case {place}", by=admin),
            lambda: (
                world.close_issue(issue, by=admin) if issue.state == "open" else world.reopen_issue(issue, by=admin)
            ),
            lambda: world.post_comment(issue, _TEXT * 2, by="reporter"),
        ]
        verbs[place % len(verbs)]()

    def commands(self, count: int, *, fresh: bool = True) -> list[Delivery]:
        """`/label` comments, every one with an effect: a label that the issue does not have yet.

        `fresh`: each by somebody whose role was not asked for before, which costs a third call.
        """
        first, self._asked = self._asked, self._asked + count
        told: list[Delivery] = []
        for place in range(first, first + count):
            issue, label = self._order[place % len(self._order)], LABELS[place // len(self._order) % len(LABELS)]
            person = self._people[place % PEOPLE if fresh else 0]
            comment = self.world.post_comment(issue, f"/label {label}", by=person)
            issue.comments.remove(comment)
            told += self._take()
            self.world.add_labels(issue, [label], by=f"{issue.repository.owner.login}-admin")
            self._take()  # the next comment's payload shows what the command did; its own echo is left out
        return told

    def call(self, texts: list[str]) -> list[Delivery]:
        """Comments of one person in the meeting issue, which is the first of all issues."""
        meeting = self.issues[0]
        for text in texts:
            comment = self.world.post_comment(meeting, text, by=self._people[0])
            meeting.comments.remove(comment)
        return self._take()

    def topics(self, issues: int, count: int, first: int = 0) -> list[tuple[str, str]]:
        """Issues of a call and labels for them, no two the same: `count` of them from the `first` on."""
        named = [f"{issue.repository.full_name}#{issue.number}" for issue in self.issues[1 : issues + 1]]
        return [(named[place % issues], LABELS[place // issues]) for place in range(first, first + count)]

    def _rounds(self, count: int) -> Iterator[Issue]:
        """The issues over and over."""
        return (self._order[place % len(self._order)] for place in range(count))


def _padded(one: Delivery, size: int) -> Delivery:
    """With a longer comment: bodies of real deliveries are mostly text that somebody wrote."""
    body = json.loads(one.body)
    body["comment"]["body"] += " " + "x" * max(0, size - len(one.body) - 1)
    padded = json.dumps(body, separators=(",", ":")).encode()
    return Delivery(one.event, one.action, one.installation_id, one.repository_id, one.repository, one.number, padded)
