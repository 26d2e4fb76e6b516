"""How many commands a second one worker process does, and what each costs: `/label`, GitHub answering at once."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.figures import Figure, Goal
from benchmarks.stage import Process, Stage, Stages


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """Each by another person, so with three calls (role, label, reaction); then all by one, with two."""
    count = 500 if quick else 2000
    with stages.empty() as stage:
        worker = stage.worker()
        done(stage, worker, 100, fresh=True)
        yield done(stage, worker, count, fresh=True, goal=Goal("≥", 60))
        done(stage, worker, 100, fresh=False)
        yield done(stage, worker, count, fresh=False)


def done(stage: Stage, worker: Process, count: int, *, fresh: bool, goal: Goal | None = None) -> Figure:
    """That many commands at once into the inbox, until the last is done."""
    found = stage.town.commands(count, fresh=fresh)
    calls, written = stage.calls(), len(stage.seen())
    before = (worker.cpu(), stage.github.cpu(), stage.server_cpu())
    stage.put(found)
    stage.handled()
    times = stage.writes("reaction", written)
    if len(times) != count:
        raise RuntimeError(f"{len(times)} of {count} commands were answered")
    after = (worker.cpu(), stage.github.cpu(), stage.server_cpu())
    each = [(a - b) / count * 1000 for a, b in zip(after, before, strict=True)]
    also = {"CPU ms each": each[0], "stand-in's ms": each[1], "calls each": (stage.calls() - calls) / count}
    if stage.kind == "postgresql":
        also["server's ms"] = each[2]
    kind = "each by another person" if fresh else "by a known person"
    return Figure(f"/label, {kind}", (count - 1) / (times[-1] - times[0]), "commands/s", goal, also)
