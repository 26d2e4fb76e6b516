"""`rounds demo`: from nothing to a label that a comment set, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from app.cli import demo
from app.errors import Mistake

LISTENS = """\
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("app", run_name="__main__")
"""
"""As in a terminal; who runs the tests in the background may have told them to ignore Ctrl-C."""


class Running:
    """The demo as a person sees it: what it prints, and its pages."""

    def __init__(self, folder: Path) -> None:
        environment = os.environ | {
            "TMPDIR": str(folder),
            "COLUMNS": "120",
            "ROUNDS_GITHUB_API_URL": "http://wrong.example",
        }
        line = [sys.executable, "-c", LISTENS, "demo", "--port", "18300"]
        self.process = subprocess.Popen(
            line, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, process_group=0
        )
        self.printed = ""
        while "Ctrl-C ends it" not in self.printed:
            text = self.process.stdout.readline()
            assert text, f"the demo ended: {self.printed}"
            self.printed += text
        self.github, self.rounds = re.findall(r"http://127\.0\.0\.1:\d+(?= )", self.printed)[:2]

    def page(self, number: int) -> str:
        return httpx.get(f"{self.github}/acme-index/warehouse/issues/{number}").text

    def comment(self, number: int, login: str, text: str) -> None:
        form = {"as": login, "body": text}
        address = f"{self.github}/acme-index/warehouse/issues/{number}/comments"
        assert httpx.post(address, data=form, headers={"Origin": self.github}).status_code == 303

    def until(self, number: int, words: str) -> None:
        end = time.monotonic() + 30
        while words not in self.page(number):
            assert time.monotonic() < end, f"{words!r} never came"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    started = Running(tmp_path_factory.mktemp("demo"))
    family = [started.process, *psutil.Process(started.process.pid).children(recursive=True)]
    yield started
    for process in family:
        if process.poll() is None if isinstance(process, subprocess.Popen) else process.is_running():
            process.kill()
    started.process.communicate()


def test_it_says_where_it_is_and_what_to_try(running):
    assert running.rounds == "http://127.0.0.1:18300"
    assert httpx.get(f"{running.rounds}/readyz").status_code == 200
    assert running.printed.count("/acme-index/warehouse/issues/") == 3


def test_people_have_promised_things(running):
    found = httpx.get(f"{running.rounds}/todos.json").json()
    assert [(group["owners"], len(group["todos"])) for group in found["groups"]] == [
        (["ines"], 1),
        (["noor"], 1),
        (["samir"], 1),
    ]
    running.until(6232, "due on ")


def test_what_it_proposes_works(running):
    running.comment(6263, "samir", "/label out of scope")
    running.until(6263, "added")
    running.comment(6301, "samir", "/a11y")
    running.until(6301, "Accessibility")
    running.comment(6352, "theo", "/milestone OTF security work")
    running.until(6352, "this was not done")


def test_it_ends_with_nothing_left(running):
    folder = Path(re.search(r"(/\S+/rounds-demo-\w+)", running.printed)[1])
    family = psutil.Process(running.process.pid).children(recursive=True)
    assert (folder / "rounds.db").exists()
    os.killpg(running.process.pid, signal.SIGINT)  # as the terminal does it
    assert running.process.wait(120) == 0
    assert psutil.wait_procs(family, timeout=60)[1] == []
    assert not folder.exists()


def test_taken_ports_are_passed_over():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert demo.free_port(port) > port


def test_no_port_at_all(monkeypatch):
    monkeypatch.setattr(demo, "HOST", "192.0.2.1")  # not an address of this machine: nothing can be bound
    with pytest.raises(Mistake, match="No port from 8000 on is free"):
        demo.free_port(8000)


def test_the_operators_settings_do_not_reach_it(monkeypatch, tmp_path):
    monkeypatch.setenv("ROUNDS_CONFIG_DIR", "/somewhere")
    environment = demo._environment(tmp_path, 1, 2)
    assert "ROUNDS_CONFIG_DIR" not in environment
    assert environment["ROUNDS_GITHUB_API_URL"] == "http://127.0.0.1:2"
    assert environment["PATH"] == os.environ["PATH"]
