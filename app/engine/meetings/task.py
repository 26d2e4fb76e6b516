"""What is due for a meeting as a row of the inbox: a delivery to ourselves, done in order, once, and shown as any other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.store.deliveries import retry
from app.store.meetings import Key
from app.store.mirror import KnownRepository
from app.store.records import insert
from app.store.tables import inbox

EVENT = "meeting"
"""In the place of GitHub's event."""


@dataclass(frozen=True, slots=True)
class Task:
    """`what`: open, change, empty, remind, refresh, read …; `before`: of a reminder, in seconds.

    `by`: the login of who asked for it, `by_id`: the account.
    """

    key: Key
    what: str
    before: int = 0
    by: str = ""
    by_id: int = 0

    @classmethod
    def of(cls, body: bytes) -> Task:
        """From a row's body."""
        found = json.loads(body)
        key = Key(found["repository_id"], found["series"], date.fromisoformat(found["day"]))
        return cls(key, found["what"], found["before"], found["by"], found.get("by_id", 0))

    def body(self) -> bytes:
        id_, series, day = self.key
        about = {"repository_id": id_, "series": series, "day": day.isoformat()}
        return json.dumps(
            about | {"what": self.what, "before": self.before, "by": self.by, "by_id": self.by_id}
        ).encode()

    def guid(self, mark: str = "") -> str:
        """The same for the same thing. `mark`: which one of several of a kind."""
        words = [EVENT, str(self.key.repository_id), self.key.series, self.key.day.isoformat(), self.what, mark]
        return " ".join(word for word in words if word)


def row(
    task: Task, at: KnownRepository, now: int, bot_login: str, *, number: int = 0, mark: str = "", missed: str = ""
) -> dict[str, Any]:
    """`at`: the repository of the issue, `number`: of the issue. `missed`: why it is not to be done, unless somebody retries."""
    return {
        "guid": task.guid(mark),
        "event": EVENT,
        "action": task.what,
        "installation_id": at.installation_id,
        "repository_id": at.repository.id,
        "repository": at.repository.full_name,
        "number": number,
        "received_at": now,
        "handled_at": now if missed else None,
        "state": "failed" if missed else "waiting",
        "actor": task.by or bot_login,
        "reason": missed,
        "body": task.body(),
    }


def put(conn: sa.Connection, rows: Iterable[dict[str, Any]]) -> int:
    """Into the inbox, one that is there stays; how many are new."""
    count = 0
    for one in rows:
        made = insert(conn, inbox).values(one).on_conflict_do_nothing(index_elements=["guid"])
        count += conn.execute(made.returning(inbox.c.seq)).one_or_none() is not None
    return count


def again(conn: sa.Connection, guid: str) -> bool:
    """Run it again if it failed; whether it did."""
    failed = sa.select(inbox.c.seq).where(inbox.c.guid == guid, inbox.c.state == "failed")
    found = list(conn.execute(failed).scalars())
    return bool(found and retry(conn, found))
