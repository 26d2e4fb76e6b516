"""`rounds demo`: Rounds beside a stand-in for GitHub with sample repositories, in a temporary folder, all on loopback."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from app.cli import terminal
from app.cli.supervise import Slot, command
from app.environment import PREFIX
from app.errors import Mistake, RoundsError

HOST = "127.0.0.1"
APP_ID = "Iv23sandbox00000001"  # the stand-in's App
_PATIENCE = 60.0  # seconds for everything to start
_READING = 30.0  # seconds for the past to be read; after that the dashboard opens with what it has
_GRACE = 30.0  # seconds for everything to stop; `serve` itself allows 25
_WAREHOUSE, _REGISTRY = "/acme-index/warehouse/issues", "/acme-index/registry/issues"
_SAID = (
    (f"{_WAREHOUSE}/5815", "noor", "/todo @ines ask the authors of clients what they would have to change by {soon}"),
    (f"{_WAREHOUSE}/6257", "ines", "/todo @noor draw the page that follows a new token by {later}"),
    (f"{_WAREHOUSE}/6301", "samir", "/todo @samir try it with a second screen reader"),
    (f"{_WAREHOUSE}/6232", "samir", "/due {soon}"),
    (f"{_WAREHOUSE}/6347", "ines", "/due {later}"),
    (f"{_REGISTRY}/2741", "noor", "/due {later}"),
)
"""What people promise as soon as Rounds hears them: where, who, what."""

Port = Annotated[int, typer.Option(min=1, max=65000, help="Port of Rounds; the next free one if it is taken.")]


def demo(port: Port = 8000) -> None:
    """Start Rounds with an embedded GitHub stand-in and sample data; nothing to configure. Ctrl-C ends it."""
    signal.signal(signal.SIGTERM, _interrupt)
    rounds = free_port(port)
    github = free_port(max(port + 1, rounds + 1))
    with tempfile.TemporaryDirectory(prefix="rounds-demo-") as folder, contextlib.suppress(KeyboardInterrupt):
        _play(Path(folder), rounds, github)


def free_port(wanted: int) -> int:
    """The first free port of loopback from `wanted` on."""
    for port in range(wanted, wanted + 200):
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((HOST, port))
            return port
    raise Mistake(f"No port from {wanted} on is free: choose another with --port.")


def _play(folder: Path, rounds: int, github: int) -> None:
    """Until it is interrupted, or something ends by itself."""
    with _running(folder, rounds, github) as children:
        _wait_for(children, folder, _answers(github, "/"), _answers(rounds, "/readyz"), _has_read(rounds))
        _say(github, datetime.now(UTC).date())
        _wait_for(children, folder, _has_noted(rounds))
        _welcome(f"http://{HOST}:{rounds}", f"http://{HOST}:{github}", folder)
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        raise _failed(folder)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _running(folder: Path, rounds: int, github: int) -> Iterator[list[Slot]]:
    """The stand-in, then Rounds, which asks it who it is; both told to stop at the end, and waited for.

    In a process group of their own, so that Ctrl-C reaches only us and they end in order.
    """
    with (folder / "log").open("wb") as log:
        how: dict[str, Any] = {
            "cwd": folder,
            "env": _environment(folder, rounds, github),
            "stderr": log,
            "process_group": 0,
        }
        clock = ("--clock", str(folder / "clock"))  # the stand-in's pages put it forward, Rounds' worker reads it
        serve = command("_serve", "--host", HOST, "--port", str(rounds), "--processes", "1", "--workers", "1", *clock)
        children = [Slot("sandbox", lambda: command("_sandbox", "--port", str(github), *clock), **how).begun()]
        try:
            _wait_for(children, folder, _listens(github))
            children.append(Slot("rounds", lambda: serve, **how).begun())
            yield children
        finally:
            _stop(children)


def _environment(folder: Path, rounds: int, github: int) -> dict[str, str]:
    """Settings of a demo only: neither the operator's variables nor a `.env` reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    address = f"http://{HOST}:{github}"
    return kept | {
        "ROUNDS_GITHUB_APP_ID": APP_ID,
        "ROUNDS_GITHUB_PRIVATE_KEY": _private_key(),
        "ROUNDS_WEBHOOK_SECRET": secrets.token_hex(20),
        "ROUNDS_GITHUB_CLIENT_ID": APP_ID,
        "ROUNDS_GITHUB_CLIENT_SECRET": secrets.token_hex(20),
        "ROUNDS_GITHUB_API_URL": address,
        "ROUNDS_GITHUB_WEB_URL": address,
        "ROUNDS_PUBLIC_URL": f"http://{HOST}:{rounds}",
        "ROUNDS_DATABASE_URL": f"sqlite:///{folder}/rounds.db",
    }


