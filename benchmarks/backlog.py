"""Whether a worker slows down while twenty thousand deliveries wait."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.commands import done
from benchmarks.figures import Figure, Goal
from benchmarks.stage import Stage, Stages


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """The rate with a short queue, then with a long one, as a share of the first."""
    count, seconds = (4000, 4.0) if quick else (20_000, 15.0)
    with stages.empty() as stage:
        worker = stage.worker()
        done(stage, worker, 100, fresh=True)
        short = _rate(stage, 300 if quick else 1500, None)
        stage.handled()
        long = _rate(stage, count, seconds)
        left = stage.backlog()["waiting"]
    yield Figure("short queue", short, "commands/s")
    yield Figure(f"with {count:,} waiting", long, "commands/s", None, {"left at the end": left})
    yield Figure("the one as a share of the other", long / short, "", Goal("≥", 0.9))


def _rate(stage: Stage, count: int, seconds: float | None) -> float:
    """Until all are done, or for that long after they were put."""
    found = stage.town.commands(count)
    stage.put(found, "waiting")
    first = len(stage.seen())
    if seconds is None:
        stage.handled()
    else:
        time.sleep(seconds)
    times = stage.writes("reaction", first)
    return (len(times) - 1) / (times[-1] - times[0])
