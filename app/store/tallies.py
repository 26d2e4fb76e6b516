"""Counts by week and labels of open issues: what a batch changes in them, written together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from app.core.facts import Known, week_of
from app.store import spelled
from app.store import tables as t
from app.store.keyed import Key
from app.store.records import insert_into

Cell = tuple[int, int, int, bool]
"""Label id (0: all), repository id, week, whether of pull requests."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How an issue is counted. `opened`, `closed`: the weeks in which it was."""

    open: bool
    pull_request: bool
    opened: int
    closed: int | None
    labels: tuple[int, ...]

    @classmethod
    def of(cls, known: Known, pull_request: bool) -> Counted:
        closed = None if known.closed_at is None else week_of(known.closed_at)
        return cls(known.open, pull_request, week_of(known.created_at), closed, tuple(sorted(known.labels)))

    @classmethod
    def read(cls, text: str | None) -> Counted | None:
        """What `text` made."""
        if text is None:
            return None
        open_, pull_request, opened, closed, labels = msgspec.json.decode(text)
        return cls(bool(open_), bool(pull_request), opened, closed, tuple(labels))

    def text(self) -> str:
        whole = [int(self.open), int(self.pull_request), self.opened, self.closed, self.labels]
        return msgspec.json.encode(whole).decode()

    def shown(self) -> frozenset[int]:
        """Under which labels it is in `open_label`."""
        return frozenset(self.labels) if self.open else frozenset()

    def cells(self, repository_id: int) -> Iterator[tuple[Cell, int]]:
        """(cell, 0 for opened or 1 for closed)."""
        for label_id in (0, *self.labels):
            yield (label_id, repository_id, self.opened, self.pull_request), 0
            if self.closed is not None:
                yield (label_id, repository_id, self.closed, self.pull_request), 1


@dataclass(slots=True)
class Tally:
    """What is counted otherwise than before."""

    sums: dict[Cell, list[int]] = field(default_factory=dict)
    hidden: list[dict[str, int]] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)

    def change(self, key: Key, before: Counted | None, now: Counted | None) -> None:
        """An issue was counted like that, and is like this now."""
        if before == now:
            return
        for counted, step in ((before, -1), (now, 1)):
            for cell, which in counted.cells(key[0]) if counted else ():
                self.sums.setdefault(cell, [0, 0])[which] += step
        gone = (before.shown() if before else frozenset()) - (now.shown() if now else frozenset())
        self.hidden.extend({"l": label_id, "r": key[0], "n": key[1]} for label_id in sorted(gone))

    def show(self, key: Key, known: Known, pull_request: bool, waiting_on: int) -> None:
        """An open issue, under each of its labels."""
        self.shown.extend(
            {
                "label_id": label_id, "repository_id": key[0], "number": key[1], "pull_request": pull_request,
                "waiting_on": waiting_on, "created_at": known.created_at, "updated_at": known.updated_at,
            }
            for label_id in sorted(known.labels)
        )  # fmt: skip

    def add(self, other: Tally) -> None:
        """What changes of another issue."""
        for cell, (opened, closed) in other.sums.items():
            sums = self.sums.setdefault(cell, [0, 0])
            sums[0] += opened
            sums[1] += closed
        self.hidden += other.hidden
        self.shown += other.shown


def write(conn: sa.Connection, tally: Tally) -> None:
    """In the order of the keys, so that two writers do not lock each other out."""
    if tally.hidden:
        spelled.run(conn, _HIDE, tally.hidden)
    if tally.shown:
        spelled.run(conn, _show(conn.dialect.name), sorted(tally.shown, key=_place))
    sums = {cell: sums for cell, sums in sorted(tally.sums.items()) if any(sums)}
    if sums:
        names = ("label_id", "repository_id", "week", "pull_request", "opened", "closed")
        spelled.run(conn, _add(conn.dialect.name), [dict(zip(names, (*c, *s), strict=True)) for c, s in sums.items()])
    if less := [dict(zip("lrwp", cell, strict=True)) for cell, both in sums.items() if min(both) < 0]:
        spelled.run(conn, _EMPTY, less)


def _place(row: Mapping[str, Any]) -> tuple[int, int, int]:
    return row["label_id"], row["repository_id"], row["number"]


_HIDE = sa.delete(t.open_label).where(
    t.open_label.c.label_id == sa.bindparam("l"),
    t.open_label.c.repository_id == sa.bindparam("r"),
    t.open_label.c.number == sa.bindparam("n"),
)
_EMPTY = sa.delete(t.stat_week).where(
    t.stat_week.c.label_id == sa.bindparam("l"),
    t.stat_week.c.repository_id == sa.bindparam("r"),
    t.stat_week.c.week == sa.bindparam("w"),
    t.stat_week.c.pull_request == sa.bindparam("p"),
    t.stat_week.c.opened == 0,
    t.stat_week.c.closed == 0,
)


@cache
def _show(dialect: str) -> sa.Executable:
    made = insert_into(dialect, t.open_label)
    names = ("pull_request", "waiting_on", "created_at", "updated_at")
    changes = {name: made.excluded[name] for name in names}
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["label_id", "repository_id", "number"], set_=changes
    )
    return statement


@cache
def _add(dialect: str) -> sa.Executable:
    made = insert_into(dialect, t.stat_week)
    changes = {name: t.stat_week.c[name] + made.excluded[name] for name in ("opened", "closed")}
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["label_id", "repository_id", "week", "pull_request"], set_=changes
    )
    return statement
