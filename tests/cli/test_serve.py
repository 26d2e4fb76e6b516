"""`rounds serve` and `rounds worker` as real processes, against a town without a receiver and a worker of its own."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
import pytest_asyncio

from app.sandbox.server import bound
from tests.cli.conftest import environment
from tests.journeys.town import Town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with Town.open(f"sqlite:///{tmp_path}/rounds.db", begin=False) as opened:
        yield opened


@asynccontextmanager
async def process(town: Town, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`rounds …` with the town's settings; ended at the end."""
    values = {f"ROUNDS_{name}": value for name, value in environment(town.settings).items()}
    line = [sys.executable, "-m", "app", *words]
    started = await asyncio.create_subprocess_exec(*line, env=os.environ | values, stderr=asyncio.subprocess.PIPE)
    try:
        yield started
    finally:
        with family(started.pid) as members:
            for member in members:
                member.kill()
        await started.communicate()


@contextmanager
def family(pid: int) -> Iterator[list[psutil.Process]]:
    """A process, if it lives, and its children."""
    try:
        yield [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]
    except psutil.NoSuchProcess:
        yield []


def child(pid: int, kind: str) -> psutil.Process:
    (found,) = [one for one in psutil.Process(pid).children() if f"_{kind}" in one.cmdline()]
    return found


def free_port() -> int:
    with bound(0) as sock:
        return sock.getsockname()[1]


