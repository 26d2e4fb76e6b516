"""Rows by GitHub's ids: several tables read together, only what differs is written."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.store import rows
from app.store import tables as t
from app.store.database import Database
from tests.engine.fakes import statements

ANN = {"id": 1, "login": "ann", "bot": False}
BOT = {"id": 2**53 + 1, "login": "é[bot] \"'\\ \u2028", "bot": True}
BUG = {"id": 7, "repository_id": 77, "name": "bug", "color": "d73a4a", "description": ""}
V1 = {"id": 3, "repository_id": 77, "number": 1, "title": "v1", "open": True, "due_on": None}


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as conn:
        rows.write(conn, [(t.person, [BOT, ANN]), (t.milestone, [V1])], adds=[(t.label, [BUG])])
    return database


def stored(database: Database, table: sa.Table) -> list[dict]:
    with database.reading() as conn:
        return [dict(row) for row in conn.execute(sa.select(table).order_by(table.c.id)).mappings()]


def test_what_is_there_as_it_should_be_is_read_in_one_statement_and_not_written(filled):
    with statements(filled, ["SELECT", "INSERT"]) as seen, filled.transaction() as conn:
        rows.write(conn, [(t.person, [ANN, BOT]), (t.milestone, [V1]), (t.repository, [])], adds=[(t.label, [BUG])])
    assert len(seen) == 1
    assert stored(filled, t.person) == [ANN, BOT]


def test_what_differs_is_changed_and_other_columns_stay(filled):
    with filled.transaction() as conn:
        rows.write(conn, [(t.milestone, [{"id": 3, "repository_id": 77, "number": 1, "title": "v2"}])])
        rows.write(conn, [(t.person, [ANN | {"login": "anna"}, {"id": 5, "login": "tim", "bot": False}])])
    assert stored(filled, t.milestone) == [V1 | {"title": "v2"}]
    assert [row["login"] for row in stored(filled, t.person)] == ["anna", "tim", BOT["login"]]


def test_what_is_only_added_corrects_nothing(filled):
    with filled.transaction() as conn:
        rows.write(conn, [], adds=[(t.label, [BUG | {"name": "old"}, BUG | {"id": 8, "name": "new"}])])
    assert [row["name"] for row in stored(filled, t.label)] == ["bug", "new"]


def test_nothing_is_asked_where_there_is_nothing_to_write(database):
    with statements(database, ["SELECT"]) as seen, database.transaction() as conn:
        rows.write(conn, [(t.person, [])], adds=[])
    assert seen == []
