"""Keeps what is derived from the mirror: facts of issues, label spans, labels of open issues, counts by week.

`refresh` computes issues anew from what is stored and writes what differs, in the transaction that changed them. Since it
adds nothing to what was derived before, neither order nor repetition of deliveries makes a difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core import facts as rules
from app.store import evidence, tallies, versions
from app.store import tables as t
from app.store.evidence import Evidence
from app.store.keyed import Key
from app.store.records import insert_into
from app.store.tallies import Counted, Tally

AT_ONCE = 250
"""Issues computed together: some milliseconds."""
_OWN = (t.label_span, t.open_label, t.stat_week, t.issue_comment, t.issue_event, t.issue_text, t.collaborator)


def refresh(conn: sa.Connection, keys: Collection[Key]) -> None:
    """Compute these issues anew; one that is not stored is passed over."""
    ordered = sorted(set(keys))
    for first in range(0, len(ordered), AT_ONCE):
        _refresh(conn, ordered[first : first + AT_ONCE])
    versions.bump(conn, {repository_id for repository_id, _ in ordered})


def rebuild(conn: sa.Connection, repository_id: int, after: int = 0, most: int = 2_000) -> int | None:
    """Compute the next `most` issues of a repository, by number after that one, anew from nothing.

    Answers the last number, to go on from, None when there are no more. Begin with `forget` where something was computed.
    """
    of = sa.select(t.issue.c.number).where(t.issue.c.repository_id == repository_id, t.issue.c.number > after)
    numbers = conn.execute(of.order_by(t.issue.c.number).limit(most)).scalars().all()
    refresh(conn, [(repository_id, number) for number in numbers])
    return numbers[-1] if numbers else None


def forget(conn: sa.Connection, repository_id: int) -> None:
    """Drop all that is derived of a repository: `rebuild` computes it anew."""
    for table in (t.label_span, t.open_label, t.stat_week):
        conn.execute(sa.delete(table).where(table.c.repository_id == repository_id))
    conn.execute(sa.update(t.issue).where(t.issue.c.repository_id == repository_id).values(counted=None))


def uncounted(conn: sa.Connection, repository_id: int, numbers: Collection[int]) -> set[Key]:
    """Those of these issues that were never computed, or were removed and are back."""
    asked = {"repository": repository_id, "numbers": list(numbers)}
    return {(repository_id, number) for number in conn.execute(_UNCOUNTED, asked).scalars()}


def drop_repository(conn: sa.Connection, repository_id: int) -> None:
    """It is gone: what was derived, and what it was derived from."""
    for table in _OWN:
        conn.execute(sa.delete(table).where(table.c.repository_id == repository_id))
    versions.bump(conn, [repository_id])


def drop_labels(conn: sa.Connection, ids: Collection[int]) -> None:
    """They are deleted: their history goes with them, as on GitHub. Call it before the issues lose them."""
    on = sa.select(t.issue_label.c.repository_id, t.issue_label.c.number).where(t.issue_label.c.label_id.in_(ids))
    keys = [(row.repository_id, row.number) for row in conn.execute(on)]
    homes = conn.execute(sa.select(t.label.c.repository_id).where(t.label.c.id.in_(ids))).scalars().all()
    conn.execute(sa.delete(t.issue_label).where(t.issue_label.c.label_id.in_(ids)))
    conn.execute(sa.delete(t.issue_event).where(t.issue_event.c.label_id.in_(ids)))
    refresh(conn, keys)
    for table in (t.label_span, t.open_label, t.stat_week):
        conn.execute(sa.delete(table).where(table.c.label_id.in_(ids)))
    versions.bump(conn, homes)


def carrying(conn: sa.Connection, label_ids: Collection[int]) -> list[Key]:
    """The issues that have one of these labels."""
    on = sa.select(t.issue_label.c.repository_id, t.issue_label.c.number).where(t.issue_label.c.label_id.in_(label_ids))
    return [(row.repository_id, row.number) for row in conn.execute(on)]


def spoken_by(conn: sa.Connection, people: Collection[Key]) -> list[Key]:
    """Open issues that people (repository id, person id) wrote or commented on."""
    found: set[Key] = set()
    for repository_id, person_id in people:
        asked = {"repository": repository_id, "person": person_id}
        for query in (_WRITTEN, _COMMENTED):
            found.update((repository_id, number) for number in conn.execute(query, asked).scalars())
    return sorted(found)


_UNCOUNTED = sa.select(t.issue.c.number).where(
    t.issue.c.repository_id == sa.bindparam("repository"),
    t.issue.c.number.in_(sa.bindparam("numbers", expanding=True)),
    t.issue.c.counted.is_(None),
    t.issue.c.removed.is_(False),
)
_STILL = (t.issue.c.repository_id == sa.bindparam("repository"), t.issue.c.open.is_(True))
_WRITTEN = sa.select(t.issue.c.number).where(*_STILL, t.issue.c.author_id == sa.bindparam("person"))
_COMMENTED = (
    sa.select(t.issue.c.number)
    .join(
        t.issue_comment,
        sa.and_(
            t.issue_comment.c.repository_id == t.issue.c.repository_id, t.issue_comment.c.number == t.issue.c.number
        ),
    )
    .where(*_STILL, t.issue_comment.c.person_id == sa.bindparam("person"))
    .distinct()
)


def _refresh(conn: sa.Connection, keys: Collection[Key]) -> None:
    tally = Tally()
    changed: list[dict[str, Any]] = []
    counted: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for base in evidence.read(conn, keys):
        row = _row(base, tally)
        if any(row[name] != base.stored[name] for name in rules.Facts._fields):
            changed.append(row)
        elif row["counted"] != base.stored["counted"]:
            counted.append(row)
        _spans(base, gone, new)
    if changed:
        conn.execute(_SET, changed)
    if counted:
        conn.execute(_COUNT, [{name: row[name] for name in ("r", "n", "counted")} for row in counted])
    if gone:
        conn.execute(_UNSPAN, gone)
    if new:
        conn.execute(_span(conn.dialect.name), new)
    tallies.write(conn, tally)


def _row(base: Evidence, tally: Tally) -> dict[str, Any]:
    """The issue's derived columns; notes in the tally what is counted otherwise than before."""
    facts = rules.derive(base.known, base.said, base.happened)
    now = None if base.removed else Counted.of(base.known, base.pull_request)
    tally.change(base.key, Counted.read(base.stored["counted"]), now)
    if now is not None and now.open:
        tally.show(base.key, base.known, base.pull_request, facts.waiting_on)
    values = facts._asdict() | {"counted": now.text() if now else None}
    return {"r": base.key[0], "n": base.key[1]} | values