def _private_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def _wait_for(children: list[Slot], folder: Path, *conditions: Callable[[], bool]) -> None:
    """Until all hold. Raises when a child ended or it takes too long."""
    end = time.monotonic() + _PATIENCE
    for condition in conditions:
        while not condition():
            if any(child.ended(0) is not None for child in children) or time.monotonic() > end:
                raise _failed(folder)
            time.sleep(0.05)


def _listens(port: int) -> Callable[[], bool]:
    def check() -> bool:
        with socket.socket() as sock:
            return sock.connect_ex((HOST, port)) == 0

    return check


def _answers(port: int, path: str) -> Callable[[], bool]:
    return lambda: _got(port, path) is not None


def _has_read(port: int) -> Callable[[], bool]:
    """Whether all of the stand-in's past is in the mirror: a dashboard that opens on half of it counts wrongly."""

    def read(page: dict[str, Any]) -> bool:
        mirrors = page.get("mirrors", [])
        return bool(mirrors) and not any(one["missing"] for one in mirrors)

    return _tells(port, "/status.json", read)


def _has_noted(port: int) -> Callable[[], bool]:
    """Whether all that was promised is on the dashboard."""
    promised = sum(text.startswith("/todo") for _, _, text in _SAID)
    return _tells(port, "/todos.json", lambda page: bool(page.get("total", 0) >= promised))


def _tells(port: int, path: str, so: Callable[[dict[str, Any]], bool]) -> Callable[[], bool]:
    """Whether the page says so, or it takes too long: then the demo opens as it is."""
    end = time.monotonic() + _READING
    return lambda: so(json.loads(_got(port, path) or b"{}")) or time.monotonic() > end


def _say(port: int, today: date) -> None:
    """People comment, through the forms of the stand-in's pages."""
    for path, login, text in _SAID:
        said = text.format(soon=today + timedelta(days=1), later=today + timedelta(days=6))
        headers = {"Origin": f"http://{HOST}:{port}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        with contextlib.closing(connection):
            connection.request("POST", f"{path}/comments", urlencode({"as": login, "body": said}), headers)
            connection.getresponse().read()


def _got(port: int, path: str) -> bytes | None:
    """What is there; None where there is no answer, or a bad one."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.read() if answer.status == http.client.OK else None
    except OSError:
        return None
    finally:
        connection.close()


def _failed(folder: Path) -> RoundsError:
    words = (folder / "log").read_text(errors="replace").strip().splitlines()[-15:]
    return RoundsError("\n".join(["The demo ended by itself. Its last words:", *words]))


def _stop(children: list[Slot]) -> None:
    """Rounds before the stand-in, so that it can finish what it writes there. More Ctrl-C leave nothing behind."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for child in reversed(children):
        child.send(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            if child.process:
                child.process.wait(_GRACE)
        child.kill()


def _welcome(rounds: str, github: str, folder: Path) -> None:
    from rich.panel import Panel
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    issue = f"{github}/acme-index/warehouse/issues"
    for name, value in (
        ("GitHub stand-in", f"[bold cyan]{github}[/]"),
        ("Dashboard", f"[bold cyan]{rounds}[/]"),
        ("", ""),
        ("Try", f"{issue}/6263\nas [bold]samir[/], who triages, comment [bold]/label out of scope[/]"),
        ("Try", f"{issue}/6301\nas [bold]samir[/] comment [bold]/a11y[/] and look at label and milestone"),
        ("Try", f"{issue}/6352\nas [bold]theo[/], who only reports, comment [bold]/milestone OTF security work[/]"),
        (
            "A call",
            f"{github}\nlists the issue that Rounds opens for it by itself: hold the call, end it, put the clock forward",
        ),
        ("", ""),
        ("Data, log", f"{folder}, gone at the end"),
    ):
        grid.add_row(name, value)
    panel = Panel(grid, title="Rounds is running", subtitle="Ctrl-C ends it", expand=False, padding=(1, 2))
    terminal.out().print(panel, soft_wrap=True)
    sys.stdout.flush()
