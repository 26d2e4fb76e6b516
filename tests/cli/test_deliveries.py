"""`rounds deliveries`: what came, what failed and why, and once more."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.store import deliveries
from app.store.database import Database
from app.store.tables import inbox

GUIDS = ("5e1c0a52-0000-4000-8000-000000000001", "5e1c0a52-0000-4000-8000-000000000002")


def put(database: Database, **columns: object) -> None:
    row = {
        "event": "issue_comment", "action": "created", "repository": "acme/widgets", "number": 12, "actor": "tim",
        "received_at": 1_700_000_000_000, "state": "done", "body": b'{"comment": {"body": "/label bug"}}',
    }  # fmt: skip
    with database.transaction() as conn:
        conn.execute(sa.insert(inbox).values(row | columns))


@pytest.fixture
def stored(rounds, tmp_path):
    """A database with one delivery that is done and one that failed."""
    url = f"sqlite:///{tmp_path}/rounds.db"
    database = Database.open(url)
    database.migrate()
    rounds.set(DATABASE_URL=url)
    put(database, guid=GUIDS[0])
    put(
        database, guid=GUIDS[1], state="failed", reason="GitHub refused: 403 [red]\x1b[2J", handled_at=1_700_000_001_000
    )
    yield database
    database.close()


def states(database: Database) -> list[str]:
    with database.reading() as conn:
        return [found.state for found in reversed(deliveries.listing(conn))]


@pytest.mark.usefixtures("stored")
def test_the_list_has_the_newest_first(rounds):
    said = rounds("deliveries", "list")
    assert said.status == 0
    head, *rows = [line for line in said.out.splitlines() if line.strip(" ─")]
    assert head.split() == ["id", "received", "event", "issue", "actor", "state", "why"]
    assert rows[0].split()[:6] == ["2", "2023-11-14", "22:13:20", "issue_comment.created", "acme/widgets#12", "tim"]
    assert "failed" in rows[0]
    assert "done" in rows[1]


@pytest.mark.usefixtures("stored")
def test_only_those_that_failed_and_why(rounds):
    said = rounds("deliveries", "list", "--failed")
    assert "403 [red] [2J" in said.out
    assert "done" not in said.out
    assert "\x1b[2J" not in said.out


@pytest.mark.usefixtures("stored")
def test_the_list_for_programs(rounds):
    (newest,) = json.loads(rounds("deliveries", "list", "--json", "--limit", "1").out)
    assert (newest["id"], newest["guid"], newest["state"]) == (2, GUIDS[1], "failed")
    assert "body" not in newest


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("name", ["2", GUIDS[1]])
def test_one_delivery_by_number_and_by_guid(rounds, name):
    said = rounds("deliveries", "show", name)
    assert said.status == 0
    for words in (GUIDS[1], "failed", "acme/widgets#12", "GitHub refused: 403"):
        assert words in said.out
    assert "/label bug" not in said.out


@pytest.mark.usefixtures("stored")
def test_the_body_only_on_request(rounds):
    shown = json.loads(rounds("deliveries", "show", "1", "--body").out)
    assert shown["body"] == {"comment": {"body": "/label bug"}}


@pytest.mark.usefixtures("stored")
def test_an_unknown_delivery(rounds):
    for name in ("77", "no-such-guid"):
        said = rounds("deliveries", "show", name)
        assert said.status == 1
        assert f"There is no delivery {name}" in said.err


def test_what_failed_runs_again(rounds, stored):
    assert rounds("deliveries", "retry", "2") == (0, "1 of them will run again.\n", "")
    assert states(stored) == ["done", "waiting"]


def test_all_that_failed_run_again(rounds, stored):
    assert rounds("deliveries", "retry", "--failed").out == "1 of them will run again.\n"
    assert states(stored) == ["done", "waiting"]
    assert rounds("deliveries", "retry", "--failed").out == "Nothing to run again.\n"


def test_what_is_done_is_not_done_again(rounds, stored):
    said = rounds("deliveries", "retry", GUIDS[0])
    assert "1 has not failed" in said.out
    assert states(stored) == ["done", "failed"]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("words", [[], ["2", "--failed"]])
def test_retry_wants_to_know_which(rounds, words):
    said = rounds("deliveries", "retry", *words)
    assert said.status == 1
    assert "--failed" in said.err


def test_looking_makes_no_database(rounds, tmp_path):
    rounds.set(DATABASE_URL=f"sqlite:///{tmp_path}/other.db")
    said = rounds("deliveries", "list")
    assert said.status == 1
    assert "There is no database" in said.err
    assert not (tmp_path / "other.db").exists()


async def test_what_a_town_sent_is_listed(rounds, town):
    issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
    await town.says(issue, "tim", "/label bug")
    found = json.loads((await rounds.later("deliveries", "list", "--json")).out)
    (command,) = [one for one in found if one["event"] == "issue_comment"]
    assert (command["state"], command["actor"], command["issue"]) == ("done", "tim", f"acme/widgets#{issue.number}")
