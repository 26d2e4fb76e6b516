"""A small world of issues for filters: two public repositories and a private one, everything by chance but the same each time."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import sqlalchemy as sa

from app.core.values import Repository
from app.store import mirror
from app.store import tables as t
from app.store.database import Database

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = 86_400_000
CORE, WEB, SECRET = 1, 2, 3
LABELS = ("bug", "Kind/Docs", "kind/feature", "area/api", "good, first", "-odd", "secret")
PEOPLE = ("mia", "Rob", "zoe", "dependabot[bot]")
WORDS = ("crash", "memory", "out", "of", "héllo", "a/b", "v1.2", "it's", "#12", "100%", "under_score")


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def build(database: Database, issues: int = 120) -> None:
    """So many issues, about a third of them in the private repository."""
    chance = Random(7)
    places = [
        Repository(CORE, "acme/core"),
        Repository(WEB, "acme/Web"),
        Repository(SECRET, "other/secret", private=True),
    ]
    with database.transaction() as conn:
        mirror.put_repositories(conn, 5, places, whole=True)
        conn.execute(sa.insert(t.label), list(_labels()))
        stones = [
            {"id": r * 10 + n, "repository_id": r, "number": n, "title": f"v{n}.0"} for r in (1, 2, 3) for n in (1, 2)
        ]
        conn.execute(sa.insert(t.milestone), stones)
        conn.execute(sa.insert(t.person), [{"id": n, "login": login} for n, login in enumerate(PEOPLE, 1)])
        for number in range(1, issues + 1):
            _put(conn, chance, number)


def _labels():
    for repository in (CORE, WEB, SECRET):
        for n, name in enumerate(LABELS):
            if (name == "secret") == (repository == SECRET) or name == "bug":
                yield {"id": repository * 100 + n, "repository_id": repository, "name": name, "color": "d73a4a"}


def _put(conn: sa.Connection, chance: Random, number: int) -> None:
    repository = chance.choice((CORE, WEB, SECRET))
    key = {"repository_id": repository, "number": number}
    row = {**key, **_issue(chance, number)}
    conn.execute(sa.insert(t.issue), [row])
    body = " ".join(chance.choices(WORDS, k=4))
    conn.execute(sa.insert(t.issue_text), [{**key, "title": row["title"], "body": body}])
    for n, name in enumerate(LABELS):
        if (repository == SECRET) == (name == "secret") and chance.random() < 0.3:
            conn.execute(sa.insert(t.issue_label), [{**key, "label_id": repository * 100 + n}])
            if row["open"] and not row["removed"]:
                kept = {name: row[name] for name in ("pull_request", "waiting_on", "created_at", "updated_at")}
                conn.execute(sa.insert(t.open_label), [{**key, **kept, "label_id": repository * 100 + n}])
    for person in chance.sample(range(1, 5), chance.choice((0, 0, 1, 2))):
        conn.execute(sa.insert(t.issue_assignee), [{**key, "person_id": person}])


def _issue(chance: Random, number: int) -> dict[str, object]:
    now = milliseconds(NOW)
    created = now - chance.choice((0, 1, 5, 7, 20, 30, 31, 89, 90, 400)) * DAY
    updated = min(now, created + chance.choice((0, 0, 1, 6, 30)) * DAY)
    is_open = chance.random() < 0.7
    waiting = chance.choice((0, 1, 2)) if is_open else 0
    return {
        "id": number,
        "pull_request": chance.random() < 0.3,
        "draft": chance.random() < 0.2,
        "open": is_open,
        "locked": chance.random() < 0.1,
        "removed": chance.random() < 0.1,
        "title": f"<b>{' '.join(chance.choices(WORDS, k=3))} {number}",
        "author_id": chance.randint(1, 5),
        "milestone": chance.choice((None, 1, 2)),
        "comments": chance.randint(0, 3),
        "reactions": chance.randint(0, 3),
        "created_at": created,
        "updated_at": updated,
        "closed_at": None if is_open else updated,
        "waiting_on": waiting,
        "waiting_since": updated if waiting else None,
        "triaged_at": chance.choice((None, updated)),
        "first_response_at": chance.choice((None, updated)),
    }
