"""Receivers that do nothing, as ceilings: `python -m benchmarks.noop fastapi|asgi FD`, on a socket that is already bound."""

from __future__ import annotations

import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
from fastapi import FastAPI, Request

Message = MutableMapping[str, Any]


def usual() -> FastAPI:
    """What one writes in a minute: reads the body, answers 202."""
    app = FastAPI()

    @app.post("/webhooks/github", status_code=202)
    async def nothing(request: Request) -> dict[str, bool]:
        await request.body()
        return {"ok": True}

    return app


async def bare(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The same without a framework."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"application/json"), (b"content-length", b"11")]
    await send({"type": "http.response.start", "status": 202, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"ok":true}'})


def main(kind: str, fd: str) -> None:
    """Until SIGTERM, on the same server as Rounds: uvicorn with uvloop and httptools."""
    app = usual() if kind == "fastapi" else bare
    config = uvicorn.Config(
        app, loop="uvloop", http="httptools", lifespan="off", log_config=None, access_log=False, server_header=False
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(fd))])


if __name__ == "__main__":
    main(*sys.argv[1:])
