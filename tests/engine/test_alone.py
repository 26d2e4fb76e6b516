"""Two workers on one SQLite file, of which one may work."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from app.engine import alone
from app.engine.alone import Alone
from app.errors import Mistake

HOLDER = """
import sys
from pathlib import Path
from app.engine.alone import Alone
holder = Alone(Path(sys.argv[1]))
list(holder.begin())
print("has it", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rounds.db"


def began(path: Path) -> Alone:
    """One who works, and had not to wait for it."""
    one = Alone(path)
    assert next(one.begin(), None) is None
    return one


async def wait(one: Alone) -> None:
    for _ in one.begin():
        await asyncio.sleep(0.01)


async def refused(path: Path) -> str:
    with pytest.raises(Mistake) as caught:
        await wait(Alone(path))
    return str(caught.value)


async def test_a_second_one_is_refused_soon_with_a_sentence_and_may_begin_afterwards(path):
    first, since = began(path), time.monotonic()
    assert await refused(path) == (
        f"Another worker (process {os.getpid()}) works with {path}, and a SQLite file serves one: stop that one, or set "
        "ROUNDS_DATABASE_URL to PostgreSQL, which serves many."
    )
    assert time.monotonic() - since < alone.MOMENT + 1
    first.end()
    began(path).end()


async def test_the_next_one_waits_for_one_that_is_ending(path, monkeypatch):
    monkeypatch.setattr(alone, "MOMENT", 0)
    first, second = began(path), Alone(path)
    first.ending()

    waiting = asyncio.create_task(wait(second))
    await asyncio.sleep(0)
    assert not waiting.done()
    first.end()
    await waiting
    assert "Another worker" in await refused(path)
    second.end()


async def test_one_that_is_ending_and_does_not_end_is_not_waited_for_for_ever(path, monkeypatch):
    monkeypatch.setattr(alone, "PATIENCE", 0)
    first = began(path)
    first.ending()
    assert (await refused(path)).startswith(f"Another worker works with {path}, and")
    first.end()


async def test_a_killed_process_leaves_nothing_behind(path):
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLDER, str(path), stdin=PIPE, stdout=PIPE)
    assert holder.stdout
    assert await holder.stdout.readline() == b"has it\n"
    assert f"process {holder.pid}" in await refused(path)
    holder.kill()
    await holder.communicate()
    began(path).end()


async def test_a_child_does_not_keep_the_lock_of_a_worker_that_is_gone(path):
    first, second = began(path), Alone(path)
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=PIPE, close_fds=False)
    first.end()
    await wait(second)
    second.end()
    await child.communicate(b"\n")


async def test_one_file_under_several_names_is_one(path, tmp_path, monkeypatch):
    first = began(path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.db").symlink_to(path)
    for name in (Path("rounds.db"), Path("../") / tmp_path.name / "rounds.db", tmp_path / "other.db"):
        assert f"works with {path}," in await refused(name)
    first.end()


async def test_several_files_are_several_and_folders_are_made(tmp_path):
    for one in [began(tmp_path / "new" / f"{name}.db") for name in "ab"]:
        one.end()


def test_on_postgresql_nobody_is_refused():
    assert list(Alone(None).begin()) == []
    one = Alone(None)
    assert list(one.begin()) == []
    one.ending()
    one.end()


async def test_a_lock_that_cannot_be_opened_is_a_sentence(path):
    os.mkdir(f"{path}.worker")
    assert await refused(path) == (
        f"{path}.worker, by which workers keep apart, can't be opened (Is a directory): make it writable for the user "
        "that runs Rounds."
    )


async def test_a_file_system_without_locks_is_a_sentence(path, monkeypatch):
    def no_locks(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(alone.fcntl, "flock", no_locks)
    assert await refused(path) == (
        f"{path}.worker can't be locked (Operation not supported): put the database on a local disk."
    )


async def test_a_full_disk_does_not_matter(path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(alone.os, "pwrite", full)
        first = began(path)
    assert (await refused(path)).startswith("Another worker works with")
    first.end()
