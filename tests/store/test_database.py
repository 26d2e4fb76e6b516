from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import Mistake, Unavailable
from app.store import database as module
from app.store.database import Database
from tests.postgres import PostgresServer


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_gets_our_driver(scheme: str):
    assert module.parse(f"{scheme}://u:p@h/db").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://h/db", "sqlite://", "sqlite:///:memory:", "sqlite://host/x.db"]
)
def test_other_addresses_are_a_mistake_that_shows_examples(url: str):
    with pytest.raises(Mistake, match=r"ROUNDS_DATABASE_URL .*sqlite:///data/rounds\.db"):
        Database.open(url)


def test_sqlite_makes_its_folder_and_waits_for_the_disk(tmp_path: Path):
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/a/b/rounds.db")) as database:
        assert database.folder == tmp_path / "a" / "b"
        with database.reading() as connection:
            pragmas = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
            ]
        assert pragmas == ["wal", 2]  # 2: FULL


def test_a_relative_address_is_below_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with contextlib.closing(Database.open("sqlite:///data/rounds.db")):
        assert (tmp_path / "data" / "rounds.db").exists()


def test_a_folder_that_cant_be_made_is_a_mistake(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(Mistake, match=r"folder .*/file can't be made"):
        Database.open(f"sqlite:///{tmp_path}/file/rounds.db")


def test_a_file_that_is_no_database_is_a_mistake(tmp_path: Path):
    (tmp_path / "rounds.db").write_bytes(b"x" * 5000)
    with pytest.raises(Mistake, match=r"can't be opened \(file is not a database\)"):
        Database.open(f"sqlite:///{tmp_path}/rounds.db")


def test_a_server_that_is_not_there_is_a_mistake_without_the_password():
    with pytest.raises(Mistake, match="does not answer") as caught:
        Database.open("postgresql://rounds:sesame@127.0.0.1:1/rounds")
    assert "sesame" not in str(caught.value)


def test_a_receiver_may_open_what_is_away():
    database = Database.open("postgresql://127.0.0.1:1/rounds", connect=False)
    with contextlib.closing(database), pytest.raises(Unavailable), database.reading():
        pass


async def test_work_is_committed_whole_or_not_at_all(database: Database):
    await database.run(_keep("one"))

    def half(connection: sa.Connection) -> None:
        _keep("two")(connection)
        raise KeyError("half way")

    with pytest.raises(KeyError):
        await database.run(half)
    assert await database.read(_names) == ["one"]


async def test_a_wrong_statement_is_not_called_unavailable(database: Database):
    with pytest.raises(sa.exc.DBAPIError):
        await database.read(lambda connection: connection.execute(sa.text("SELECT nothing FROM nowhere")))


async def test_increments_from_many_tasks_are_all_kept_on_sqlite(tmp_path: Path):
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/rounds.db")) as database:
        database.migrate()
        await database.run(_keep("counter", "0"))
        await asyncio.gather(*(database.run(_increment) for _ in range(40)))
        assert await database.read(lambda conn: conn.execute(sa.text("SELECT value FROM progress")).scalar()) == "40"


async def test_readers_do_not_wait_for_a_writer(database: Database):
    with database.transaction() as writer:
        _keep("unseen")(writer)
        assert await asyncio.wait_for(database.read(_names), 5) == []
    assert await database.read(_names) == ["unseen"]


async def test_a_reader_sees_one_state_of_the_data(database: Database):
    with database.reading() as reader:
        assert _names(reader) == []
        await database.run(_keep("meanwhile"))
        assert _names(reader) == []


async def test_a_forgotten_transaction_is_cut_off_on_postgresql(postgres: str):
    with contextlib.closing(Database.open(postgres)) as database, database.reading() as connection:
        assert connection.execute(sa.text("SHOW idle_in_transaction_session_timeout")).scalar() == "15s"


async def test_reads_are_planned_for_their_values_on_postgresql(postgres: str):
    """Once the way of planning is left to PostgreSQL, it may change after ten times."""
    with contextlib.closing(Database.open(postgres)) as database:
        asked = sa.text("SHOW plan_cache_mode")
        assert await database.read(lambda conn: conn.execute(asked).scalar_one()) == "force_custom_plan"
        assert await database.run(lambda conn: conn.execute(asked).scalar_one()) == "auto"


async def test_a_lock_that_is_never_given_back_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BUSY_SECONDS", 0)
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/rounds.db")) as database:
        database.migrate()
        with database.transaction(), pytest.raises(Unavailable):
            await database.run(_keep("late"))
        await database.run(_keep("later"))
        assert await database.read(_names) == ["later"]


def test_dbos_may_begin_its_own_transactions_on_our_engine(tmp_path: Path):
    """Its migrations say BEGIN themselves, so the engine must not have begun by then."""
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/rounds.db")) as database:
        with database.engine.begin() as connection:
            connection.execute(sa.text("BEGIN IMMEDIATE"))
            connection.execute(sa.text("CREATE TABLE theirs (x)"))
        raw = database.engine.raw_connection()
        assert isinstance(raw.dbapi_connection, sqlite3.Connection)
        assert raw.dbapi_connection.isolation_level == "IMMEDIATE"
        raw.close()


async def test_work_runs_in_threads_of_our_own(database: Database):
    name = await database.read(lambda _: threading.current_thread().name)
    assert name.startswith("rounds-database")


async def test_a_server_that_goes_away_is_unavailable_until_it_is_back(postgres: str, postgres_server: PostgresServer):
    with contextlib.closing(Database.open(postgres)) as database:
        database.migrate()
        await database.run(_keep("before"))
        postgres_server.stop()
        try:
            with pytest.raises(Unavailable):
                await asyncio.wait_for(database.run(_keep("meanwhile")), 5)
        finally:
            postgres_server.start()
        await database.run(_keep("after"))
        assert await database.read(_names) == ["after", "before"]


def _keep(name: str, value: str = ""):
    def work(connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO progress VALUES (:name, :value)"), {"name": name, "value": value})

    return work


def _increment(connection: sa.Connection) -> None:
    value = connection.execute(sa.text("SELECT value FROM progress")).scalar_one()
    connection.execute(sa.text("UPDATE progress SET value = :value"), {"value": str(int(value) + 1)})


def _names(connection: sa.Connection) -> list[str]:
    return list(connection.execute(sa.text("SELECT name FROM progress ORDER BY name")).scalars())
