"""Keeps what is derived from the mirror: facts of issues, label spans, labels of open issues, counts by week.

`refresh` computes issues anew from what is stored and writes what differs, in the transaction that changed them. Since it
adds nothing to what was derived before, neither order nor repetition of deliveries makes a difference.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

import sqlalchemy as sa

from app.core import facts as rules
from app.store import evidence, issue_rows, spelled, tallies, versions
from app.store import tables as t
from app.store.evidence import Evidence
from app.store.issue_rows import Row
from app.store.keyed import Key
from app.store.records import insert_into
from app.store.tallies import Counted, Tally

AT_ONCE = 250
"""Issues computed together: some milliseconds."""
COLUMNS = (*rules.Facts._fields, "counted")
"""Those of an issue that are derived."""
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


@dataclass(slots=True)
class Derived:
    """What is derived of issues otherwise than it is stored: written together."""

    tally: Tally = field(default_factory=Tally)
    gone: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)

    def of(self, base: Evidence) -> Row:
        """The derived columns of an issue, to be written by the caller; what belongs elsewhere is noted."""
        known = base.known()
        facts = rules.derive(known, base.said, base.happened)
        pull_request, removed = bool(base.row["pull_request"]), bool(base.row["removed"])
        now = None if removed else Counted.of(known, pull_request)
        self.tally.change(base.key, Counted.read(base.row["counted"]), now)
        if now is not None and now.open:
            self.tally.show(base.key, known, pull_request, facts.waiting_on)
        self._spans(base, set() if removed else set(rules.spans(known, base.happened)))
        return facts._asdict() | {"counted": now.text() if now else None}

    def add(self, other: Derived) -> None:
        """That of another issue too."""
        self.tally.add(other.tally)
        self.gone += other.gone
        self.new += other.new

    def write(self, conn: sa.Connection) -> None:
        if self.gone:
            spelled.run(conn, _UNSPAN, self.gone)
        if self.new:
            spelled.run(conn, _span(conn.dialect.name), self.new)
        tallies.write(conn, self.tally)

    def _spans(self, base: Evidence, wanted: set[rules.Span]) -> None:
        if wanted == base.spans:
            return
        kept = {(span.label_id, span.since) for span in wanted}
        self.gone += [
            {"r": base.key[0], "n": base.key[1], "l": span.label_id, "s": span.since}
            for span in sorted(base.spans, key=_beginning)
            if (span.label_id, span.since) not in kept
        ]
        place: Row = {"repository_id": base.key[0], "number": base.key[1]}
        self.new += [place | span._asdict() for span in sorted(wanted - base.spans, key=_beginning)]


def _beginning(span: rules.Span) -> tuple[int, int]:
    return span.label_id, span.since


def _refresh(conn: sa.Connection, keys: Collection[Key]) -> None:
    derived = Derived()
    found = [base for base in evidence.read(conn, dict.fromkeys(keys, 0)) if base.stored]
    issue_rows.change(conn, [(base.row, {**base.row, **derived.of(base)}) for base in found])
    derived.write(conn)


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
