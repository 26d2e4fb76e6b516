"""SQLite is for one worker: a second one, started by mistake, must not take the work of the first, who lives."""

from __future__ import annotations

from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from tests.journeys.town import REPO
from tests.soak.fleet import Fleet, Worker


async def _in_the_middle(fleet: Fleet) -> tuple[Worker, Issue]:
    """A worker that is writing a comment, and the issue."""
    await fleet.receiver()
    worker = await fleet.worker()
    await fleet.filled()
    issue = fleet.world.open_issue(REPO, "It broke", by="rita")
    await fleet.settled()
    slow = fleet.sandbox.faults.add(Fault(path="/comments$", method="POST", delay=3.0))
    fleet.world.post_comment(issue, "/say hello", by="tim")
    await fleet.eventually(lambda: slow.struck)
    return worker, issue


async def test_a_second_worker_on_sqlite_leaves_the_work_of_the_first_alone(tmp_path):
    async with Fleet.open(f"sqlite:///{tmp_path}/rounds.db", tmp_path) as fleet:
        first, issue = await _in_the_middle(fleet)
        second = await fleet.worker(wait=False)
        await fleet.eventually(lambda: not second.alive)
        await fleet.settled()
        assert fleet.words(issue) == ["Said hello."]
        assert first.alive


async def test_the_next_worker_waits_for_one_that_finishes_its_work(tmp_path):
    async with Fleet.open(f"sqlite:///{tmp_path}/rounds.db", tmp_path) as fleet:
        first, issue = await _in_the_middle(fleet)
        first.signal(15)
        await fleet.worker()
        assert not first.alive
        await fleet.settled()
        assert fleet.words(issue) == ["Said hello."]
