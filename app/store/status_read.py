"""How far the mirror can be trusted, for those repositories that a visitor may see: deliveries, comparisons, files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from app.store import deliveries
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.deliveries import Delivery

_OPEN = sa.text("inbox.state IN ('new','waiting','running','failed')")
_FETCHED = sa.text("inbox.recovered")
"""As the index says it: SQLite uses one of part of the rows only where its words stand in the question."""


class Place(NamedTuple):
    """A repository, how much of it was read whole, and when the last delivery came that a worker looked at (milliseconds; None:
    not yet)."""

    id: int
    full_name: str
    installation_id: int
    archived: bool
    labels_at: int | None
    milestones_at: int | None
    issues_at: int | None
    comments_at: int | None
    events_at: int | None
    delivered_at: int | None


def places(conn: sa.Connection, visible: sa.Select[int]) -> list[Place]:
    """By name."""
    columns = [t.repository.c[name] for name in Place._fields]
    query = sa.select(*columns).where(t.repository.c.id.in_(visible)).order_by(sa.func.lower(t.repository.c.full_name))
    return [Place(*row) for row in conn.execute(query)]


def unread(conn: sa.Connection, repository_ids: Collection[int]) -> int | None:
    """When the last delivery came (milliseconds) of those that no worker looked at yet, None where there is none."""
    here = t.inbox.c.repository_id.in_(list(repository_ids))
    query = sa.select(sa.func.max(t.inbox.c.received_at)).where(deliveries.is_("new"), here)
    newest: int | None = conn.execute(query).scalar_one()
    return newest


def recovered(conn: sa.Connection, repository_ids: Collection[int], since: int) -> int:
    """How many deliveries GitHub could not bring itself since that time (milliseconds), so that they were fetched."""
    here = (t.inbox.c.repository_id.in_(list(repository_ids)), t.inbox.c.received_at >= since)
    return conn.execute(sa.select(sa.func.count()).select_from(t.inbox).where(_FETCHED, *here)).scalar_one()


def backlog(conn: sa.Connection, repository_ids: Collection[int]) -> dict[str, int]:
    """How many deliveries are in each state that is no end, and how many failed."""
    query = (
        sa.select(t.inbox.c.state, sa.func.count())
        .where(_OPEN, t.inbox.c.repository_id.in_(list(repository_ids)))
        .group_by(t.inbox.c.state)
    )
    counted: dict[str, int] = {row[0]: row[1] for row in conn.execute(query)}
    return {state: counted.get(state, 0) for state in (*deliveries.OPEN_STATES, "failed")}


def failed(conn: sa.Connection, repository_ids: Collection[int], limit: int) -> list[Delivery]:
    """The newest that failed, without bodies."""
    here = t.inbox.c.repository_id.in_(list(repository_ids))
    query = sa.select(*deliveries.HEAD).where(deliveries.is_("failed"), here).order_by(t.inbox.c.seq.desc())
    return [Delivery(**row._mapping) for row in conn.execute(query.limit(limit))]


def resting(conn: sa.Connection, repository_ids: Collection[int], now: int) -> tuple[int, int | None]:
    """How many deliveries rest, for limits of GitHub or for a fault that may pass, and until when the first does."""
    rests = (t.inbox.c.repository_id.in_(list(repository_ids)), t.inbox.c.not_before > now)
    query = sa.select(sa.func.count(), sa.func.min(t.inbox.c.not_before)).where(deliveries.is_("waiting"), *rests)
    row = conn.execute(query).one()
    return int(row[0]), row[1]


def broken(conn: sa.Connection, repository_ids: Collection[int]) -> list[ConfigFile]:
    """Their files with mistakes: an older text is at work, or none."""
    wrong = (t.config_file.c.problems != "", t.config_file.c.repository_id.in_(list(repository_ids)))
    query = sa.select(t.config_file).where(*wrong).order_by(t.config_file.c.repository_id, t.config_file.c.path)
    return [ConfigFile(**row._mapping) for row in conn.execute(query)]


def budget_fact(installation_id: int) -> str:
    """The name under which workers note what is left of GitHub's budget of an installation."""
    return f"budget of installation {installation_id}"


def facts(conn: sa.Connection, names: Collection[str]) -> Mapping[str, str]:
    """Small facts by their names; those that nobody noted are left out."""
    query = sa.select(t.progress.c.name, t.progress.c.value).where(t.progress.c.name.in_(list(names)))
    return {row.name: row.value for row in conn.execute(query)}
