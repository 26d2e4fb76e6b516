"""Statements that are spelled once: their own values, one row and many, and what they answer."""

from __future__ import annotations

import sqlalchemy as sa

from app.store import spelled
from app.store.database import Database
from app.store.records import insert_into
from app.store.tables import person

ANN, BOT = {"id": 1, "login": "100%", "bot": False}, {"id": 2, "login": "b'\"?:x %s", "bot": True}
_NAMED = sa.select(person.c.id).where(person.c.login.like("b%"), person.c.bot == sa.bindparam("bot"))
_RENAME = sa.update(person).where(person.c.id == sa.bindparam("of")).values(login=sa.bindparam("to"), bot=True)


def put(database: Database, *rows: dict[str, object]) -> None:
    with database.transaction() as conn:
        spelled.run(conn, insert_into(conn.dialect.name, person), rows)


def stored(database: Database) -> list[tuple[object, ...]]:
    with database.reading() as conn:
        return sorted(map(tuple, conn.execute(sa.select(person))))


def test_one_row_and_many_are_written_whatever_they_hold(database: Database):
    put(database, ANN)
    put(database, BOT, dict(reversed(list((ANN | {"id": 3}).items()))))
    assert stored(database) == [(1, "100%", False), (2, BOT["login"], True), (3, "100%", False)]


def test_values_of_the_statement_itself_go_along(database: Database):
    put(database, ANN, BOT)
    with database.transaction() as conn:
        assert spelled.run(conn, _NAMED, [{"bot": True}]).scalars().all() == [2]
        assert spelled.run(conn, _NAMED, [{"bot": False}]).all() == []
        spelled.run(conn, _RENAME, [{"of": 1, "to": "ann"}, {"of": 2, "to": "b"}])
    assert stored(database) == [(1, "ann", True), (2, "b", True)]
