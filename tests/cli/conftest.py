"""The command line run in this process, against a town of the journeys or with no settings at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import pytest

from app.cli import commands
from app.settings import Settings
from tests.journeys.town import SECRET, Town


class Said(NamedTuple):
    """What a command left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str


class Shell:
    """Runs `rounds` in an empty working directory with settings from `environment`."""

    def __init__(self, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capture = capture
        self._patch = patch

    def set(self, **environment: str) -> None:
        for name, value in environment.items():
            self._patch.setenv(f"ROUNDS_{name}", value)

    def __call__(self, *words: str) -> Said:
        self._capture.readouterr()
        status = commands.run(list(words))
        return Said(status, *self._capture.readouterr())

    async def later(self, *words: str) -> Said:
        """In a thread, so that the town goes on living."""
        return await asyncio.to_thread(self, *words)


@pytest.fixture
def rounds(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "300")
    return Shell(capsys, monkeypatch)


@pytest.fixture
async def town(tmp_path: Path, rounds: Shell) -> AsyncIterator[Town]:
    async with Town.open(f"sqlite:///{tmp_path}/rounds.db") as opened:
        rounds.set(**environment(opened.settings))
        yield opened


def environment(settings: Settings) -> dict[str, str]:
    """Variables, without their prefix, that lead to these settings."""
    return {
        "GITHUB_APP_ID": settings.github_app_id,
        "GITHUB_PRIVATE_KEY": settings.github_private_key,
        "WEBHOOK_SECRET": SECRET,
        "GITHUB_API_URL": settings.github_api_url,
        "GITHUB_WEB_URL": settings.github_web_url,
        "DATABASE_URL": settings.database_url,
    }


@pytest.fixture
def as_process() -> Callable[[dict[str, str]], dict[str, str]]:
    """An environment for a process of its own."""
    return lambda values: os.environ | {f"ROUNDS_{name}": value for name, value in values.items()}


@pytest.fixture
def httpd() -> Iterator[Callable[[int, dict[str, str]], str]]:
    """Makes servers that give one answer to everything; returns their address."""
    servers: list[HTTPServer] = []

    def make(status: int, headers: dict[str, str]) -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:  # the standard library's name
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

        server = HTTPServer(("127.0.0.1", 0), Answer)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()
