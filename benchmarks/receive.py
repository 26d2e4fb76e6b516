"""How many deliveries a second the receiver takes durably, beside a FastAPI application that does nothing with them.

    python -m benchmarks.receive [--seconds 5]

Each server is a process of its own; the load comes from this one. On two cores they share the machine fairly.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import uvicorn
import uvloop
from fastapi import FastAPI, Request
from rich.console import Console
from rich.table import Table

from benchmarks.load import SECRET, load, payload

CONNECTIONS = (16, 64)


def main() -> None:
    """Measures every server with every number of connections and prints a table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=5.0)
    arguments.add_argument("--only", choices=("noop", "sqlite", "postgres"))
    arguments.add_argument("--child", nargs=2, metavar=("URL", "FD"), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.child:
        _child(*given.child)
        return
    table = Table("server", "connections", "accepted/s", "p50 ms", "p99 ms", "µs CPU each", "refused", "memory MB")
    for name in [given.only] if given.only else ["noop", "sqlite", "postgres"]:
        with _address(name) as url, _server(url) as (port, process):
            for connections in CONNECTIONS:
                table.add_row(name, str(connections), *_measured(port, process, connections, given.seconds))
    Console().print(f"bodies of {len(payload(1)) / 1000:.1f} kB, {given.seconds:g} s each", table)


def _measured(port: int, process: psutil.Process, connections: int, seconds: float) -> list[str]:
    uvloop.run(load(port, connections, 0.5))
    before = sum(process.cpu_times()[:2])
    result = uvloop.run(load(port, connections, seconds))
    cpu = (sum(process.cpu_times()[:2]) - before) / len(result.seconds) * 1e6
    memory = process.memory_info().rss / 2**20
    shown = (result.rate, result.percentile(0.5), result.percentile(0.99), cpu, result.refused, memory)
    return [f"{value:,.1f}" if value < 100 else f"{value:,.0f}" for value in shown]


@contextlib.contextmanager
def _address(name: str) -> Iterator[str]:
    """The address of an empty, migrated database of that kind; a disk that really syncs."""
    with tempfile.TemporaryDirectory(prefix="rounds-bench-") as folder, contextlib.ExitStack() as stack:
        url = "noop"
        if name == "sqlite":
            url = f"sqlite:///{folder}/rounds.db"
        if name == "postgres":
            from tests.postgres import running

            url = stack.enter_context(contextlib.closing(running(Path(folder), fsync=True))).create()
        if name != "noop":
            _migrate(url)
        yield url


def _migrate(url: str) -> None:
    from app.store.database import Database

    database = Database.open(url)
    database.migrate()
    database.close()


@contextlib.contextmanager
def _server(url: str) -> Iterator[tuple[int, psutil.Process]]:
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        port, fd = listening.getsockname()[1], listening.fileno()
        child = subprocess.Popen([sys.executable, "-m", "benchmarks.receive", "--child", url, str(fd)], pass_fds=(fd,))
        try:
            _wait(port)
            yield port, psutil.Process(child.pid)
        finally:
            child.terminate()
            child.wait(20)


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5):
            return
    raise SystemExit("the server did not start")


def _child(url: str, fd: str) -> None:
    listening = socket.socket(fileno=int(fd))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve_nothing(listening) if url == "noop" else _serve(url, listening))


async def _serve(url: str, listening: socket.socket) -> None:
    from app.store.database import Database
    from app.web.asgi import Application
    from app.web.server import serve

    await serve(Application(Database.open(url), (SECRET,)), listening)


async def _serve_nothing(listening: socket.socket) -> None:
    """FastAPI on the same uvicorn: reads the body, answers 202. The ceiling for anything built the usual way."""
    app = FastAPI()

    @app.get("/livez")
    async def livez() -> dict[str, bool]:
        return {"ok": True}

    @app.post("/webhooks/github", status_code=202)
    async def nothing(request: Request) -> dict[str, bool]:
        await request.body()
        return {"ok": True}

    config = uvicorn.Config(app, http="httptools", log_config=None, access_log=False, timeout_keep_alive=75)
    with contextlib.suppress(KeyboardInterrupt):
        await uvicorn.Server(config).serve(sockets=[listening])


if __name__ == "__main__":
    main()
