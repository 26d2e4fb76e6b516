"""Rows of the mirror as GitHub's events and answers tell them, without those of issues."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from app.core import events, values
from app.core.facts import asks_for_triage
from app.store import facts
from app.store import rows as rows_
from app.store import tables as t
from app.store.keyed import Key
from app.store.mirror_order import Row


def put_labels(conn: sa.Connection, rows: Collection[Row]) -> set[Key]:
    """Labels, and which issues have to be computed anew: a label may ask for triage by one name and not by the other."""
    if not rows:
        return set()
    (found,) = rows_.read(conn, [(t.label, rows)])
    known = {id_: row[2] for id_, row in found.items()}
    rows_.write(conn, [(t.label, rows)])
    asked = {id_: asks_for_triage(name) for id_, name in known.items()}
    turned = [row["id"] for row in rows if asked.get(row["id"], False) != asks_for_triage(row["name"])]
    return set(facts.carrying(conn, turned)) if turned else set()


def person(user: events.User) -> Row:
    """A row of `person`."""
    return {"id": user.id, "login": clean(user.login), "bot": user.type == "Bot"}


def label(repository_id: int, label_: events.Label | values.Label) -> Row:
    """A row of `label`."""
    return {
        "id": label_.id,
        "repository_id": repository_id,
        "name": clean(label_.name),
        "color": clean(label_.color),
        "description": clean(label_.description or ""),
    }


def milestone(repository_id: int, found: values.Milestone) -> Row:
    """A row of `milestone`."""
    return {
        "id": found.id,
        "repository_id": repository_id,
        "number": found.number,
        "title": clean(found.title),
        "open": found.open,
        "due_on": millis(found.due_on) if found.due_on else None,
    }


def millis(time: datetime) -> int:
    """Milliseconds since 1970."""
    return round(time.timestamp() * 1000)


def clean(text: str) -> str:
    """Without NUL, which PostgreSQL refuses together with the whole batch."""
    return text.replace("\0", "�") if "\0" in text else text
