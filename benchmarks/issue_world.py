"""A mirror full of issues, as a year of a busy organization leaves it: written straight into the tables, alike each time."""

from __future__ import annotations

import random
from collections.abc import Iterator

import sqlalchemy as sa

from app.store import tables as t
from app.store.database import Database

NOW = 1_790_000_000_000
"""Milliseconds: when it is looked at."""
LABELS = 60
_DAY = 86_400_000
_BATCH = 5_000
_WORDS = [
    "crash",
    "memory",
    "slow",
    "timeout",
    "docs",
    "typo",
    "install",
    "upgrade",
    "windows",
    "linux",
    "button",
    "search",
    "login",
    "token",
    "cache",
    "index",
    "query",
    "page",
    "export",
    "import",
    "filter",
    "label",
    "sync",
    "webhook",
    "retry",
    "error",
    "parser",
    "unicode",
    "theme",
    "keyboard",
    "focus",
]
Rows = dict[str, list[dict[str, object]]]


def fill(database: Database, issues: int, repositories: int = 4, open_share: float = 0.15) -> None:
    """So many issues and pull requests, of which `open_share` are open, in so many public repositories."""
    chance = random.Random(5)
    with database.transaction() as conn:
        conn.execute(sa.insert(t.installation), [{"id": 1, "account_id": 1, "account": "acme", "organization": True}])
        for table, rows in _named(repositories).items():
            conn.execute(sa.insert(t.metadata.tables[table]), rows)
    for numbers in _batches(issues):
        rows = _rows(chance, numbers, repositories, open_share)
        with database.transaction() as conn:
            for table, some in rows.items():
                conn.execute(sa.insert(t.metadata.tables[table]), some)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE")


def _batches(issues: int) -> Iterator[range]:
    return (range(first, min(first + _BATCH, issues)) for first in range(0, issues, _BATCH))


def _named(repositories: int) -> Rows:
    ids = range(1, repositories + 1)
    return {
        "repository": [
            {"id": id_, "installation_id": 1, "full_name": f"acme/part-{id_}", "organization": True} for id_ in ids
        ],
        "label": [
            {"id": id_ * 1000 + n, "repository_id": id_, "name": f"{('kind', 'area', 'state')[n % 3]}/{n}", "color": f"{n * 4111:06x}"}
            for id_ in ids
            for n in range(LABELS)
        ],
        "milestone": [
            {"id": id_ * 100 + n, "repository_id": id_, "number": n, "title": f"v{n}.0"} for id_ in ids for n in range(1, 13)
        ],
        "person": [{"id": n, "login": f"person-{n}"} for n in range(1, 3001)],
    }  # fmt: skip


def _rows(chance: random.Random, numbers: range, repositories: int, open_share: float) -> Rows:
    found: Rows = {name: [] for name in ("issue", "issue_label", "open_label", "issue_assignee", "issue_text")}
    for n in numbers:
        row = _issue(chance, n, repositories, open_share)
        key = {"repository_id": row["repository_id"], "number": row["number"]}
        found["issue"].append(row)
        found["issue_text"].append({**key, "title": row["title"], "body": " ".join(chance.choices(_WORDS, k=30))})
        for label in _labels(chance, n % repositories + 1):
            found["issue_label"].append({**key, "label_id": label})
            if row["open"]:
                kept = ("pull_request", "waiting_on", "created_at", "updated_at")
                found["open_label"].append({**key, "label_id": label, **{name: row[name] for name in kept}})
        if chance.random() < 0.3:
            found["issue_assignee"].append({**key, "person_id": chance.randint(1, 40)})
    return found


def _labels(chance: random.Random, repository: int) -> set[int]:
    """Few labels are on many issues, and many on few."""
    return {
        repository * 1000 + min(int(chance.paretovariate(0.7)) - 1, LABELS - 1) for _ in range(chance.randint(0, 4))
    }


def _issue(chance: random.Random, n: int, repositories: int, open_share: float) -> dict[str, object]:
    created = NOW - 1 - int(chance.random() ** 2 * 2500 * _DAY)
    updated = created + int(chance.random() ** 3 * (NOW - created))
    is_open = chance.random() < open_share
    waiting = chance.choices((0, 1, 2), (3, 4, 3))[0] if is_open else 0
    return {
        "repository_id": n % repositories + 1,
        "number": n // repositories + 1,
        "id": n + 1,
        "pull_request": chance.random() < 0.3,
        "open": is_open,
        "title": f"{' '.join(chance.choices(_WORDS, k=5))} {n}",
        "author_id": chance.randint(1, 3000),
        "milestone": chance.randint(1, 12) if chance.random() < 0.25 else None,
        "comments": int(chance.paretovariate(1)) - 1,
        "reactions": int(chance.paretovariate(1.2)) - 1,
        "created_at": created,
        "updated_at": updated,
        "closed_at": None if is_open else updated,
        "waiting_on": waiting,
        "waiting_since": updated if waiting else None,
        "triaged_at": updated if chance.random() < 0.7 else None,
        "first_response_at": updated if chance.random() < 0.8 else None,
    }