async def answer(url: str, status: int = 200) -> httpx.Response:
    """Asks until that status comes."""
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                found = await client.get(url)
                if found.status_code == status:
                    return found
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(town: Town) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """`rounds serve`, ready, with the App's webhook pointing at it."""
    port = free_port()
    async with process(town, "serve", "--port", str(port)) as served:
        url = f"http://127.0.0.1:{port}"
        await answer(f"{url}/readyz")
        town.world.app.webhook_url = f"{url}/webhooks/github"
        yield served, url


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Town, asyncio.subprocess.Process]]:
    """One `rounds serve` for the tests that leave it in good health: it takes seconds to start."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'rounds.db'}"
    async with Town.open(url, begin=False) as town, serving(town) as (served, _):
        yield town, served


with_others = pytest.mark.asyncio(loop_scope="module")


async def test_a_command_is_performed_and_the_stop_is_clean(town):
    async with serving(town) as (served, url):
        issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
        await town.says(issue, "tim", "/label bug")
        assert issue.label_names == ["bug"]
        assert (await answer(f"{url}/livez")).json() == {"ok": True}
        served.terminate()
        assert await asyncio.wait_for(served.wait(), 20) == 0
        last = (await served.stderr.read()).decode().splitlines()[-1]
        assert '"event": "stopped"' in last


async def test_the_first_answer_takes_little_work(town):
    """Of one processor; how soon it comes, benchmarks measure."""
    port = free_port()
    async with process(town, "serve", "--port", str(port)) as served:
        await answer(f"http://127.0.0.1:{port}/livez")
        assert sum(child(served.pid, "receiver").cpu_times()[:2]) < 4


@with_others
async def test_a_killed_worker_is_replaced_and_nothing_is_lost(shared):
    town, served = shared
    issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
    await town.settled()
    child(served.pid, "worker").kill()
    comment = await town.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]
    assert town.reactions(comment) == ["+1"]


@with_others
async def test_a_killed_receiver_is_replaced(shared):
    town, served = shared
    killed = child(served.pid, "receiver")
    killed.kill()
    await town.says(town.world.open_issue("acme/widgets", "It broke", by="rita"), "tim", "/label bug")
    assert child(served.pid, "receiver").pid != killed.pid


async def test_any_receiver_tells_what_all_have_counted_also_one_that_died(town):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with process(town, "serve", "--port", str(port), "--processes", "2", "--workers", "0") as served:
        await answer(f"{url}/livez")
        receivers = [one for one in psutil.Process(served.pid).children() if "_receiver" in one.cmdline()]
        for silent in receivers:
            silent.suspend()
            await answer(f"{url}/webhooks/github", 405)
            silent.resume()
        receivers[0].kill()
        told = (await answer(f"{url}/metrics")).text.splitlines()
        assert 'rounds_refusals_total{reason="only POST"} 2.0' in told
        assert "rounds_database_up 1.0" in told
        served.terminate()
        assert await asyncio.wait_for(served.wait(), 20) == 0


async def test_what_was_accepted_before_a_crash_of_everything_runs_after_it(town):
    async with serving(town) as (served, _):
        issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
        await town.settled()
        child(served.pid, "worker").send_signal(signal.SIGSTOP)
        town.world.post_comment(issue, "/label bug", by="tim")
        await town.sandbox.idle()
        with family(served.pid) as members:
            for member in reversed(members):
                member.kill()
    assert issue.label_names == []

    async def labels() -> list[str]:
        return issue.label_names

    async with serving(town):  # a worker that was stopped as it wrote let nothing in: then recovery asks GitHub for it
        await town.eventually(labels, until=bool)
    assert issue.label_names == ["bug"]


async def test_a_worker_alone_makes_its_tables_and_works(town):
    await town.receiver()
    issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
    town.world.post_comment(issue, "/label bug", by="tim")
    await town.sandbox.idle()
    async with process(town, "worker") as worker:
        await town.settled()
        assert issue.label_names == ["bug"]
        worker.terminate()
        assert await asyncio.wait_for(worker.wait(), 20) == 0


async def test_credentials_that_github_refuses_end_it_with_a_sentence(town):
    town.settings = dataclasses.replace(town.settings, github_app_id="4711")
    async with process(town, "serve", "--port", str(free_port())) as served:
        _, errors = await asyncio.wait_for(served.communicate(), 30)
    assert served.returncode == 78
    assert "ROUNDS_GITHUB_APP_ID and the private key must belong to one App." in errors.decode()


async def test_several_workers_need_postgresql(town):
    async with process(town, "serve", "--workers", "2") as served:
        _, errors = await served.communicate()
    assert served.returncode == 1
    assert b"A SQLite file serves one worker" in errors


@with_others
async def test_a_second_one_on_the_same_sqlite_file_is_refused_at_once(shared):
    town, served = shared
    working = child(served.pid, "worker").pid
    for words in (("serve", "--port", str(free_port())), ("worker",)):
        async with process(town, *words) as second:
            _, errors = await asyncio.wait_for(second.communicate(), 20)
        assert second.returncode == 78
        assert errors.decode() == (
            f"Another worker (process {working}) works with {town.settings.sqlite_path}, and a SQLite file serves "
            "one: stop that one, or set ROUNDS_DATABASE_URL to PostgreSQL, which serves many.\n"
        )
    issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
    await town.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"]


@with_others
async def test_receivers_without_a_worker_may_stand_beside_one(shared):
    town, _ = shared
    port = free_port()
    async with process(town, "serve", "--port", str(port), "--workers", "0"):
        await answer(f"http://127.0.0.1:{port}/readyz")


@with_others
async def test_looking_and_asking_work_beside_a_running_server(shared):
    town, _ = shared
    issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
    await town.settled()
    plan = ("plan", f"acme/widgets#{issue.number}", "/label bug", "--as", "tim")
    lines = (plan, ("check",), ("deliveries", "list"), ("sync", "acme/widgets"))
    async with asyncio.timeout(60), AsyncExitStack() as stack:
        asked = [await stack.enter_async_context(process(town, *words)) for words in lines]
        said = [await one.communicate() for one in asked]
    assert [errors for one, (_, errors) in zip(asked, said, strict=True) if one.returncode] == []


async def test_a_likely_slip_in_the_settings_is_logged(town):
    town.settings = dataclasses.replace(town.settings, github_web_url="http://github.internal")
    async with process(town, "serve", "--port", "0") as served:
        first = await asyncio.wait_for(served.stderr.readline(), 30)
    assert b"ROUNDS_GITHUB_WEB_URL is plain http" in first
    assert b'"level": "warning"' in first
