"""After a storm every accepted command has taken effect exactly once, in the order of its arrival, on both databases."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.soak.fleet import Fleet
from tests.soak.judge import judge
from tests.soak.storm import Plan, Report, Storm, Twice


async def weathered(database_url: str, folder: Path, plan: Plan) -> Report:
    """What happened in a storm, after everything was found to be right."""
    dice, report = random.Random(plan.seed), Report()
    carrier = Twice(random.Random(plan.seed), report)
    async with Fleet.open(database_url, folder, senders=8, transport=carrier) as fleet:
        storm = Storm(fleet, plan, dice, report)
        await storm.rage()
        await judge(fleet, storm.issues, report.posted)
    return report


def workers(database_url: str) -> int:
    return 1 if database_url.startswith("sqlite") else 2


async def test_a_short_storm(database_url, tmp_path):
    plan = Plan(seed=2, commands=40, issues=8, kills=3, faults=5, workers=workers(database_url))
    report = await weathered(database_url, tmp_path, plan)
    assert report.posted == plan.commands
    assert len(report.killed) == plan.kills


@pytest.mark.soak
@pytest.mark.parametrize("seed", [11, 12, 13])
async def test_a_long_storm(database_url, tmp_path, seed):
    plan = Plan(seed=seed, commands=200, issues=25, kills=15, faults=25, workers=workers(database_url))
    report = await weathered(database_url, tmp_path, plan)
    (tmp_path.parent / f"storm {seed}.txt").write_text(f"{asdict(report)}\n")
    assert report.repeated > 20
    assert report.recovered > 0
    assert report.struck > 10
