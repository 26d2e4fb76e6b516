"""The supervisor with children that only say what happens to them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.cli import supervise

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FULL = (["migration"], ["receiver"], ["worker"])


class Running:
    """A supervisor under test. Its children's words are read from one pipe, in the order in which they were said."""

    def __init__(self, *children: list[str]) -> None:
        line = [sys.executable, str(HERE / "supervised.py"), *map(json.dumps, children)]
        self.process = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        self.said: list[list[str]] = []
        self.port = int(self.until("port")[1])

    def until(self, kind: str, event: str = "", more: int = 1) -> list[str]:
        """Reads on until `kind` says `event`, `more` times; returns that line's words."""
        assert self.process.stdout
        for line in self.process.stdout:
            words = line.split()
            self.said.append(words)
            more -= words[0] == kind and (not event or event in words)
            if not more:
                return words
        raise AssertionError(f"{kind} never said {event!r}: {self.said} {self.process.stderr.read()}")

    def rest(self) -> list[list[str]]:
        """All that is said until every process is gone."""
        assert self.process.stdout
        return [line.split() for line in self.process.stdout]

    def ask(self) -> int:
        """The id of the receiver that answers on the port."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as sock:
            return int(sock.recv(20))


@contextmanager
def running(*children: list[str]) -> Iterator[Running]:
    it = Running(*children)
    try:
        yield it
    finally:
        family = [*psutil.Process(it.process.pid).children(), it.process] if it.process.poll() is None else []
        for process in family:
            process.kill()
        it.process.communicate()


def test_work_begins_when_the_database_is_up_to_date():
    with running(*FULL) as it:
        it.until("worker", "begins")
        events = [(words[0], words[2]) for words in it.said[1:]]
        assert events.index(("migration", "begins")) < events.index(("worker", "begins"))


def test_the_address_answers_and_a_stop_is_clean():
    with running(*FULL) as it:
        it.until("worker", "begins")
        it.ask()
        it.process.terminate()
        stops = [words[0] for words in it.rest() if words[2] == "stops"]
        assert stops == ["receiver", "worker"]
        assert it.process.wait(10) == 0


def test_ctrl_c_reaches_children_through_the_supervisor_only():
    with running(["migration"], ["worker"]) as it:
        worker = int(it.until("worker", "begins")[1])
        os.kill(worker, signal.SIGINT)  # the terminal sends it to the whole group
        it.process.send_signal(signal.SIGINT)
        assert it.rest() == [["worker", str(worker), "stops"]]
        assert it.process.wait(10) == 0


def test_a_second_ctrl_c_does_not_wait():
    with running(["migration"], ["worker", "--deaf", "yes"]) as it:
        it.until("worker", "begins")
        it.process.send_signal(signal.SIGINT)
        it.until("worker", "refuses")
        it.process.send_signal(signal.SIGINT)
        assert it.process.wait(10) == 0


def test_a_dead_worker_is_replaced_and_its_successor_told_whom_it_replaces():
    with running(["migration"], ["worker"]) as it:
        _, pid, _, first, nobody = it.until("worker", "begins")
        os.kill(int(pid), signal.SIGKILL)
        _, _, _, second, replaced = it.until("worker", "begins")
        os.kill(int(it.said[-1][1]), signal.SIGKILL)
        *_, last = it.until("worker", "begins")
        assert nobody == "-"
        assert replaced == first
        assert last == second
        assert len({first, second}) == 2


def test_callers_wait_through_a_restart_of_the_receiver():
    with running(["migration"], ["receiver"]) as it:
        it.until("receiver", "begins")
        first = psutil.Process(it.ask())
        first.kill()
        first.wait(10)  # until it is gone it may still accept a caller
        assert it.ask() != first.pid


def test_a_configuration_mistake_stops_everything():
    with running(["migration"], ["receiver"], ["worker", "--status", "78"]) as it:
        said = it.rest()
        assert it.process.wait(10) == 78
        assert len([words for words in said if words[0] == "worker"]) == 1


def test_a_migration_that_failed_is_tried_again(tmp_path):
    with running(["migration", "--fails-once", str(tmp_path / "failed")], ["worker"]) as it:
        it.until("worker", "begins")
        assert len([words for words in it.said if words[0] == "migration" and words[2] == "starts"]) == 2


def test_receivers_answer_while_the_database_is_not_ready():
    with running(["migration", "--hangs", "yes"], ["receiver"], ["worker"]) as it:
        it.until("receiver", "begins")
        it.ask()
        assert not [words for words in it.said if words[0] == "worker" and words[2] == "begins"]
        it.process.terminate()
        assert it.process.wait(10) == 0


def test_children_end_when_the_supervisor_is_killed():
    with running(*FULL) as it:
        it.until("worker", "begins")
        children = psutil.Process(it.process.pid).children()
        it.process.kill()
        assert {words[0] for words in it.rest() if words[2] == "stops"} == {"receiver", "worker"}
        assert psutil.wait_procs(children, timeout=10)[1] == []


def test_children_that_wait_end_when_the_supervisor_is_killed():
    with running(["migration", "--hangs", "yes"], ["worker"]) as it:
        worker = int(it.until("worker", "starts")[1])
        it.process.kill()
        assert psutil.wait_procs([psutil.Process(worker)], timeout=10)[1] == []


def test_the_parent_is_small():
    with running(*FULL) as it:
        it.until("worker", "begins")
        assert psutil.Process(it.process.pid).memory_info().rss < 20_000_000


def test_processes_start_without_the_weight_of_the_command_line():
    code = "import sys, app.__main__, app.cli.processes; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    line = [sys.executable, "-c", code]
    loaded = subprocess.run(line, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert "app" in loaded
    heavy = {"typer", "rich", "structlog", "pydantic", "fastapi", "sqlalchemy", "dbos", "httpx", "asyncio", "logging"}
    assert not heavy & set(loaded)


def test_pauses_double_and_a_long_life_forgives():
    slot = supervise.Slot("worker", lambda: [sys.executable, "-c", ""])
    pauses, now = [], 1000.0
    for life in [0.0] * 8 + [31.0]:
        slot.start(now)
        now += life
        assert slot.process
        slot.process.wait()
        assert slot.ended(now) == 0
        pauses.append(round(slot.due - now, 1))
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0, 0.2]


def test_executor_ids_are_never_the_same():
    first, second = supervise.executor_ids(), supervise.executor_ids()
    assert len({make() for make in (first, second) for _ in range(100)}) == 200


def test_a_taken_address_is_a_sentence(capfd):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert supervise.serve("127.0.0.1", port, 1, 1) == 1
    assert capfd.readouterr().err == (
        f"Can't listen on 127.0.0.1:{port}: Address already in use. Choose another with --port.\n"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_listening(host):
    with supervise.listen(host, 0) as sock, socket.create_connection(sock.getsockname()[:2]) as caller:
        assert caller.getpeername() == sock.getsockname()
