"""A generated world that is counted by hand: what GitHub has, and the same in our database as a whole reading leaves it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.core.values import Repository
from app.store import configs, facts, mirror
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import PATH

NOW = 1_790_000_000_000
DAY = 86_400_000
WEEK = 7 * DAY
NAMES = ("bug", "Area/API", "wip", "needs triage", "rare")
CONFIG = """
visibility: {dashboard: public}
families: {kind: {labels: [bug, wip], exclusive: true, required: true}}
labels: [{name: rare}]
rules: {gone: {on: issue.opened, if: {labels: ["lost*"]}, do: [{pin: true}]}}
"""


@dataclass
class Made:
    """An issue as GitHub has it."""

    repository: int
    number: int
    pull_request: bool
    created: int
    closed: int | None
    labels: dict[str, int]
    gone: list[tuple[str, int, int]] = field(default_factory=list)
    milestone: int | None = None
    put: int | None = None
    assigned: bool = False
    due: int | None = None
    comments: list[tuple[int, int]] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.closed is None

    @property
    def changed(self) -> int:
        return self.closed or self.created


def world(seed: int) -> list[Made]:
    """Repositories 1 and 2 are public, 3 is not; person 1 is one of us, 2 and 3 are not, 3 writes everything."""
    chance = random.Random(seed)
    found = []
    for repository in (1, 2, 3):
        for number in range(1, 90):
            created = NOW - 1 - int(chance.random() ** 2 * 500 * DAY)
            closed = None if chance.random() < 0.5 else min(NOW - 1, created + int(chance.expovariate(1 / (20 * DAY))))
            end = closed or NOW
            when = [created + int(chance.random() * (end - created)) for _ in range(6)]
            on = {name: when[0] for name in NAMES[:4] if chance.random() < 0.3}
            one = Made(repository, number, chance.random() < 0.25, created, closed, on)
            if "rare" not in on and chance.random() < 0.3:
                one.gone.append(("rare", *sorted((when[1], when[2]))))
            if chance.random() < 0.4:
                one.milestone, one.put = chance.choice([1, 2]), when[3] if chance.random() < 0.6 else None
            one.assigned = chance.random() < 0.3
            one.due = chance.randint(-15, 5) if chance.random() < 0.1 else None
            one.comments = sorted(
                (min(NOW - 1, created + int(chance.random() * 9 * DAY)), chance.choice([1, 2, 3]))
                for _ in range(chance.randint(0, 3))
            )
            found.append(one)
    return found


def label_id(repository: int, name: str) -> int:
    return repository * 100 + NAMES.index(name)


def store(database: Database, made: Iterable[Made]) -> None:
    """What a whole reading of GitHub leaves behind."""
    with database.transaction() as conn:
        places = [Repository(1, "acme/one"), Repository(2, "acme/two"), Repository(3, "acme/secret", private=True)]
        mirror.put_repositories(conn, 5, places, whole=True)
        for id_ in (1, 2, 3):
            configs.put(conn, ConfigFile(id_, PATH, "sha", CONFIG, CONFIG, "", NOW, dashboard="public"))
        conn.execute(t.label.insert(), [
            {"id": label_id(id_, name), "repository_id": id_, "name": name if id_ != 2 else name.lower(), "color": f"{id_}" * 6}
            for id_ in (1, 2, 3) for name in NAMES
        ])  # fmt: skip
        conn.execute(t.milestone.insert(), [
            {"id": id_ * 10 + n, "repository_id": id_, "number": n, "title": f"v{n}", "due_on": NOW + n * DAY}
            for id_ in (1, 2, 3) for n in (1, 2)
        ])  # fmt: skip
        conn.execute(t.person.insert(), [{"id": n, "login": f"p{n}"} for n in (1, 2, 3)])
        conn.execute(t.collaborator.insert(), [{"repository_id": id_, "person_id": 1} for id_ in (1, 2, 3)])
        for one in made:
            _store(conn, one)
    for id_ in (1, 2, 3):
        with database.transaction() as conn:
            facts.rebuild(conn, id_)


def _store(conn, one: Made) -> None:
    key = {"repository_id": one.repository, "number": one.number}
    conn.execute(t.issue.insert().values(
        **key, id=one.repository * 1000 + one.number, pull_request=one.pull_request, open=one.open, title=f"No {one.number}",
        author_id=3, milestone=one.milestone, created_at=one.created, updated_at=one.changed, closed_at=one.closed,
    ))  # fmt: skip
    events = [(at, "labeled", label_id(one.repository, name)) for name, at in one.labels.items()]
    for name, since, until in one.gone:
        of = label_id(one.repository, name)
        events += [(since, "labeled", of), (until, "unlabeled", of)]
    if one.put is not None:
        events.append((one.put, "milestoned", 0))
    for name in one.labels:
        conn.execute(t.issue_label.insert().values(**key, label_id=label_id(one.repository, name)))
    for at, kind, of in events:
        conn.execute(t.issue_event.insert().values(**key, at=at, kind=kind, label_id=of))
    for place, (at, person) in enumerate(one.comments):
        conn.execute(t.issue_comment.insert().values(**key, comment_id=place + 1, person_id=person, bot=False, at=at))
    if one.assigned:
        conn.execute(t.issue_assignee.insert().values(**key, person_id=1))
    if one.due is not None:
        day = datetime.fromtimestamp(NOW / 1000, UTC).date() + timedelta(days=one.due)
        conn.execute(t.issue_kept.insert().values(**key, due=day))
