"""A sweep over ten thousand issues of one repository: how long it looks, and how long until what it found is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app import wiring
from app.core import events
from app.engine.sweeping import Sweeps
from app.github.limits import Limits
from app.settings import Settings
from app.store import mirror
from app.store.mirror import KnownRepository
from benchmarks.figures import Figure, Goal
from benchmarks.stage import Stage, Stages
from benchmarks.town import ISSUES, LABELS

NAME = "tidy"
CONFIG = f"""version: 1
rules:
  {NAME}: {{every: week, limit: {ISSUES}, if: {{no_labels: ["area/*"]}}, do: [{{add_labels: "{LABELS[1]}"}}]}}
  nothing: {{every: week, if: {{labels: ["nowhere*"], quiet: 1h}}, do: [{{add_labels: "{LABELS[1]}"}}]}}
"""
_BATCH = 500
_WHEN = datetime(2020, 1, 1, tzinfo=UTC)


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """A sweep that finds nothing; then one that finds the town's own issues among those that fill the mirror."""
    count = 2_000 if quick else 10_000
    with stages.empty() as stage:
        stage.environment["ROUNDS_CONFIG_DIR"] = str(_configured(stage.folder / "config"))
        stage.worker()
        known = _filled(stage, count)
        yield from asyncio.run(_looked(stage, known, count))


async def _looked(stage: Stage, known: KnownRepository, count: int) -> list[Figure]:
    settings = Settings.load(stage.environment)
    async with wiring.reach(settings, Limits.unlimited()) as parts:
        sweeps = Sweeps(await wiring.services(parts))
        rules = (await parts.configs.of(known.repository, known.installation_id)).rules
        before, began, used = stage.calls(), time.monotonic(), time.process_time()
        found = [outcome async for outcome in sweeps.found(known, "nothing", rules["nothing"])]
        looked, used = time.monotonic() - began, time.process_time() - used
        asked, written = stage.calls() - before, len(stage.seen())
        before, began = stage.calls(), time.monotonic()
        handed = await sweeps.begin(known, NAME, rules[NAME])
    stage.handled()
    times = stage.writes("label", written)
    if found or handed != ISSUES or len(times) != ISSUES:
        raise RuntimeError(f"found {len(found)}, handed {handed}, written {len(times)} of {ISSUES}")
    also = {"CPU ms an issue": used / count * 1000, "calls": asked}
    done = {"issues changed": len(times), "calls each": (stage.calls() - before) / len(times)}
    return [
        Figure(f"{count:,} issues looked through", looked, "s", Goal("≤", 5.0), also),
        Figure("looked through and all that was found done", times[-1] - began, "s", None, done),
    ]


def _configured(folder: Path) -> Path:
    folder.mkdir()
    (folder / "defaults.yml").write_text(CONFIG, encoding="utf-8")
    return folder


def _filled(stage: Stage, count: int) -> KnownRepository:
    """The mirror has so many more issues of the first repository, of which the sweep wants none."""
    repository = stage.town.issues[0].repository
    label = repository.labels[LABELS[0]]
    marked = events.Label(id=label.id, name=label.name, color=label.color)
    issues = [
        events.Issue(
            id=10**9 + n, number=10_000 + n, title=f"Case {n}", created_at=_WHEN, updated_at=_WHEN, labels=[marked]
        )
        for n in range(count - ISSUES)
    ]
    for start in range(0, len(issues), _BATCH):
        with stage.database.transaction() as conn:
            mirror.put_issues(conn, repository.id, issues[start : start + _BATCH])
    with stage.database.reading() as conn:
        known = mirror.repository_named(conn, repository.full_name)
    assert known is not None
    return known
