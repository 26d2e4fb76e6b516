"""Two labels merged over thousands of issues: how often GitHub is called, and how long it takes, GitHub answering at once.

GitHub is the sandbox, in the same process: its time is in the figures. At GitHub's pace what counts is the number of writes,
for there is one a second: that time is told beside it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator

from app import logs, wiring
from app.github.limits import Limits
from app.sandbox.server import Sandbox, running
from app.sandbox.world import World
from app.settings import Settings
from app.store import mirror
from benchmarks.figures import Figure, Goal
from benchmarks.stage import Stages

REPO = "acme/tracker"
CONFIG = "labels: [{name: accessibility, previously: [a11y]}]"


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """Half of the issues are closed, a tenth are pull requests; then the run that finds nothing to do."""
    count = 500 if quick else 10_000
    logs.configure(level=logging.WARNING)
    with stages.empty() as stage:
        calls, writes, seconds, again = asyncio.run(_merged(stage.url, count))
    hours = writes / Limits.github().writes_per_second / 3600
    also = {"calls": calls, "writes": writes, "hours at our pace": hours}
    yield Figure(f"merge over {count:,} issues, calls an issue", calls / count, "calls", Goal("≤", 2.1), also)
    yield Figure(f"merge over {count:,} issues, time of each", seconds / count * 1000, "ms", None, {"s": seconds})
    yield Figure("the run that finds nothing to do", again, "calls", Goal("≤", 5))


def _town(count: int) -> World:
    world = World()
    world.user("reporter")
    world.organization("acme", admins=["admin"])
    world.repository(REPO, labels=["a11y", "accessibility", "bug"], files={".github/rounds.yml": CONFIG})
    for number in range(count):
        opened = (world.open_pull if number % 10 == 0 else world.open_issue)(REPO, f"Case {number}", by="reporter")
        world.add_labels(opened, ["a11y", "bug"], by="admin")
        if number % 2:
            world.close_issue(opened, by="admin")
    world.install("acme")
    return world


async def _merged(database_url: str, count: int) -> tuple[int, int, float, int]:
    """Calls, writes among them, seconds; and calls of the second run."""
    world = _town(count)
    sandbox = Sandbox(world)
    sandbox.limits.core = 10 * count + 5_000  # GitHub's hour would end the measuring, not the merge
    async with running(sandbox) as address:
        settings = Settings(
            github_app_id=world.app.client_id,
            github_private_key=world.app.private_key,
            webhook_secrets=("benchmark",),
            github_api_url=address,
            github_web_url=address,
            database_url=database_url,
        )
        async with wiring.reach(settings, Limits.unlimited()) as parts:
            await parts.sync.installations()
            known = await parts.database.read(lambda conn: mirror.repository_named(conn, REPO))
            assert known is not None
            labels, before, began = wiring.labels(parts), len(world.calls), time.perf_counter()
            report = await labels.finish(await labels.look(known))
            seconds, made = time.perf_counter() - began, world.calls[before:]
            if report.refused or "a11y" in world.find_repository(REPO).labels:
                raise RuntimeError(f"the merge did not end: {report}")
            before = len(world.calls)
            await labels.finish(await labels.look(known))
            writes = [call for call in made if call.method != "GET" and call.route != "/graphql"]
            return len(made), len(writes), seconds, len(world.calls) - before
