"""What a delivery costs that needs no effect: received, stored, mirrored. Nine of ten are of this kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import uvloop

from benchmarks.figures import Figure, Goal
from benchmarks.load import Request, each, paced, request
from benchmarks.stage import Process, Stage, Stages


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """In a flood, where many are mirrored together, and at an even pace, where each is for itself."""
    count = 1000 if quick else 5000
    with stages.empty() as stage:
        worker, receiver = stage.worker(), stage.receiver()
        requests = [request(one) for one in stage.town.traffic(count + count // 5 + 200)]
        uvloop.run(each(receiver.port, requests[:200], 16))
        stage.handled()
        yield _cost("in a flood", stage, (receiver, worker), requests[200 : 200 + count], 0)
        yield _cost("at 40 a second", stage, (receiver, worker), requests[200 + count :], 40)


def _cost(
    name: str, stage: Stage, processes: tuple[Process, Process], requests: Sequence[Request], pace: float
) -> Figure:
    receiver, worker = processes
    before = (receiver.cpu(), worker.cpu(), stage.server_cpu())
    if pace:
        uvloop.run(paced(receiver.port, requests, pace))
    else:
        uvloop.run(each(receiver.port, requests, 16))
    stage.handled()
    after = (receiver.cpu(), worker.cpu(), stage.server_cpu())
    each_of = [(a - b) / len(requests) * 1000 for a, b in zip(after, before, strict=True)]
    also = {"receiver ms": each_of[0], "worker ms": each_of[1]}
    if stage.kind == "postgresql":
        also["server ms"] = each_of[2]
    size = sum(map(len, (part for one in requests for part in one))) / len(requests) / 1000
    return Figure(
        f"CPU of a delivery without effect, {name}",
        each_of[0] + each_of[1],
        "ms",
        Goal("≤", 1),
        also | {"kB": size},
    )
