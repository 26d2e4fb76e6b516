"""What is true of one issue, by GitHub's side alone and the rules that pages and docs/dashboard.md print: in plain Python.

Nothing of app.core or app.store is used here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.sandbox.things import Issue, Label
from tests.web.pages.living import ASKING

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def maybe(at: datetime | None) -> int | None:
    return None if at is None else ms(at)


def iso(at: datetime | None, zone: str = "+00:00") -> str | None:
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}{zone}"


def monday(at: datetime) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=UTC) - at.weekday() * DAY


def ours(issue: Issue, person: Any) -> bool:
    """GitHub says owner, member or collaborator."""
    repository = issue.repository
    return person.id in repository.owner.members or person.id in repository.roles


def words(issue: Issue) -> list[tuple[datetime, bool]]:
    """When who said something, and whether one of us; bots do not count."""
    said = [(issue.created_at, 0, issue.author), *((one.created_at, one.id, one.author) for one in issue.comments)]
    return [(at, ours(issue, who)) for at, _, who in sorted(said, key=lambda one: one[:2]) if who.type != "Bot"]


def waiting(issue: Issue) -> tuple[str, datetime | None]:
    said = words(issue)
    if issue.state == "closed" or not said:
        return "nobody", None
    turn = said[-1][1]
    if turn and (issue.author.type == "Bot" or ours(issue, issue.author)):
        return "nobody", None
    run = len(said)
    while run and said[run - 1][1] == turn:
        run -= 1
    return ("author" if turn else "us"), said[run][0]


def triaged(issue: Issue) -> datetime | None:
    names = set(issue.label_names)
    sorted_out = bool(issue.milestone or issue.assignees or names - ASKING)
    if issue.state == "open" and (names & ASKING or not sorted_out):
        return None
    when = [one.created_at for one in issue.timeline if one.kind in {"milestoned", "assigned"}]
    when += [one.created_at for one in issue.timeline if one.kind == "labeled" and one.detail not in ASKING]
    return min([*when, *([issue.closed_at] if issue.closed_at else [])], default=issue.created_at)


def answered(issue: Issue) -> datetime | None:
    others = [one.created_at for one in issue.comments if one.author.type != "Bot" and one.author is not issue.author]
    return min(others, default=None)


def worn(issue: Issue) -> list[tuple[datetime, datetime | None, Label]]:
    """From when to when it had which label."""
    found = []
    for label in issue.repository.labels.values():
        since = None
        for one in issue.timeline:
            if one.kind == "labeled" and one.detail == label.name:
                since = one.created_at
            elif one.kind == "unlabeled" and one.detail == label.name and since is not None:
                found.append((since, one.created_at, label))
                since = None
        if since is not None:
            found.append((since, None, label))
    return sorted(found, key=lambda one: (one[0], one[2].name))


def by_name(labels: Iterable[Label]) -> list[Label]:
    return sorted(labels, key=lambda one: one.name.lower())


def there(issue: Issue, at: datetime) -> bool:
    """Whether it was open then, as far as is known now."""
    return issue.created_at <= at and (issue.closed_at is None or issue.closed_at > at)


def row(issue: Issue) -> dict[str, Any]:
    """As lists tell it."""
    stone, whom = issue.milestone, waiting(issue)
    return {
        "repository": issue.repository.full_name, "number": issue.number, "title": issue.title, "state": issue.state,
        "kind": "pull_request" if issue.pull else "issue", "author": issue.author.login,
        "labels": [one.name for one in by_name(issue.labels)], "milestone": stone.title if stone else None,
        "assignees": sorted(one.login for one in issue.assignees), "waiting_on": whom[0], "waiting_since": iso(whom[1]),
        "comments": len(issue.comments), "reactions": len(issue.reactions), "created_at": iso(issue.created_at),
        "updated_at": iso(issue.updated_at), "closed_at": iso(issue.closed_at), "triaged_at": iso(triaged(issue)),
        "first_response_at": iso(answered(issue)),
    }  # fmt: skip


def whole(issue: Issue) -> dict[str, Any]:
    """As pages about it tell it."""
    whom, kept = waiting(issue), row(issue)
    same = {name: kept[name] for name in ("repository", "author", "assignees", "labels")}
    moments = {
        "created_at": issue.created_at, "updated_at": issue.updated_at, "closed_at": issue.closed_at,
        "triaged_at": triaged(issue), "first_response_at": answered(issue),
    }  # fmt: skip
    stone = [issue.milestone.number, issue.milestone.title] if issue.milestone else None
    subject = {
        **same, **{name: iso(at, "Z") for name, at in moments.items()}, "pull_request": issue.pull is not None,
        "draft": bool(issue.pull and issue.pull.draft), "open": issue.state == "open", "locked": issue.locked,
        "milestone": stone, "waiting": whom[0],
    }  # fmt: skip
    told = {name: kept[name] for name in ("number", "title", "comments", "reactions")}
    labels = [[one.id, one.name, one.color] for one in by_name(issue.labels)]
    about = {"repository_id": issue.repository.id, "waiting_since": iso(whom[1], "Z"), "labels": labels}
    return {**told, **about, "state_reason": issue.state_reason, "subject": subject}


@dataclass(frozen=True)
class Queue:
    """`tests`: the clauses of its rule in their order, "open" first; `order`: what comes first."""

    id: str
    tests: Sequence[Callable[[Issue, datetime], bool]]
    order: Callable[[Issue], datetime] = lambda issue: issue.created_at
    low_water: int | None = None

    def holds(self, issue: Issue, now: datetime) -> bool:
        return all(test(issue, now) for test in self.tests)


def is_open(issue: Issue, _now: datetime) -> bool:
    return issue.state == "open"


def _since(issue: Issue) -> datetime:
    return waiting(issue)[1] or datetime.max.replace(tzinfo=UTC)


NEEDS_INFO = {"needs-info", "needs info", "needs-information", "status/needs-info"}
QUEUES = (
    Queue("to-triage", (is_open, lambda one, _: triaged(one) is None, lambda one, _: not one.pull)),
    Queue("waiting-on-us", (is_open, lambda one, _: triaged(one) is not None, lambda one, _: waiting(one)[0] == "us"), _since),
    Queue(
        "pull-requests-unanswered",
        (is_open, lambda one, _: answered(one) is None, lambda one, _: not (one.pull and one.pull.draft),
         lambda one, _: one.pull is not None),
    ),
    Queue(
        "info-answered",
        (is_open, lambda one, _: bool(NEEDS_INFO & set(one.label_names)), lambda one, _: waiting(one)[0] == "us"), _since,
    ),
    Queue(
        "no-answer",
        (is_open, lambda one, _: waiting(one)[0] == "author", lambda one, now: one.updated_at <= now - 60 * DAY),
        lambda one: one.updated_at,
    ),
    Queue(
        "supply",
        (is_open, lambda one, _: "good first issue" in one.label_names, lambda one, _: not one.assignees), low_water=9,
    ),
)  # fmt: skip
