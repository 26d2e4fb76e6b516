"""The sandbox as a program: `python -m app.sandbox.serve`, and what `rounds demo` starts."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

from app.sandbox import demo
from app.sandbox.moving import MovingClock
from app.sandbox.server import Sandbox, running
from app.sandbox.world import World


async def serve(world: World, port: int = 8900, *, stop: asyncio.Event | None = None) -> None:
    """Serves a world on 127.0.0.1 until `stop` is set, or until SIGINT or SIGTERM when there is none."""
    stop = stop or _on_signals()
    async with running(Sandbox(world), port):
        await stop.wait()


def main(
    port: int = 8900,
    webhook_url: str = "",
    *,
    secret: str = "",
    private_key: str = "",
    client_secret: str = "",
    clock: Path | None = None,
) -> None:
    """The demo world until SIGINT or SIGTERM. `private_key` (PEM), `secret` and `client_secret` when Rounds has them already.

    `clock`: the file through which its clock, which its pages can put forward, is shared (app.sandbox.moving).
    """
    world = demo.make()
    world.clock = MovingClock(clock)
    world.app.webhook_url = webhook_url
    world.app.webhook_secret = secret or world.app.webhook_secret
    world.app.client_secret = client_secret or world.app.client_secret
    if private_key:
        world.app.use_key(private_key)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(world, port))


def _on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.sandbox.serve", description="The demo world on loopback.")
    parser.add_argument("--port", type=int, default=8900, help="of 127.0.0.1 (8900)")
    parser.add_argument("--webhook-url", default="", help="where Rounds takes webhooks; none are sent without it")
    return parser.parse_args()


if __name__ == "__main__":
    given = _read_arguments()
    main(given.port, given.webhook_url)
