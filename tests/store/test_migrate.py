from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.errors import Mistake
from app.store import migrate
from app.store.database import Database
from app.store.tables import metadata

OPEN = "import sys; from app.store.database import Database; database = Database.open(sys.argv[1]); database.migrate()"


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """With nothing but what the migrations made."""
    with contextlib.closing(Database.open(empty_database_url)) as opened:
        opened.migrate()
        yield opened


def test_the_newest_file_is_the_version_that_is_asked_for():
    assert ScriptDirectory.from_config(migrate.config()).get_heads() == [migrate.HEAD]


def test_the_result_is_what_the_tables_say(database: Database):
    assert migrate.version(database) == migrate.HEAD
    with database.reading() as connection, warnings.catch_warnings():
        # an index on an expression can't be compared on SQLite; the next test looks for it
        warnings.filterwarnings("ignore", message=".*expression-based index")
        opts = {"compare_server_default": not database.is_sqlite, "include_object": _is_no_search}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def _is_no_search(_thing: object, name: str | None, *_: object) -> bool:
    """What is searched by is each database's own: a virtual table with tables behind it, or an index on an expression."""
    return not (name or "").startswith(("issue_search", "ix_issue_search"))


def test_a_name_is_found_by_the_index_on_its_lower_case(tmp_path):
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/rounds.db")) as database:
        database.migrate()
        with database.reading() as connection:
            query = "EXPLAIN QUERY PLAN SELECT id FROM repository WHERE lower(full_name) = 'o/r'"
            assert "ix_repository_name" in str(connection.execute(sa.text(query)).all())


def test_several_processes_may_start_at_once(empty_database_url: str):
    children = [subprocess.Popen([sys.executable, "-c", OPEN, empty_database_url]) for _ in range(3)]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    with contextlib.closing(Database.open(empty_database_url)) as database:
        assert migrate.version(database) == migrate.HEAD


def test_nothing_to_do_is_quick_and_loads_no_alembic(database: Database, empty_database_url: str):
    assert min(_seconds(database) for _ in range(3)) < 0.1
    loaded = subprocess.run([sys.executable, "-c", f"{OPEN}; print('alembic' in sys.modules)", empty_database_url],
                            check=True, capture_output=True, text=True)  # fmt: skip
    assert loaded.stdout.strip() == "False"


def test_a_database_of_a_newer_rounds_is_a_mistake(database: Database):
    with database.transaction() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Mistake, match="newer Rounds"):
        database.migrate()


def test_a_step_back_leaves_nothing_behind(database: Database):
    with database.transaction() as connection:
        settings = migrate.config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
    with database.reading() as connection:
        left = set(sa.inspect(connection).get_table_names())
    assert left <= {"alembic_version", "sqlite_sequence"}


def _seconds(database: Database) -> float:
    began = time.perf_counter()
    database.migrate()
    return time.perf_counter() - began
