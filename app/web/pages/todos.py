"""`/todos`: who promised what? Open to-dos by owner, with the day each is due, where it was said, its age in meetings.

`?owner=` shows one person's (`@me`: the visitor's), `?series=` those of one series of meetings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core.clause import ME
from app.core.names import fold
from app.store import todo_list
from app.store.todo_list import Promise
from app.store.visibility import visible
from app.web.desk import Asked, Desk, Rows


@dataclass(frozen=True, slots=True)
class Owned:
    """What people owe jointly, or one alone. `owners`: logins or names; `mine`: whether the visitor is one of them."""

    owners: tuple[str, ...]
    mine: bool
    todos: tuple[Promise, ...]


@dataclass(frozen=True, slots=True)
class Todos:
    """The page. `total` are shown, `overdue` of them too late; `more`: there are others that have no place here."""

    total: int
    overdue: int
    more: bool
    owner: str
    series: str
    today: date
    groups: tuple[Owned, ...]


def compute(conn: sa.Connection, asked: Asked) -> Todos:
    """What the visitor may see: first what they owe themselves, then those whose first to-do is due first."""
    found = todo_list.open_ones(conn, visible(asked.visitor), asked.now)
    owner, series = asked.parameter("owner"), asked.parameter("series")
    login = asked.visitor.login if owner == ME else owner.removeprefix("@")
    mine = [one for one in found if _is(one, login if owner else None, series)]
    today = asked.at.date()
    late = sum(one.due is not None and one.due < today for one in mine)
    return Todos(
        len(mine), late, len(found) == todo_list.MOST, owner, series, today, _grouped(mine, asked.visitor.login)
    )


def _is(one: Promise, owner: str | None, series: str) -> bool:
    """`owner` None: anybody's; "" is nobody."""
    mine = owner is None or any(fold(name.removeprefix("@")) == fold(owner) for name in one.owners)
    return mine and series in {"", one.series}


def _grouped(found: list[Promise], login: str) -> tuple[Owned, ...]:
    groups: dict[frozenset[str], list[Promise]] = {}
    for one in found:
        groups.setdefault(frozenset(fold(name.removeprefix("@")) for name in one.owners), []).append(one)
    made = (Owned(group[0].owners, fold(login) in owners, tuple(group)) for owners, group in groups.items())
    return tuple(sorted(made, key=lambda one: not one.mine))


def table(found: Todos) -> Rows:
    """One row a to-do."""
    heading = (
        "id",
        "owners",
        "text",
        "due",
        "about",
        "waits_for",
        "said_in",
        "origin",
        "said_by",
        "series",
        "day",
        "meetings",
    )
    rows: list[tuple[object, ...]] = [heading]
    for group in found.groups:
        rows += [
            (
                one.id, ", ".join(one.owners), one.text, one.due, one.about, one.waits_for, one.home, one.origin, one.by,
                one.series, one.day, one.meetings,
            )
            for one in group.todos
        ]  # fmt: skip
    return rows


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/todos", methods=["GET", "HEAD"])
    @router.api_route("/todos.{form}", methods=["GET", "HEAD"])
    async def todos(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "todos.html", compute, table)

    return router
