"""A thousand commands from one meeting issue, in comments of twenty lines, and in lines of twenty-five issues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Figure, Goal
from benchmarks.stage import Process, Stage, Stages
from benchmarks.town import Delivery

LINES = 20
WIDE = 25
TOPICS = 50


@dataclass(frozen=True, slots=True)
class Cost:
    """`seconds`: from the first write to the last answer; `calls`: to GitHub; `cpu`: seconds of the worker."""

    seconds: float
    calls: int
    cpu: float


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """All by one person who may triage. The comments of one issue run one after the other, as people wrote them."""
    count = 200 if quick else 1000
    with stages.empty() as stage:
        worker = stage.worker()
        _done(stage, worker, stage.town.call(["/label what there is not"]), 0)  # who it is
        lines = [f"{name} /label {label}" for name, label in stage.town.topics(TOPICS, count)]
        call = stage.town.call(["\n".join(lines[at : at + LINES]) for at in range(0, count, LINES)])
        yield _figure(f"{LINES} lines a comment", count, _done(stage, worker, call, count), Goal("≥", 60))
        pairs = stage.town.topics(TOPICS, count, first=count)
        wide = [pairs[at : at + WIDE] for at in range(0, count, WIDE)]
        call = stage.town.call([f"{' '.join(name for name, _ in some)} /label {some[0][1]}" for some in wide])
        yield _figure(f"{WIDE} issues a line", count, _done(stage, worker, call, count))


def _done(stage: Stage, worker: Process, call: list[Delivery], labels: int) -> Cost:
    """Until the last comment is answered. Raises RuntimeError where a label is missing."""
    calls, first, before = stage.calls(), len(stage.seen()), worker.cpu()
    stage.put(call)
    stage.handled()
    seen = stage.seen(first)
    written, answered = [sum(kind == what for kind, *_ in seen) for what in ("label", "reaction")]
    if (written, answered) != (labels, len(call)):
        raise RuntimeError(f"{written} of {labels} labels were set, and {answered} of {len(call)} comments answered")
    return Cost(seen[-1][3] - seen[0][3], stage.calls() - calls, worker.cpu() - before)


def _figure(what: str, count: int, cost: Cost, goal: Goal | None = None) -> Figure:
    also = {"seconds": cost.seconds, "calls each": cost.calls / count, "CPU ms each": cost.cpu / count * 1000}
    return Figure(f"{count:,} commands from one issue, {what}", count / cost.seconds, "commands/s", goal, also)
