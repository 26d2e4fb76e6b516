"""The week that the demo shows: a call is opened by itself, held, ended, approved, and the next one has what was carried."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.sandbox import demo, demo_meetings
from app.sandbox.moving import MovingClock
from app.sandbox.things import Comment, Issue
from app.sandbox.web import boxes
from app.wiring import DemoClock
from tests.journeys.town import BOT, Town

REPO = demo.WAREHOUSE


class Week:
    """The demo's town, and the clock that its pages put forward."""

    def __init__(self, town: Town, clock: MovingClock) -> None:
        self.town = town
        self.world = town.world
        self.clock = clock

    def call(self, number: int) -> Issue | None:
        found = [i for i in self.world.find_repository(REPO).issues.values() if i.title == f"Triage call #{number:03}"]
        assert len(found) < 2
        return found[0] if found else None

    async def opened(self, number: int) -> Issue:
        await self.town.sandbox.until(lambda: self.call(number), timeout=60)
        await self.town.settled()
        call = self.call(number)
        assert call is not None
        return call

    def issue(self, number: int) -> Issue:
        return self.world.issue(REPO, number)

    async def speak(self, call: Issue) -> None:
        for line in demo_meetings.script(self.clock())[:-1]:
            await self.town.says(call, line.login, line.text)

    async def checklist(self, call: Issue) -> Comment:
        """Ours, with boxes, once the call is over."""
        assert self.world.timetable is not None
        self.clock.move_to(self.world.timetable.end(self.clock()))

        def listed() -> Comment | None:
            return next((c for c in call.by_bot if "/minutes ok" in c.body), None)

        await self.town.sandbox.until(listed, timeout=60)
        await self.town.settled()
        found = listed()
        assert found is not None
        return found


@pytest.fixture
async def week(database_url: str, tmp_path: Path) -> AsyncIterator[Week]:
    world, file = demo.make(), tmp_path / "clock"
    world.clock = clock = MovingClock(file)
    async with Town.open(database_url, world, begin=False) as town:
        await town.receiver()
        await town.worker(clock=DemoClock(file))
        yield Week(town, clock)


def said(issue: Issue) -> str:
    return "\n".join(comment.body for comment in issue.by_bot)


async def test_a_call_from_its_opening_to_the_next_one(week: Week) -> None:
    call = await week.opened(1)
    assert (call.author.login, call.label_names) == (BOT, ["meeting"])
    for number in (6187, 6263, 6301, 996):
        assert f"#{number} " in (call.body or "")
    assert "acme-index/registry#2741" in (call.body or "")

    await week.speak(call)
    assert "out of scope" in week.issue(6263).label_names
    assert said(week.issue(996)) == ""

    minutes = await week.checklist(call)
    assert re.search(r"I read 2 \w+, \d+ decisions?", minutes.body)
    line = next(n for n, text in enumerate(minutes.body.split("\n")) if "#996" in text and "- [x]" in text)
    again = boxes.toggled(boxes.toggled(minutes.body, str(line)), str(line))
    assert again == minutes.body
    await week.town.says(call, "samir", "/minutes ok")
    assert said(week.issue(996)) == ""  # samir triages
    await week.town.says(call, "ines", "/minutes ok")
    await week.town.sandbox.until(lambda: week.world.find_repository(REPO).branches, timeout=60)
    await week.town.settled()
    assert "tokens for uploads answer it" in said(week.issue(996))
    assert "look at error reporting" in said(week.issue(6232))
    assert "requires triaging" not in week.issue(6263).label_names
    pull = next(i for i in week.world.find_repository(REPO).issues.values() if i.pull and i.via_app)
    week.world.merge_pull(pull, by="ines")
    assert [p for p in week.world.find_repository(REPO).files if p.startswith("meetings/")] != []

    week.clock.move(timedelta(days=5))
    following = await week.opened(2)
    agenda = following.body or ""
    assert re.search(r"#6301 .*carried from #001", agenda)
    assert "How do we tell people what we decided?" in agenda
    assert "look at error reporting" in agenda
    await week.town.sandbox.until(lambda: call.state == "closed", timeout=60)
    assert f"#{following.number}" in said(call)


async def test_an_unticked_box_is_not_carried_out(week: Week) -> None:
    call = await week.opened(1)
    await week.speak(call)
    minutes = await week.checklist(call)
    lines = [n for n, text in enumerate(minutes.body.split("\n")) if "tokens for uploads" in text]
    assert len(lines) == 2, "the decision, and that #996 is closed"
    unticked = minutes.body
    for line in lines:
        unticked = boxes.toggled(unticked, str(line))
    week.world.edit_comment(minutes, unticked, by="ines")
    await week.town.settled()
    await week.town.says(call, "ines", "/minutes ok")
    await week.town.settled()
    assert (said(week.issue(996)), week.issue(996).state) == ("", "open")
    assert "look at error reporting" in said(week.issue(6232))


async def test_whoever_goes_straight_to_the_next_call_finds_its_issue(week: Week) -> None:
    await week.opened(1)
    assert week.world.timetable is not None
    for number in (1, 2):
        week.clock.move_to(week.world.timetable.next(week.clock()))
        await week.opened(number)


async def test_a_month_without_people_opens_every_call_that_is_not_too_late(week: Week) -> None:
    await week.opened(1)
    for number in (2, 3):
        week.clock.move(timedelta(days=7))
        await week.opened(number)
    week.clock.move(timedelta(days=1))
    await week.town.settled()
    titles = [i.title for i in week.world.find_repository(REPO).issues.values() if "meeting" in i.label_names]
    assert titles == ["Triage call #001", "Triage call #002", "Triage call #003"]
