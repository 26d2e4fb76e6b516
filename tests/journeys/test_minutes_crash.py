"""Twelve issues are told, with a limit in the middle, answers that get lost, a crash behind every write: each is told once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.engine.meetings import task
from app.engine.meetings.approving import Approving
from app.engine.meetings.said import Voice
from app.engine.meetings.task import Task
from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from app.store import deliveries, mirror, todos
from tests.journeys.hall import BOT, REPO, Hall
from tests.journeys.test_minutes import BEGINS, ENDS, WORD, minutes, opened, says, told

ISSUES = 12


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as found:
        yield found


async def talked(hall: Hall) -> tuple[Issue, list[Issue]]:
    """A meeting that is over, with a decision about each of twelve issues, and something to do."""
    issues = [hall.town.world.open_issue(REPO, f"Thing {n}", by="rita") for n in range(ISSUES)]
    issue = await opened(hall)
    await hall.until(BEGINS)
    await says(hall, issue, "tim", "\n".join(f"/decision #{one.number} Do it so, {one.number}" for one in issues))
    await says(hall, issue, "tim", f"{WORD}: @wes to write it down #{issues[0].number}")
    await hall.until(ENDS)
    return issue, issues


async def test_a_limit_in_the_middle_delays_and_repeats_nothing(hall):
    issue, issues = await talked(hall)
    limit = Fault.secondary(retry_after=1, path=r"/issues/\d+/comments$", times=2)
    limit.skip, limit.method = 5, "POST"
    hall.town.sandbox.faults.add(limit)
    await says(hall, issue, "wes", "/minutes ok")
    assert limit.struck == 2
    assert [len(told(one)) for one in issues] == [1] * ISSUES
    assert all(f"Do it so, {one.number}" in told(one)[0] for one in issues)


async def test_answers_that_were_lost_after_the_write_repeat_nothing(hall):
    issue, issues = await talked(hall)
    lost = Fault(status=502, path=r"/issues/\d+/comments$", method="POST", after_effect=True, times=3)
    hall.town.sandbox.faults.add(lost)
    await says(hall, issue, "wes", "/minutes ok")
    assert lost.struck == 3
    assert [len(told(one)) for one in issues] == [1] * ISSUES


async def test_approved_again_the_comments_are_edited_and_none_is_added(hall):
    issue, issues = await talked(hall)
    await says(hall, issue, "wes", "/minutes ok")
    before = [one.comments[-1].id for one in issues]
    await says(hall, issue, "tim", f"/decision #{issues[1].number} And this, too")
    assert "And this, too" in minutes(issue)
    await says(hall, issue, "wes", "/minutes ok")
    (text,) = told(issues[1])
    assert re.findall(r"\*\*Decided:\*\* ([^(\[]*) ", text) == [f"Do it so, {issues[1].number}", "And this, too"]
    assert [one.comments[-1].id for one in issues] == before
    assert [len(told(one)) for one in issues] == [1] * ISSUES


class Crash(BaseException):
    """The process ends."""


class Replaying:
    """A durable engine that dies behind the effect of one step, before it is recorded; `kept`: what is."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.place, self.dies = 0, -1

    async def step(self, _name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        place, self.place = self.place, self.place + 1
        if place < len(self.kept):
            return self.kept[place]
        result = await work()
        if place == self.dies:
            raise Crash
        self.kept.append(result)
        return result

    async def sleep(self, _seconds: float) -> None:
        return


async def test_a_crash_behind_every_write_repeats_nothing(hall):
    issue, issues = await talked(hall)
    meeting, services = await hall.meeting(), hall.ticking._services
    wes = (await says(hall, issue, "wes", "Fine.")).author.id
    asked = Task(meeting.key, "approve", by="wes", by_id=wes)

    def put(conn):
        at = mirror.repository_named(conn, REPO)
        row = task.row(asked, at, hall.clock(), BOT, number=issue.number, mark="by hand")
        task.put(conn, [row | {"state": "done"}])
        return deliveries.find(conn, asked.guid("by hand"))

    delivery = await hall.town.database.run(put)
    described = await services.described(*meeting.key[:2])
    durable = Replaying()
    for attempt in range(100):
        durable.place, durable.dies = 0, attempt
        approving = Approving(services, durable, Voice(durable, delivery, BOT))
        try:
            await approving.approve(asked, described, await hall.meeting())
        except Crash:
            continue
        break
    await hall.town.settled()
    assert attempt > ISSUES
    assert [len(told(one)) for one in issues] == [1] * ISSUES
    kept = await hall.town.database.read(lambda conn: todos.of_series(conn, *meeting.key[:2]))
    assert [one.text for one in kept] == [kept[0].text]
    pulls = [one for one in hall.town.world.find_repository(REPO).issues.values() if one.pull is not None]
    assert len(pulls) == 1
    assert len([c for c in issue.comments if "<!-- rounds: minutes" in c.body]) == 1
