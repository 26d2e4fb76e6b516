"""How many deliveries a second are accepted durably: bodies of 12 kB, signed, each a new one.

Beside the receiver stand two that do nothing: what FastAPI, and what the bare server, can do at best on this machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import uvloop

from benchmarks.figures import Figure, Goal
from benchmarks.load import flood, percentile, request
from benchmarks.stage import Process, Stage, Stages

CONNECTIONS = (16, 64)
BODIES = 256
GOALS = {
    ("receiver alone", 64, "sqlite"): Goal("≥", 2000),
    ("receiver alone", 64, "postgresql"): Goal("≥", 1200),
    ("receiver, busy worker", 64, "sqlite"): Goal("≥", 1000),
    ("receiver, busy worker", 64, "postgresql"): Goal("≥", 1000),
}


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """Four servers, each with 16 and with 64 connections."""
    seconds = 2.0 if quick else 8.0
    for kind, name in (("fastapi", "no-op FastAPI"), ("asgi", "no-op bare ASGI")):
        with stages.empty() as stage:
            server = stage.served("-m", "benchmarks.noop", before_fd=(kind,))
            yield from _measured(name, stage, server, seconds)
    with stages.empty() as stage:
        yield from _measured("receiver alone", stage, stage.receiver(), seconds)
    with stages.empty() as stage:
        stage.worker()
        receiver = stage.receiver()
        stage.put(stage.town.commands(1500 if quick else 4000), "waiting")
        yield from _measured("receiver, busy worker", stage, receiver, seconds)
        if not stage.backlog()["waiting"]:
            raise RuntimeError("the worker ran out of work")


def _measured(name: str, stage: Stage, server: Process, seconds: float) -> Iterator[Figure]:
    requests = [request(one) for one in stage.town.chat(BODIES)]
    for connections in CONNECTIONS:
        uvloop.run(flood(server.port, requests, connections, 0.5))
        before, in_server = server.cpu(), stage.server_cpu()
        done = uvloop.run(flood(server.port, requests, connections, seconds))
        count = len(done.seconds)
        also = {
            "p50 ms": percentile(done.seconds, 0.5) * 1000,
            "p99 ms": percentile(done.seconds, 0.99) * 1000,
            "CPU µs each": (server.cpu() - before) / count * 1e6,
        }
        if stage.kind == "postgresql" and not name.startswith("no-op"):
            also["server's CPU µs"] = (stage.server_cpu() - in_server) / count * 1e6
        if done.refused:
            also["refused"] = done.refused
        goal = GOALS.get((name, connections, stage.kind))
        yield Figure(f"{name}, {connections} connections", done.rate, "accepted/s", goal, also)
