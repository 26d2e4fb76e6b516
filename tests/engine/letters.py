"""Webhook bodies and inbox rows for the engine's tests, with as little said as possible."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.store.database import Database
from app.store.tables import inbox

BOT = "rounds[bot]"
TIME = "2026-11-22T09:00:00Z"
LATER = "2026-11-22T09:30:00Z"
ANN = {"id": 1, "login": "ann", "type": "User"}
OURS = {"id": 99, "login": BOT, "type": "Bot"}
REPOSITORY = {
    "id": 77,
    "full_name": "acme/widgets",
    "default_branch": "main",
    "owner": {"id": 9, "login": "acme", "type": "Organization"},
}
EMPTY = {
    "event": "issue_comment",
    "action": "",
    "installation_id": 0,
    "repository_id": 0,
    "repository": "",
    "number": 0,
    "received_at": 1,
    "state": "new",
    "attempt": 1,
    "tries": 0,
    "not_before": 0,
    "recovered": False,
    "handled_at": None,
    "milliseconds": None,
    "actor": "",
    "reason": "",
    "body": None,
}
_numbers = itertools.count(1)


def issue(number: int = 12, **more: Any) -> dict[str, Any]:
    about = {"id": 1000 + number, "number": number, "title": "It broke", "user": ANN}
    return about | {"created_at": TIME, "updated_at": TIME} | more


def comment(body: str | None = "/label bug", **more: Any) -> dict[str, Any]:
    return {"id": 500, "body": body, "user": ANN, "created_at": TIME, "updated_at": LATER} | more


def letter(action: str = "created", **about: Any) -> dict[str, Any]:
    """What every event about a repository has."""
    return {"action": action, "repository": REPOSITORY, "sender": ANN, "installation": {"id": 5}} | about


def commented(body: str | None = "/label bug", number: int = 12, **about: Any) -> dict[str, Any]:
    """An `issue_comment` event."""
    return letter(**({"issue": issue(number), "comment": comment(body)} | about))


def push(*paths: str, ref: str = "refs/heads/main", commits: int = 1) -> dict[str, Any]:
    """A `push` event of that many commits, the first of which changed `paths`."""
    listed: list[dict[str, Any]] = [{"modified": list(paths)}, *({} for _ in range(commits - 1))]
    return letter("", ref=ref, commits=listed)


def text(about: dict[str, Any]) -> bytes:
    return json.dumps(about).encode()


def put(database: Database, *bodies: tuple[str, dict[str, Any]], **columns: Any) -> list[int]:
    """Rows of the inbox, as the receiver stores them: (event, body) each. Answers their numbers."""
    return store(database, [_row(event, about) | columns for event, about in bodies])


def store(database: Database, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Rows of the inbox; what is not said of one is as in an empty delivery."""
    insert = sa.insert(inbox).returning(inbox.c.seq, sort_by_parameter_order=True)
    with database.transaction() as conn:
        whole = [{"guid": f"guid-{next(_numbers)}"} | EMPTY | row for row in rows]
        return list(conn.execute(insert, whole).scalars())


def _row(event: str, about: dict[str, Any]) -> dict[str, Any]:
    numbered = about.get("issue") or about.get("pull_request") or {"number": 0}
    return {
        "event": event,
        "installation_id": about.get("installation", {"id": 0})["id"] % 2**63,
        "repository_id": about.get("repository", {"id": 0})["id"],
        "repository": about.get("repository", {"full_name": ""})["full_name"],
        "number": numbered["number"],
        "body": text(about),
    }


def states(database: Database) -> list[str]:
    """Of all deliveries, in order."""
    with database.reading() as conn:
        return list(conn.execute(sa.select(inbox.c.state).order_by(inbox.c.seq)).scalars())
