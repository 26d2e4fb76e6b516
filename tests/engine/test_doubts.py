"""Issues of which only GitHub knows how they are: when it is asked, how often, and what of its answer is kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pytest

from app.core import events
from app.engine import doubts as module
from app.engine.doubts import Doubts
from app.errors import Unavailable
from app.store import doubts, mirror
from app.store.database import Database
from tests.engine.fakes import NOW, Clock, FakeGitHub, an_issue, filled, gone, services, widgets

ID = 77
LATE = events.User(id=1, login="tim")


@dataclass
class Office:
    """The mirror, which was read whole, and who asks. There are issues 1 to 9."""

    database: Database
    github: FakeGitHub
    clock: Clock
    doubts: Doubts

    async def unsure(self, *numbers: int, title: str = "Other") -> None:
        """A change by somebody of the second that is known already, by a delivery."""
        shown = [msgspec.structs.replace(self.issue(number), title=title) for number in numbers]
        about = events.Repository(id=ID, full_name="acme/widgets")
        told = [events.IssueEvent(action="edited", repository=about, sender=LATE, issue=issue) for issue in shown]
        await self.database.run(lambda conn: mirror.apply(conn, told))

    async def wrote(self, number: int) -> None:
        """We gave it a label, and no echo comes."""
        await self.database.run(lambda conn: mirror.put_issue_labels(conn, ID, number, ["bug"]))

    async def looks(self, *seconds: float) -> list[int]:
        """What was asked for in each look, which come so many seconds one after the other: how many issues."""
        asked = []
        for pause in seconds:
            self.clock.forward(seconds=pause)
            before = self.github.asked("issue")
            await self.doubts.look()
            asked.append(self.github.asked("issue") - before)
        return asked

    async def doubtful(self) -> list[int]:
        return sorted(one.number for one in await self.database.read(doubts.listing))

    def issue(self, number: int) -> events.Issue:
        return self.github.repositories["acme/widgets"].issues[number]

    def on_github(self, number: int, **changes: object) -> None:
        issues = self.github.repositories["acme/widgets"].issues
        issues[number] = msgspec.structs.replace(issues[number], **changes)

    async def title(self, number: int) -> str | None:
        found = await self.database.read(lambda conn: mirror.issue(conn, ID, number, sure=True))
        return found and found.title


@pytest.fixture
async def office(database: Database) -> Office:
    clock, github = Clock(), FakeGitHub(widgets(issues={number: an_issue(number) for number in range(1, 10)}))
    known = services(database, github, clock)
    await filled(known)
    return Office(database, github, clock, Doubts(database, known.github, clock))


async def test_one_that_is_unsure_is_asked_for_within_a_second_and_then_known(office):
    await office.unsure(1)
    assert await office.title(1) is None
    office.on_github(1, title="As it is")
    assert await office.looks(0, 0.5, 0.5, 60) == [0, 1, 0, 0]
    assert await office.title(1) == "As it is"
    assert await office.doubtful() == []


async def test_a_write_whose_echo_does_not_come_is_asked_for_after_a_while(office):
    await office.wrote(2)
    assert await office.doubtful() == [2]
    assert await office.looks(0, 9, 1, 60) == [0, 0, 1, 0]
    assert await office.doubtful() == []


async def test_a_few_at_a_time(office):
    await office.unsure(*range(1, 10))
    assert await office.looks(0, 1, 1, 1, 1) == [0, 4, 4, 1, 0]
    assert await office.doubtful() == []


async def test_below_the_floor_of_the_budget_nobody_is_asked(office):
    await office.unsure(1)
    office.github.room = False
    assert await office.looks(0, 1, 3_600) == [0, 0, 0]
    office.github.room = True
    assert await office.looks(1) == [1]


async def _beside(database: Database, numbers: range) -> None:
    """Unsure issues of another repository, which changed last, in an installation that is then suspended."""
    account = events.FullInstallation(id=6, account=events.Account(id=2, login="other", type="User"))
    about = events.Repository(id=78, full_name="other/place")
    shown = [an_issue(number, updated_at=NOW + timedelta(days=1)) for number in numbers]
    again = [msgspec.structs.replace(one, title="Other") for one in shown]
    told = [events.IssueEvent(action="edited", repository=about, sender=LATE, issue=one) for one in (*shown, *again)]

    def put(conn):
        mirror.put_installations(conn, [account])
        mirror.put_repositories(conn, 6, [about.value()], whole=True)
        mirror.apply(conn, [*told, events.InstallationEvent(action="suspend", sender=LATE, installation=account)])

    await database.run(put)


async def test_those_of_a_suspended_installation_are_in_nobodys_way(office, monkeypatch):
    monkeypatch.setattr(module, "SOON", 0.0)
    await _beside(office.database, range(1, 6))
    await office.doubts.look()
    await office.unsure(1)
    assert await office.looks(0, 1, 1) == [0, 1, 0]
    waits = asyncio.create_task(office.doubts.wait())
    for _ in range(9):
        await asyncio.sleep(0)
    assert not waits.done()
    office.doubts.ring()
    await waits


async def test_one_that_stays_in_doubt_is_asked_for_three_times_in_all(office):
    await office.unsure(1)
    office.on_github(1, updated_at=NOW - timedelta(days=9))  # GitHub answers with an older state
    assert await office.looks(0, 1, 1, 10, 10, 100, 100, 86_400) == [0, 1, 0, 1, 0, 1, 0, 0]
    assert await office.doubtful() == [1]
    office.on_github(1, updated_at=an_issue(1).updated_at)
    await office.wrote(1)
    assert await office.looks(0, 1) == [0, 1]
    assert await office.doubtful() == []


async def test_what_is_heard_anew_does_not_put_it_off(office):
    await office.unsure(1)
    assert await office.looks(0) == [0]
    await office.unsure(1, title="Another")
    assert await office.looks(0.5) == [1]


async def test_an_answer_from_before_our_write_is_not_kept(office, monkeypatch):
    await office.unsure(1)
    ask = type(office.github.installation(5)).issue

    async def slow(self, repo, number):
        found = await ask(self, repo, number)
        await office.wrote(number)
        return found

    monkeypatch.setattr(type(office.github.installation(5)), "issue", slow)
    assert await office.looks(0, 1) == [0, 1]
    assert await office.doubtful() == [1]


async def test_one_that_is_gone_goes_out_of_the_mirror(office):
    await office.unsure(1)
    office.github.repositories["acme/widgets"].gone[1] = gone()
    assert await office.looks(0, 1, 1) == [0, 1, 0]
    assert await office.database.read(lambda conn: mirror.issue(conn, ID, 1)) is None
    assert await office.doubtful() == []


async def test_a_fault_is_no_end(office):
    await office.unsure(1)
    office.github.faults["issue"] = [Unavailable("502")]
    await office.looks(0)
    with pytest.raises(Unavailable):
        await office.looks(1)
    assert await office.looks(1, 10) == [0, 1]
    assert await office.doubtful() == []


async def test_between_two_looks_it_waits_for_a_ring_or_for_the_next_that_is_due(office, monkeypatch):
    monkeypatch.setattr(module, "SOON", 0.0)
    office.doubts.ring()
    await office.doubts.wait()
    await office.unsure(1)
    await office.doubts.look()
    office.clock.forward(seconds=1)
    await office.doubts.wait()
    assert await office.looks(0) == [1]
