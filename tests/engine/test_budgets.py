from __future__ import annotations

import json

from app.engine import budgets
from app.github.limits import Budget
from app.store import status_read
from app.store.database import Database
from tests.engine.fakes import Clock, FakeGitHub, filled, services, widgets


async def test_what_github_left_is_noted_once_it_is_known(database: Database):
    github, clock = FakeGitHub(widgets()), Clock()
    await filled(services(database, github, clock))
    name = status_read.budget_fact(5)
    await budgets.note(database, github, clock)
    assert await database.read(lambda conn: status_read.facts(conn, [name])) == {}
    github.left = Budget(5000, 4321, 1_800_000_000.0)
    await budgets.note(database, github, clock)
    told = await database.read(lambda conn: status_read.facts(conn, [name]))
    assert json.loads(told[name]) == {"limit": 5000, "remaining": 4321, "reset": 1_800_000_000_000, "at": clock()}
