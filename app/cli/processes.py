"""Hidden commands that are processes: `_serve`, what it starts, and the demo's stand-in. Free of the command line's weight."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app.cli.supervise import CONFIGURATION, command, executor_ids, say, serve
from app.errors import Fault, Mistake
from app.settings import Settings

Options = dict[str, str]


def run(name: str, words: list[str]) -> int:
    """Runs the hidden command `name` with `--option value` pairs; returns the exit status."""
    options = {option.removeprefix("--"): value for option, value in zip(words[::2], words[1::2], strict=True)}
    try:
        return _COMMANDS[name](options)
    except Mistake as mistake:
        sys.stderr.write(f"{mistake}\n")
        return CONFIGURATION
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Exception as error:
        return _failed(name, error)


def _failed(name: str, error: Exception) -> int:
    """A line in the log; where it happened only if nobody foresaw it."""
    from app import logs

    trace = None if isinstance(error, Fault) else error
    logs.get().error("process failed", process=name.removeprefix("_"), reason=str(error), exc_info=trace)
    return 1


def _serve(options: Options) -> int:
    settings = Settings.load()
    settings.require_github()
    for warning in settings.warnings:
        say(warning, level="warning")
    if int(options["workers"]):
        _look_for_another(settings)
    begin(options)
    more = ["--clock", options["clock"]] if "clock" in options else []
    return serve(options["host"], int(options["port"]), int(options["processes"]), int(options["workers"]), more)


def _look_for_another(settings: Settings) -> None:
    """Raises Mistake at once where another worker has the SQLite file; our own worker takes the place for good later."""
    from app.engine.alone import Alone

    alone = Alone(settings.sqlite_path)
    for pause in alone.begin():
        time.sleep(pause)
    alone.end()


def _migrate(options: Options) -> int:
    settings = _prepared()
    from app.store.database import Database

    begin(options)
    Database.open(settings.database_url).migrate()
    return 0


def _receiver(options: Options) -> int:
    settings = _prepared()
    settings.require_github()
    from app.web import server  # not through app.wiring, which loads the durable engine

    begin(options)
    server.run(settings, socket.socket(fileno=int(options["fd"])))
    return 0


def _worker(options: Options) -> int:
    """Without `--executor` it was started by itself: then it takes a name and sees to the database first.

    `--clock`: the file of the demo's clock.
    """
    settings = _prepared()
    settings.require_github()
    by_itself = "executor" not in options
    if by_itself:
        _look_for_another(settings)
        if code := subprocess.run(command("_migrate"), check=False).returncode:
            return code
    from app import wiring
    from app.github.errors import NotFound, Unauthorized

    begin(options)
    name = executor_ids()() if by_itself else options["executor"]
    try:
        clock = wiring.DemoClock(Path(options["clock"])) if "clock" in options else wiring.clock
        wiring.run_worker(settings, name, options.get("replaces"), clock=clock)
    except (Unauthorized, NotFound) as refusal:  # GitHub says 404 of an App ID that it does not know
        raise Mistake(f"{refusal}. ROUNDS_GITHUB_APP_ID and the private key must belong to one App.") from refusal
    return 0


def _sandbox(options: Options) -> int:
    """The stand-in for GitHub of `rounds demo`, for the App that the settings describe."""
    settings = _prepared()
    from app.sandbox import serve as sandbox

    (secret,) = settings.webhook_secrets
    begin(options)
    sandbox.main(
        int(options["port"]), settings.webhook_url, secret=secret, private_key=settings.github_private_key,
        client_secret=settings.github_client_secret, clock=Path(options["clock"]) if "clock" in options else None,
    )  # fmt: skip
    return 0


def _prepared() -> Settings:
    from app import logs

    logs.configure()
    return Settings.load()


def begin(options: Options) -> None:
    """Waits for the supervisor's leave to work; from then on this process ends when the supervisor does.

    A supervised process leaves Ctrl-C to the supervisor, which stops its children in order.
    """
    if "lifeline" not in options:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = int(options["lifeline"])
    if not os.read(pipe, 1):
        sys.exit(1)
    threading.Thread(target=_end_with, args=(pipe,), daemon=True, name="lifeline").start()


def _end_with(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)


_COMMANDS: dict[str, Callable[[Options], int]] = {
    "_serve": _serve,
    "_migrate": _migrate,
    "_receiver": _receiver,
    "_worker": _worker,
    "_sandbox": _sandbox,
}
