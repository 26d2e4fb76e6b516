"""`rounds serve`: a small parent that keeps receivers and workers running.

It binds the address once and hands the listening socket down, so that a restart of a receiver refuses nobody; brings the
database up to date in a child of its own before work begins; starts what died again, later each time; and stops
receivers before workers. It stays small: nothing but the standard library is imported here.

A pipe leads to every child: one byte on it means "begin", its end means that this process is gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

CONFIGURATION = 78  # EX_CONFIG of sysexits.h: starting again can't help
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # seconds between a death and the next start; doubles each time
STEADY = 30.0  # seconds of life after which a death counts as the first again
GRACE = 25.0  # seconds from the wish to stop until children are killed
RECEIVER_GRACE = 8.0  # of which receivers have this long to themselves
SCHEMA_PATIENCE = 1.5  # seconds; then receivers answer (503) though the database is not ready


def command(*arguments: str) -> list[str]:
    """How a process of ours is started. `-P`: a folder `app` in the working directory is not ours."""
    return [sys.executable, "-P", "-m", "app", *arguments]


def executor_ids() -> Callable[[], str]:
    """Makes executor ids that no other process, here or on another machine, has had."""
    host = "".join(c for c in socket.gethostname() if c.isalnum() or c == "-")[:40] or "host"
    numbers = iter(range(1, sys.maxsize))
    return lambda: f"{host}-{os.getpid()}-{next(numbers)}-{secrets.token_hex(3)}"


def say(event: str, **fields: object) -> None:
    """A line in the form of app.logs, which is too large to be imported here."""
    if sys.stderr.isatty():
        line = " ".join(["rounds:", event, *(f"{name}={value}" for name, value in fields.items())])
    else:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        line = json.dumps({"event": event, "logger": "rounds", "level": "info", **fields, "timestamp": stamp})
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


class Slot:
    """A child that must be running. `line`: the command line, asked for anew at each start; `fds`: what it inherits;
    `how`: more for `subprocess.Popen`."""

    def __init__(self, kind: str, line: Callable[[], list[str]], fds: tuple[int, ...] = (), **how: Any) -> None:
        self.kind = kind
        self.line = line
        self.fds = fds
        self.how = how
        self.process: subprocess.Popen[bytes] | None = None
        self.began = False
        self.starts = 0
        self.pause = FIRST_PAUSE
        self.due = 0.0
        self._born = 0.0
        self._pipe = -1

    def start(self, now: float) -> None:
        """Starts the child, which loads its code and then waits for `begin`."""
        reading, self._pipe = os.pipe()
        line = [*self.line(), "--lifeline", str(reading)]
        self.process = subprocess.Popen(line, pass_fds=(reading, *self.fds), stdin=subprocess.DEVNULL, **self.how)
        os.close(reading)
        self.began, self._born, self.starts = False, now, self.starts + 1

    def begin(self) -> None:
        """Lets the child work, once."""
        if self.process and not self.began:
            self.began = True
            with contextlib.suppress(BrokenPipeError):  # it died meanwhile; `ended` will tell
                os.write(self._pipe, b"!")

    def ended(self, now: float) -> int | None:
        """The status of a child that ended since the last call; notes when to start it again."""
        code = self.process.poll() if self.process else None
        if code is None:
            return None
        os.close(self._pipe)
        self.process = None
        self.pause = FIRST_PAUSE if now - self._born > STEADY else self.pause
        self.due, self.pause = now + self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return code

    def begun(self) -> Slot:
        """Starts it, and lets it work at once."""
        self.start(time.monotonic())
        self.begin()
        return self

    def send(self, number: signal.Signals) -> None:
        """Signals the child, if it runs."""
        if self.process:
            self.process.send_signal(number)

    def kill(self) -> None:
        """Ends the child for certain, if it still runs."""
        if self.process:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Keeps `slots` running; `migration` runs to its end first, and again until it succeeds."""

    def __init__(self, migration: Slot, slots: list[Slot]) -> None:
        self.migration = migration
        self.slots = slots
        self._ready = False  # the database is up to date
        self._stopping = self._impatient = False
        self._code = 0
        self._wake, waker = socket.socketpair()
        self._wake.setblocking(False)
        waker.setblocking(False)
        self._waker = waker
        self._opened = time.monotonic()

    def run(self) -> int:
        """Works until a signal or a configuration mistake; returns the exit status."""
        self._listen_to_signals()
        while not self._stopping and not self._code:
            now = time.monotonic()
            self._tend(now)
            self._wait(min((slot.due for slot in self._all() if not slot.process), default=now + 60) - now)
        self._shut_down()
        return self._code

    def _all(self) -> list[Slot]:
        return self.slots if self._ready else [self.migration, *self.slots]

    def _tend(self, now: float) -> None:
        for slot in self._all():
            code = slot.ended(now)
            if code is not None:
                self._judge(slot, code)
            if not slot.process and slot.due <= now and not self._code and not (slot is self.migration and self._ready):
                slot.start(now)
        self.migration.begin()
        for slot in self.slots:
            if self._ready or (slot.kind == "receiver" and now - self._opened >= SCHEMA_PATIENCE):
                slot.begin()

    def _judge(self, slot: Slot, code: int) -> None:
        if slot is self.migration and code == 0:
            self._ready = True
        elif code == CONFIGURATION and slot.starts == 1:  # later it is the world that changed: a database away
            self._code = code
        else:
            say(f"{slot.kind} ended, starts again", status=code, seconds=round(slot.due - time.monotonic(), 1))

    def _listen_to_signals(self) -> None:
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, _frame: object) -> None:
        self._impatient = self._stopping and number == signal.SIGINT
        self._stopping = True

    def _wait(self, seconds: float) -> None:
        """Until a signal (a child's death is one), at most `seconds`, and not past the receivers' patience."""
        patience = self._opened + SCHEMA_PATIENCE - time.monotonic()
        if not self._ready and patience > 0:
            seconds = min(seconds, patience)
        if select.select([self._wake], [], [], max(seconds, 0))[0]:
            self._wake.recv(4096)

    def _shut_down(self) -> None:
        """Receivers first, then the rest; what is left at the end of the grace is killed, at a second Ctrl-C at once."""
        self._signal_and_wait([slot for slot in self.slots if slot.kind == "receiver"], RECEIVER_GRACE)
        self._signal_and_wait([self.migration, *self.slots], GRACE - RECEIVER_GRACE)
        for slot in (self.migration, *self.slots):
            slot.kill()

    def _signal_and_wait(self, slots: list[Slot], seconds: float) -> None:
        end = time.monotonic() + seconds
        for slot in slots:
            slot.send(signal.SIGTERM)
        while any(slot.process for slot in slots) and time.monotonic() < end and not self._impatient:
            self._wait(min(end - time.monotonic(), 1.0))
            for slot in slots:
                slot.ended(time.monotonic())


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that children inherit. Raises OSError when the address is taken or unknown."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(address)
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    return sock


