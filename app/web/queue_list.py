"""The queues of all repositories that a visitor may see: those that are alike are one, whoever declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.core.filter import canonical, from_words
from app.store import tables as t
from app.store.visibility import Visitor, visible
from app.web import holding, queue_rules
from app.web.queue_rules import QueueRule


def _mine(id_: str, title: str, words: str, resolution: str) -> QueueRule:
    return QueueRule(id_, title, words, resolution, from_words(words).filter)


MINE = (
    _mine("assigned-to-you", "Assigned to you", "assignee:@me", "it is closed, or you are taken off it with /unassign"),
    _mine("asked-of-you", "Waiting for your answer", "author:@me waiting:author", "you answer, or it is closed"),
)
"""What of everybody's issues waits for one person."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A rule and the repositories where it holds, by id. `address`: of its page."""

    rule: QueueRule
    repositories: Mapping[int, str]
    address: str


def of(conn: sa.Connection, visitor: Visitor, names: Mapping[int, str], folder: Path | None) -> list[Queue]:
    """In the order of the configurations, the server's first.

    `names`: of all that the visitor may see; `folder`: of the server's configuration.
    """
    texts = holding.texts(conn, visitor, names)
    held: dict[QueueRule, dict[int, str]] = {rule: {} for rule in queue_rules.parsed(None, folder)}
    for id_, name in names.items():
        for rule in queue_rules.parsed(texts[id_], folder) if id_ in texts else ():
            held.setdefault(rule, {})[id_] = name
    return _addressed({rule: where for rule, where in held.items() if where})


def mine(visitor: Visitor, names: Mapping[int, str]) -> list[Queue]:
    """What waits for the visitor in these repositories; nothing for who is not signed in."""
    rules = MINE if visitor.signed_in and names else ()
    return [Queue(rule, names, f"/issues?{canonical(rule.filter)}") for rule in rules]


def find(queues: Iterable[Queue], name: str, repository: str) -> Queue | None:
    """The one of that name, where several have it that of the repository with that full name."""
    named = [queue for queue in queues if queue.rule.id == name]
    if not repository:
        return named[0] if named else None
    there = (queue for queue in named if repository.lower() in {one.lower() for one in queue.repositories.values()})
    return next(there, None)


def names(conn: sa.Connection, visitor: Visitor) -> dict[int, str]:
    """Of all repositories that the visitor may see, by id."""
    query = sa.select(t.repository.c.id, t.repository.c.full_name).where(t.repository.c.id.in_(visible(visitor)))
    return dict(tuple(row) for row in conn.execute(query.order_by(sa.func.lower(t.repository.c.full_name))))


def _addressed(held: Mapping[QueueRule, dict[int, str]]) -> list[Queue]:
    """The first of a name has the short address, the others say one of their repositories."""
    found: list[Queue] = []
    taken: set[str] = set()
    for rule, where in held.items():
        of = f"?repo={next(iter(where.values()))}" if rule.id in taken else ""
        taken.add(rule.id)
        found.append(Queue(rule, where, f"/queues/{rule.id}{of}"))
    return found
