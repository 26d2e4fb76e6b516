"""`rounds serve`: receivers, web pages and workers in one command."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from app.cli.supervise import command
from app.errors import Mistake
from app.settings import Settings

Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every one.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")]
Processes = Annotated[int, typer.Option(min=1, max=64, help="How many receivers answer GitHub and browsers.")]
Workers = Annotated[
    int, typer.Option(min=0, max=64, help="How many workers perform commands; more than 1 needs PostgreSQL.")
]


def serve(host: Host = "127.0.0.1", port: Port = 8000, processes: Processes = 1, workers: Workers = 1) -> None:
    """Start receiver, web pages and worker: one command, supervised processes."""
    settings = Settings.load()
    settings.require_github()
    if workers > 1 and settings.sqlite_path:
        raise Mistake(
            "A SQLite file serves one worker: leave --workers at 1, or set ROUNDS_DATABASE_URL to PostgreSQL."
        )
    become("_serve", "--host", host, "--port", str(port), "--processes", str(processes), "--workers", str(workers))


def become(*arguments: str) -> None:
    """Replaces this process by one of ours that lacks the command line's libraries: it stays for weeks."""
    line = command(*arguments)
    os.execv(line[0], line)  # noqa: S606  # our own interpreter and words, no shell
