"""`rounds serve` when nothing happens: how soon it answers after its start, what it takes while it waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from benchmarks.figures import Figure, Goal
from benchmarks.machine import family, memory
from benchmarks.stage import Stage, Stages


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """Starts on a new database and on one that has its tables; then CPU and memory of all processes together."""
    times = 2 if quick else 5
    for name, migrated in (("on a new database", False), ("again", True)):
        starts = [_start(stages, migrated=migrated) for _ in range(times)]
        answer, ready = (median(column) for column in zip(*starts, strict=True))
        also = {"ready s": ready, "slowest s": max(start[0] for start in starts)}
        yield Figure(f"first answer after the start, {name}", answer, "s", Goal("≤", 2), also)
    with stages.empty() as stage:
        yield from _waiting(stage, 5.0 if quick else 20.0)


def _start(stages: Stages, *, migrated: bool) -> tuple[float, float]:
    """Seconds to the first 200 of /livez and of /readyz."""
    with stages.empty(migrated=migrated) as stage:
        assert stage.environment  # the stand-in and the key are made before the clock starts
        began = time.perf_counter()
        serving = stage.serve()
        serving.wait_for("/livez", pause=0.005)
        answered = time.perf_counter()
        serving.wait_for("/readyz", pause=0.05)
        return answered - began, time.perf_counter() - began


def _waiting(stage: Stage, seconds: float) -> Iterator[Figure]:
    serving = stage.serve()
    serving.wait_for("/readyz")
    stage.filled(serving)
    time.sleep(5)
    before, in_server, began = serving.cpu(), stage.server_cpu(), time.perf_counter()
    time.sleep(seconds)
    passed = time.perf_counter() - began
    also = {"server's %": (stage.server_cpu() - in_server) / passed * 100} if stage.kind == "postgresql" else {}
    yield Figure("idle, CPU of all processes", (serving.cpu() - before) / passed * 100, "%", Goal("≤", 3), also)
    resident, shared = memory([serving.pid])
    processes = len(family([serving.pid]))
    yield Figure(
        "idle, memory of all processes", resident, "MB", Goal("≤", 200), {"PSS MB": shared, "processes": processes}
    )