def _spans(base: Evidence, gone: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    wanted = set() if base.removed else set(rules.spans(base.known, base.happened))
    place: Mapping[str, int] = {"repository_id": base.key[0], "number": base.key[1]}
    kept = {(span.label_id, span.since) for span in wanted}
    gone.extend(
        {"r": base.key[0], "n": base.key[1], "l": span.label_id, "s": span.since}
        for span in sorted(base.spans)
        if (span.label_id, span.since) not in kept
    )
    new.extend({**place, **span._asdict()} for span in sorted(wanted - base.spans, key=lambda one: one[:2]))


_HERE = sa.update(t.issue).where(t.issue.c.repository_id == sa.bindparam("r"), t.issue.c.number == sa.bindparam("n"))
_SET = _HERE.values({name: sa.bindparam(name) for name in (*rules.Facts._fields, "counted")})
_COUNT = _HERE.values(counted=sa.bindparam("counted"))
"""No index holds it, so that SQLite writes none."""
_UNSPAN = sa.delete(t.label_span).where(
    t.label_span.c.repository_id == sa.bindparam("r"),
    t.label_span.c.number == sa.bindparam("n"),
    t.label_span.c.label_id == sa.bindparam("l"),
    t.label_span.c.since == sa.bindparam("s"),
)


@cache
def _span(dialect: str) -> sa.Executable:
    made = insert_into(dialect, t.label_span)
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["repository_id", "number", "label_id", "since"], set_={"until": made.excluded.until}
    )
    return statement
