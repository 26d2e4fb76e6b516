"""`rounds sync`: fills the mirror, also before anything was ever served."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.cli import sync as module
from app.sandbox.faults import Fault
from app.store import mirror, tables
from app.store.database import Database
from tests.cli.conftest import environment
from tests.journeys.town import Town


@pytest.fixture
async def unserved(tmp_path: Path, rounds):
    """A town where Rounds never ran, with an issue in it."""
    async with Town.open(f"sqlite:///{tmp_path}/rounds.db", begin=False) as opened:
        opened.world.open_issue("acme/widgets", "It broke", by="rita")
        rounds.set(**environment(opened.settings) | {"DATABASE_URL": f"sqlite:///{tmp_path}/new/rounds.db"})
        yield opened


def read(path: Path):
    """Repositories that were read whole, and the issue."""
    database = Database.open(f"sqlite:///{path}/new/rounds.db")
    with database.reading() as conn:
        known = {found.repository.full_name: found for found in mirror.repositories(conn)}
        widgets = known["acme/widgets"]
        issue = mirror.issue(conn, widgets.repository.id, 1)
    database.close()
    return [name for name, found in known.items() if found.issues_at], issue


async def test_before_the_first_start(rounds, unserved, tmp_path):
    said = await rounds.later("sync", "acme/widgets")
    assert said.status == 0
    assert "acme/widgets" in said.err
    assert "1 issues" in said.err
    names, issue = read(tmp_path)
    assert names == ["acme/widgets"]
    assert issue.title == "It broke"


async def test_again_brings_what_changed(rounds, unserved, tmp_path):
    await rounds.later("sync", "acme/widgets")
    issue = unserved.world.issue("acme/widgets", 1)
    unserved.world.add_labels(issue, ["bug"], by="tim")
    await rounds.later("sync", "ACME/Widgets", "acme/gadgets")
    names, mirrored = read(tmp_path)
    assert names == ["acme/gadgets", "acme/widgets"]
    assert mirrored.labels == ("bug",)


async def test_at_a_limit_it_says_when_it_goes_on_and_reads_nothing_twice(rounds, unserved, tmp_path, monkeypatch):
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(module, "_sleep", sleep)
    unserved.sandbox.faults.add(Fault(path="widgets/issues/comments", status=429, headers={"retry-after": "1"}))
    said = await rounds.later("sync", "acme/widgets")
    assert said.status == 0
    assert len(slept) == 1
    assert "acme/widgets: GitHub's limit is reached; goes on in 1 min." in " ".join(said.err.split())
    lists = [call for call in unserved.calls_since(0) if call == "GET /repos/{}/{}/issues"]
    assert len(lists) == 2  # the newest for its number, then all of them
    assert read(tmp_path)[0] == ["acme/widgets"]


async def test_facts_are_computed_anew_without_github(rounds, unserved, tmp_path):
    await rounds.later("sync", "acme/widgets")
    database = Database.open(f"sqlite:///{tmp_path}/new/rounds.db")
    with database.transaction() as conn:
        conn.execute(sa.update(tables.issue).values(waiting_on=2))
        conn.execute(sa.delete(tables.stat_week))
    rounds.set(GITHUB_API_URL="http://127.0.0.1:9")
    said = await rounds.later("sync", "--rebuild", "acme/widgets")
    assert said.status == 0
    with database.reading() as conn:
        assert 2 not in conn.execute(sa.select(tables.issue.c.waiting_on)).scalars().all()
        assert conn.execute(sa.select(tables.stat_week.c.opened)).scalars().all() == [1]
    database.close()


@pytest.mark.usefixtures("unserved")
@pytest.mark.parametrize("name", ["widgets", "acme/", "a/b/c", "nobody/nothing"])
async def test_names_that_name_nothing(rounds, name):
    said = await rounds.later("sync", name)
    assert said.status == 1
    assert said.err.startswith(f"{name} is ")
