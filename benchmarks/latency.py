"""From the comment to the label: `rounds serve` as it is, twenty commands a second at random times."""

from __future__ import annotations

from collections.abc import Iterator

import uvloop

from benchmarks.figures import Figure, Goal
from benchmarks.load import paced, percentile, request
from benchmarks.machine import wait
from benchmarks.stage import Stage, Stages
from benchmarks.town import Delivery

PER_SECOND = 20.0
WARM_UP = 60


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """From the moment the webhook is sent to the moment the stand-in is asked for the label, at our own limits."""
    count = 100 if quick else 600
    with stages.empty() as stage:
        serving = stage.serve()
        serving.wait_for("/readyz")
        stage.filled(serving)
        _sent(stage, serving.port, stage.town.commands(WARM_UP))
        waits = _sent(stage, serving.port, stage.town.commands(count))
    also = {f"{name} ms": percentile(waits, share) for name, share in (("p90", 0.9), ("most", 1.0))}
    yield Figure(f"comment to label, p50 of {count}", percentile(waits, 0.5), "ms", Goal("≤", 150), also)
    yield Figure(f"comment to label, p99 of {count}", percentile(waits, 0.99), "ms", Goal("≤", 500))


def _sent(stage: Stage, port: int, found: list[Delivery]) -> list[float]:
    """Milliseconds of each."""
    first = len(stage.seen())
    times = uvloop.run(paced(port, [request(one) for one in found], PER_SECOND))
    wait(lambda: len(stage.writes("label", first)) == len(found), 60, pause=0.2)
    labelled = {(name, number): at for what, name, number, at in stage.seen(first) if what == "label"}
    return [(labelled[one.repository, one.number] - sent) * 1000 for one, sent in zip(found, times, strict=True)]