def serve(host: str, port: int, processes: int, workers: int, more: Sequence[str] = ()) -> int:
    """Runs receivers and workers until told to stop; returns the exit status. `more`: options of the workers."""
    try:
        sock = listen(host, port)
    except OSError as error:
        sys.stderr.write(f"Can't listen on {host}:{port}: {error.strerror or error}. Choose another with --port.\n")
        return 1
    fd = sock.fileno()
    os.set_inheritable(fd, True)
    receivers = [Slot("receiver", lambda: command("_receiver", "--fd", str(fd)), (fd,)) for _ in range(processes)]
    new_id = executor_ids()
    slots = receivers + [Slot("worker", worker_line(command("_worker", *more), new_id)) for _ in range(workers)]
    say("started", address=f"http://{host}:{sock.getsockname()[1]}", receivers=processes, workers=workers)
    with shared_figures(processes):
        code = Supervisor(Slot("migration", lambda: command("_migrate")), slots).run()
    say("stopped", status=code)
    return code


@contextlib.contextmanager
def shared_figures(receivers: int) -> Iterator[None]:
    """A folder in which several receivers count together (app.web.metrics); where there can be none, each counts alone."""
    with contextlib.ExitStack() as stack:
        if receivers > 1:
            try:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-metrics-"))
            except OSError as error:
                say("each receiver counts for itself", level="warning", reason=error.strerror or error)
            else:
                os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def worker_line(base: list[str], new_id: Callable[[], str]) -> Callable[[], list[str]]:
    """The command line of a worker: a new executor each time, told whose unfinished work to take over."""
    last: list[str] = []

    def line() -> list[str]:
        replaces = ["--replaces", last.pop()] if last else []
        last.append(new_id())
        return [*base, "--executor", last[0], *replaces]

    return line
