"""What people do on pages: rows of the inbox, which the engine decides and performs as it does a comment."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.store import deliveries, records
from app.store import tables as t
from app.store.deliveries import Delivery
from app.store.mirror_read import KnownRepository
from app.store.records import insert

HOURLY = 600
"""Acts of one person in an hour: a call does one every few seconds, and a page must not fill the inbox."""
HOUR = 3_600_000
_RECENT = 5_000
"""Newest rows of the inbox among which a person's are counted: there is no index on people."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is signed in."""

    person_id: int
    login: str


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an act. `answer`: in Markdown, "" while it is not decided; `reason`: of the delivery's end.

    `troubled`: whether something of it was refused, or failed.
    """

    state: str
    text: str
    answer: str
    reason: str
    troubled: bool


@dataclass(frozen=True, slots=True)
class Act:
    """`event`: web or web_retry. `guid`: the same act only once. `number`: of the issue, 0 for none. `told`: for the engine."""

    event: str
    guid: str
    number: int
    actor: Actor
    told: dict[str, Any]


def put(conn: sa.Connection, act: Act, known: KnownRepository, now: int) -> bool:
    """Whether it is new in the inbox."""
    row = {
        "guid": act.guid,
        "event": act.event,
        "installation_id": known.installation_id,
        "repository_id": known.repository.id,
        "repository": known.repository.full_name,
        "number": act.number,
        "received_at": now,
        "state": "waiting",
        "actor": act.actor.login,
        "body": json.dumps({**act.told, "person_id": act.actor.person_id, "login": act.actor.login}).encode(),
    }
    made = insert(conn, t.inbox).values(row).on_conflict_do_nothing(index_elements=["guid"])
    return conn.execute(made.returning(t.inbox.c.seq)).one_or_none() is not None


def count(conn: sa.Connection, login: str, now: int) -> int:
    """How many that person did within the last hour."""
    newest = sa.select(sa.func.coalesce(sa.func.max(t.inbox.c.seq), 0)).scalar_subquery()
    mine = (t.inbox.c.actor == login, t.inbox.c.event.in_(["web", "web_retry"]), t.inbox.c.received_at > now - HOUR)
    query = sa.select(sa.func.count()).select_from(t.inbox).where(t.inbox.c.seq > newest - _RECENT, *mine)
    return conn.execute(query).scalar_one()


def became(conn: sa.Connection, guid: str, person_id: int) -> Became | None:
    """Of that person's own act; None for anybody else's, and once it is too old."""
    found: Delivery | None = deliveries.find(conn, guid) if guid.startswith("web ") else None
    told = json.loads(found.body) if found is not None and found.body else {}
    if found is None or told.get("person_id") != person_id:
        return None
    answered = records.answer_to(conn, found.repository_id, f"web {found.seq}")
    ended = found.state not in deliveries.OPEN_STATES
    troubled = found.state == "failed" or (answered is not None and answered.troubles != "[]")
    reason = found.reason if ended else ""
    return Became(found.state, told.get("text", ""), answered.text if answered else "", reason, troubled)
