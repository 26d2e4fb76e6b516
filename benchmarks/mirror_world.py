"""A big believable world straight into the database: repositories with years of issues, labels, people, talk, milestones.

The same every time. What facts are derived from is written, then the facts are computed as Rounds computes them. Also for
tests and for looking at pages: `python -m benchmarks.mirror_world sqlite:////tmp/big.db 100000`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import sqlalchemy as sa

from app.core.values import Label, Milestone, Repository
from app.store import facts, mirror
from app.store import tables as t
from app.store.database import Database

DAY = 86_400_000
NOW = 1_795_000_000_000
"""The end of the world's history, in milliseconds (November 2026)."""
FIRST_REPOSITORY = 9_000
INSTALLATION = 8_000
REPOSITORIES = ("bench/core", "bench/docs", "bench/site", "bench/vault")
"""The last one is private."""
NAMES = tuple(
    f"{family}/{name}"
    for family, names in {
        "kind": ("bug", "feature", "support", "docs"),
        "priority": ("critical", "high", "low"),
        "area": ("api", "search", "upload", "login", "tokens", "mail", "admin", "index"),
    }.items()
    for name in names
)
COLORS = ("d73a4a", "0e8a16", "fbca04", "0052cc", "5319e7", "c5def5", "ffffff", "24292e")
_TEXT = (
    "upload fails when the name of the file holds a space after an update of the index and nobody is told why the token for"
    " search pages shows an error instead of results on slow lines while signing in with a second factor from a phone takes"
    " minutes since the last release"
)
WORDS = tuple(_TEXT.split())
MAINTAINERS, REPORTERS, BOTS = 15, 3_000, 3
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of all repositories together; `labels` and `open` are about that many."""

    issues: int = 100_000
    labels: int = 60
    open: int = 15_000
    years: int = 6

    @classmethod
    def of(cls, issues: int) -> Size:
        """As in the budgets: 15 of 100 are open, 15,000 at 100,000."""
        return cls(issues=issues, open=issues * 15 // 100)


@dataclass(slots=True)
class _Rows:
    """Rows of one chunk, by table."""

    of: dict[sa.Table, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: sa.Table, **row: Any) -> None:
        self.of.setdefault(table, []).append(row)

    def write(self, conn: sa.Connection) -> None:
        for table, rows in self.of.items():
            conn.execute(sa.insert(table), rows)


def fill(database: Database, size: Size | None = None, now: int = NOW) -> list[int]:
    """Ids of the repositories, which were empty before."""
    size = size or Size()
    random = Random(20_261_122)
    ids = [FIRST_REPOSITORY + place for place in range(len(REPOSITORIES))]
    with database.transaction() as conn:
        _people(conn)
        for id_, name in zip(ids, REPOSITORIES, strict=True):
            _repository(conn, id_, name, size, now)
    for place, id_ in enumerate(ids):
        _issues(database, _Village(id_, place, size, now, random))
        _computed(database, id_)
    return ids


def _people(conn: sa.Connection) -> None:
    rows = [{"id": n, "login": f"maintainer-{n}", "bot": False} for n in range(1, MAINTAINERS + 1)]
    rows += [{"id": 1_000 + n, "login": f"reporter-{n}", "bot": False} for n in range(REPORTERS)]
    rows += [{"id": 100 + n, "login": f"robot-{n}[bot]", "bot": True} for n in range(BOTS)]
    conn.execute(sa.insert(t.person), rows)
    account = {"id": INSTALLATION, "account_id": 1, "account": "bench", "organization": True}
    conn.execute(sa.insert(t.installation), [account])


def _repository(conn: sa.Connection, id_: int, name: str, size: Size, now: int) -> None:
    private = name == REPOSITORIES[-1]
    mirror.put_repositories(conn, INSTALLATION, [Repository(id_, name, private=private)], whole=False)
    labels = [
        Label(label_id, text, COLORS[label_id % len(COLORS)], f"About {text}") for label_id, text in _labels(id_, size)
    ]
    mirror.put_labels(conn, id_, labels, whole=True, now=now)
    milestones = [Milestone(id_ * 100 + n, n, f"Release {n}", open=n > 6) for n in range(1, 9)]
    mirror.put_milestones(conn, id_, milestones, whole=True, now=now)
    done = {"issues_at": now, "comments_at": now, "events_at": now, "reconciled_at": now}
    conn.execute(sa.update(t.repository).where(t.repository.c.id == id_).values(**done))
    rows = [{"repository_id": id_, "person_id": n} for n in range(1, MAINTAINERS + 1)]
    conn.execute(sa.insert(t.collaborator), rows)


def _labels(repository_id: int, size: Size) -> list[tuple[int, str]]:
    """(id, name): the first asks for triage; then families, then as many areas as it takes."""
    count = max(2, size.labels // len(REPOSITORIES))
    names = ["requires triaging", *NAMES, *(f"area/part-{n}" for n in range(count))][:count]
    return [(repository_id * 1_000 + place, name) for place, name in enumerate(names)]


@dataclass(frozen=True, slots=True)
class _Village:
    """One repository in the making."""

    id: int
    place: int
    size: Size
    now: int
    random: Random

    def numbers(self) -> range:
        return range(1, self.size.issues // len(REPOSITORIES) + 1)

    def issue(self, number: int, rows: _Rows) -> None:
        random, last = self.random, len(self.numbers())
        age = self.size.years * 365 * DAY * (1 - (number - 1) / last) * random.uniform(0.99, 1)
        made = self.now - int(age)
        open_ = random.random() < self._share_open(number / last)
        author = (
            1 + random.randrange(MAINTAINERS)
            if random.random() < 0.15
            else 1_000 + int(random.betavariate(1, 4) * REPORTERS)
        )
        closed = None if open_ else min(self.now, made + int(random.lognormvariate(16.5, 2.2) * 10))
        touched = self._labelled(number, made, open_, rows)
        spoken, comments = self._talk(number, made, closed or self.now, author, rows)
        milestone = random.randrange(1, 9) if random.random() < 0.2 else None
        if random.random() < 0.3:
            rows.add(
                t.issue_assignee, repository_id=self.id, number=number, person_id=1 + random.randrange(MAINTAINERS)
            )
        title = " ".join(random.choices(WORDS, k=6)).capitalize()
        rows.add(
            t.issue, repository_id=self.id, number=number, id=self.id * 10_000_000 + number,
            pull_request=random.random() < 0.25, open=open_, state_reason=None if open_ else "completed", title=title,
            author_id=author, milestone=milestone, comments=comments, created_at=made,
            updated_at=max(made, touched, spoken, closed or 0), closed_at=closed, reactions=int(random.expovariate(1)),
        )  # fmt: skip
        body = " ".join(random.choices(WORDS, k=40))
        rows.add(t.issue_text, repository_id=self.id, number=number, title=title, body=body)

    def _share_open(self, place: float) -> float:
        """Of what is new much is open, of what is old little: as many in all as wanted."""
        wanted = self.size.open / self.size.issues
        return min(1.0, wanted * 4 * place**3)

    def _labelled(self, number: int, made: int, open_: bool, rows: _Rows) -> int:
        """Its labels, and when they were given; answers the last time."""
        random, labels = self.random, _labels(self.id, self.size)
        at, triaged = made + int(random.expovariate(1 / (3 * DAY))), not open_ or random.random() < 0.85
        at = min(at, self.now)
        waiting = labels[0][0]
        rows.add(t.issue_event, repository_id=self.id, number=number, at=made, kind="labeled", label_id=waiting)
        if not triaged:
            rows.add(t.issue_label, repository_id=self.id, number=number, label_id=waiting)
            return made
        rows.add(t.issue_event, repository_id=self.id, number=number, at=at, kind="unlabeled", label_id=waiting)
        few = min(len(labels) - 1, 1 + int(random.expovariate(1)))
        for label_id, _ in random.sample(labels[1:], few):
            rows.add(t.issue_event, repository_id=self.id, number=number, at=at, kind="labeled", label_id=label_id)
            rows.add(t.issue_label, repository_id=self.id, number=number, label_id=label_id)
        return at

    def _talk(self, number: int, made: int, end: int, author: int, rows: _Rows) -> tuple[int, int]:
        """Comments by the author, maintainers, others and bots in turn; answers the last time and how many."""
        random, at = self.random, made
        count = min(30, int(random.expovariate(1 / 3)))
        for place in range(count):
            at = min(end, at + int(random.expovariate(1 / (4 * DAY))))
            who = random.choices(
                (author, 1 + random.randrange(MAINTAINERS), 1_000 + random.randrange(REPORTERS), 100), (4, 4, 1, 1)
            )[0]
            rows.add(
                t.issue_comment, repository_id=self.id, number=number, comment_id=(self.id * 10_000_000 + number) * 40 + place,
                person_id=who, bot=100 <= who < 100 + BOTS, at=at, gone=False,
            )  # fmt: skip
        return at, count


def _issues(database: Database, village: _Village) -> None:
    for numbers in _chunks(village.numbers()):
        rows = _Rows()
        for number in numbers:
            village.issue(number, rows)
        with database.transaction() as conn:
            rows.write(conn)


def _chunks(numbers: range) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), _CHUNK):
        yield numbers[first : first + _CHUNK]


def _computed(database: Database, repository_id: int) -> None:
    after: int | None = 0
    while after is not None:
        with database.transaction() as conn:
            after = facts.rebuild(conn, repository_id, after)


def main() -> None:
    """Fill a database of that address with so many issues."""
    database = Database.open(sys.argv[1])
    database.migrate()
    began = time.monotonic()
    fill(database, Size.of(int(sys.argv[2])), time.time_ns() // 1_000_000)
    with database.transaction() as conn:
        conn.execute(sa.text("ANALYZE"))
    print(f"{int(sys.argv[2]):,} issues in {time.monotonic() - began:.0f} s")
    database.close()


if __name__ == "__main__":
    main()
