"""A GitHub with which something went wrong, and what `/status` told of it, once while a worker is there and once without.

`acme/one` and `acme/old` are open to all on the dashboard; `acme/two` is so on GitHub alone, `acme/secret` is private.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from app import wiring
from app.engine.worker import Worker
from app.github.limits import Limits
from app.sandbox.deliverer import Delivery, Mischief
from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from app.sandbox.world import World
from app.settings import Settings
from app.store import deliveries
from app.store import tables as t
from app.store.visibility import NOBODY, Visitor
from app.web.desk import Desk
from app.web.pages import status
from tests.engine.fakes import Clock
from tests.journeys.hall import SERIES, TEMPLATE
from tests.journeys.town import Town
from tests.web.pages.hall import sign_in

ONE, OLD, TWO, SECRET, NEW = "acme/one", "acme/old", "acme/two", "acme/secret", "acme/new"
OPENED = "version: 1\nvisibility: {dashboard: public}\n"
WRONG = "version: 1\nvisibility: {dashboard: public}\ncomands: {}\nfamilys: {}\n"
"""Two words that mean nothing."""
MISTAKEN = SERIES.replace("width: 3", "width: many").replace("every Friday", "every Fryday") + "remindres: []\n"
"""Two things that can't be meant, and a word that means nothing."""
MEMBER, OWNER = Visitor("mia", 1, "mark", "token"), Visitor("ann", 2, "hers", "token")
VISITORS = {"anybody": NOBODY, "member": MEMBER, "owner": OWNER}
FORMS = ("", ".json", ".csv")
NO = "Nobody may read that today."
Span = tuple[int, int]
"""Real milliseconds between which something came."""


@dataclass
class Look:
    """A page as it was at a moment. `texts`: by visitor and form. `now`: of the clock that is driven. `ended`: the real one.

    `budget`: what GitHub's last answer said was left. `log`: deliveries up to then.
    """

    now: int
    ended: int
    log: list[Delivery]
    budget: dict[str, int]
    texts: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(eq=False)
class Troubled:
    """`clock`: of the worker and of GitHub; the receiver has the real one.

    `lost`: deliveries that nobody found again. `failing`: comments that Rounds gave up, with the tries before; `waiting`: those
    that wait for another, until when; `unread`: those that came while no worker was there. `looked`, `compared`: by `clock`.
    `began`, `fetched`: real. `heard`: when a delivery came.
    """

    town: Town
    clock: Clock
    began: int = field(default_factory=wiring.clock)
    fetched: int = 0
    unread: list[Delivery] = field(default_factory=list)
    lost: list[Delivery] = field(default_factory=list)
    failing: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    looked: int = 0
    compared: int = 0
    heard: dict[str, Span] = field(default_factory=dict)
    looks: dict[str, Look] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.town.world

    async def delivered(self, change: Callable[[], object]) -> Delivery:
        """Something changes, and its delivery is attempted."""
        before = wiring.clock()
        change()
        delivery = self.town.sandbox.deliverer.log[-1]
        await self.town.sandbox.idle()
        if delivery.ok:
            self.heard[delivery.guid] = (before, wiring.clock())
        return delivery

    async def asks(self, issue: Issue) -> Delivery:
        """Somebody wants a label there, for which GitHub is asked for their role."""
        return await self.delivered(partial(self.world.post_comment, issue, "/label bug", by="mia"))

    async def tried(self, delivery: Delivery, tries: int) -> None:
        """Rounds tried that in vain, and so it waits."""

        def look(conn: sa.Connection) -> tuple[str, int] | None:
            found = deliveries.known_as(conn, delivery.guid)
            return (found.state, found.tries) if found else None

        await self.town.eventually(lambda: self.town.database.read(look), until=lambda it: it == ("waiting", tries))

    def faulty(self, status: int, path: str, times: int | None = 1) -> Fault:
        return self.town.sandbox.faults.add(Fault(status=status, path=path, message=NO, times=times))


def _world(clock: Clock) -> World:
    world = World()
    world.clock = lambda: datetime.fromtimestamp(clock() // 1000, UTC)
    for login in ("mia", "rita"):
        world.user(login)
    world.organization("acme", admins=["ann"])
    for name in (ONE, OLD, TWO, SECRET):
        world.repository(name, private=name == SECRET, labels=["bug", "wip"], roles={"mia": "triage"})
        for number in range(1, 9):
            world.open_issue(name, f"Thing {number}", "It broke", by="ann")
        if name != TWO:
            world.push_file(name, ".github/rounds.yml", OPENED, by="ann")
    world.push_file(SECRET, ".github/meetings/weekly.md", TEMPLATE, by="ann")
    world.archive_repository(OLD, by="ann")
    world.install("acme")
    return world


async def trouble(url: str) -> Troubled:
    """All of it, and the pages."""
    clock = Clock(datetime.fromtimestamp(int(time.time()), UTC) - timedelta(days=5))
    async with Town.open(url, _world(clock), begin=False) as town:
        made = Troubled(town, clock)
        await town.receiver()
        async with wiring.working(town.settings, "worker", limits=Limits.unlimited(), clock=clock) as worker:
            await town.filled()
            _sign_in(made)
            await _lose(made, worker)
            await _recover(made, worker)
            await _fail(made)
            await _add(made, worker)
            await _wait(made)
            await worker._note_budgets()
            await _look(made, "at work")
        for name in (ONE, SECRET, ONE, ONE, TWO):
            say = partial(made.world.post_comment, made.world.issue(name, 7), "Same here.", by="ann")
            made.unread.append(await made.delivered(say))
        await _look(made, "left alone")
        clock.forward(days=9)
        await _look(made, "a week later")
    return made


def _sign_in(made: Troubled) -> None:
    """As GitHub says what they are."""
    with made.town.database.transaction() as conn:
        for visitor in (MEMBER, OWNER):
            sign_in(conn, visitor, *made.world.repositories)
        of = t.session_repository.c
        for repository in made.world.repositories.values():
            admin = made.world.role(repository, made.world.account(OWNER.login)) == "admin"
            here = (of.mark == OWNER.mark, of.repository_id == repository.id)
            conn.execute(t.session_repository.update().where(*here).values(administers=admin))


async def _lose(made: Troubled, worker: Worker) -> None:
    """Nobody listens, and GitHub keeps deliveries for three days: only comparing shows what changed. One can't be compared."""
    world, deliverer = made.world, made.town.sandbox.deliverer
    one, two, secret = ([world.issue(name, number) for number in range(1, 9)] for name in (ONE, TWO, SECRET))
    first = len(deliverer.log)
    deliverer.mischief = Mischief(drop=1.0)
    world.add_labels(one[0], ["bug"], by="ann")
    world.edit_issue(one[1], title="Another thing", by="ann")
    world.close_issue(one[2], by="ann")
    world.post_comment(one[3], "Which version?", by="ann")
    world.delete_issue(one[4], by="ann")
    world.open_issue(ONE, "Unheard of", by="rita")
    for label in ("bug", "wip"):  # two deliveries, one issue
        world.add_labels(one[5], [label], by="ann")
    for issue in (two[0], secret[0], secret[1]):
        world.add_labels(issue, ["bug"], by="ann")
    await made.town.sandbox.idle()
    deliverer.mischief = Mischief()
    made.lost = list(deliverer.log)[first:]
    made.clock.forward(days=4)
    made.faulty(403, f"/repos/{TWO}/issues$", times=None)
    await worker._reconcile.look()
    made.compared = made.clock()
    made.town.sandbox.faults.clear()


async def _recover(made: Troubled, worker: Worker) -> None:
    """What is lost now is found; one of it GitHub was told to send again."""
    world, deliverer = made.world, made.town.sandbox.deliverer
    deliverer.mischief = Mischief(drop=1.0)
    for name in (ONE, ONE, TWO, SECRET):
        world.post_comment(world.issue(name, 6), "Thank you!", by="ann")
    again = await made.delivered(partial(world.post_comment, world.issue(ONE, 8), "Thank you!", by="ann"))
    deliverer.mischief = Mischief()
    deliverer.redeliver(again)
    await made.town.sandbox.idle()
    made.clock.forward(minutes=20)
    await worker._recovery.look()
    made.looked, made.fetched = made.clock(), wiring.clock()
    await made.town.settled()


async def _fail(made: Troubled) -> None:
    """GitHub does not say who somebody is: once in vain and then for good, and for good at once; and files have mistakes."""
    made.faulty(502, "/permission$")
    made.faulty(422, "/permission$", times=2)
    again = await made.asks(made.world.issue(ONE, 1))
    await made.tried(again, 1)
    made.clock.forward(seconds=30)
    await made.town.settled()
    made.failing[again.guid] = 1
    made.failing[(await made.asks(made.world.issue(SECRET, 1))).guid] = 0
    await made.town.settled()
    for name, path, text in (
        (ONE, ".github/rounds.yml", WRONG), (SECRET, ".github/meetings/weekly.yml", MISTAKEN),
    ):  # fmt: skip
        push = partial(made.world.push_file, name, path, text, by="ann")
        made.failing[(await made.delivered(push)).guid] = 0
    await made.town.settled()


async def _add(made: Troubled, worker: Worker) -> None:
    """A repository whose issues can't be read yet."""
    world = made.world
    world.repository(NEW, labels=["bug"], roles={"mia": "triage"}, files={".github/rounds.yml": OPENED})
    fault = made.faulty(403, f"/repos/{NEW}/issues$", times=None)
    await worker._sync.installations()
    worker._listed.set()

    async def ended() -> bool:
        return bool(fault.struck) and not worker._reading

    await made.town.eventually(ended, until=bool)
    with made.town.database.transaction() as conn:
        (new,) = [one.id for one in world.repositories.values() if one.full_name == NEW]
        reach = [{"mark": one.mark, "repository_id": new, "administers": one is OWNER} for one in (MEMBER, OWNER)]
        conn.execute(t.session_repository.insert(), reach)


async def _wait(made: Troubled) -> None:
    """GitHub fails again, and time stands still: what is to be tried again rests. Then nothing more comes from there."""
    made.faulty(502, "/permission$", times=None)
    for name in (ONE, SECRET):
        delivery = await made.asks(made.world.issue(name, 2))
        await made.tried(delivery, 1)
        made.waiting[delivery.guid] = made.clock() + 1000


async def _look(made: Troubled, name: str) -> None:
    """At the page, by everybody, in all forms."""
    (installation,) = made.world.installations.values()
    bucket = made.town.sandbox.limits.buckets["core", installation.id]
    look = Look(made.clock(), 0, list(made.town.sandbox.deliverer.log), bucket.json())
    for who, visitor in VISITORS.items():
        for form in FORMS:
            look.texts[who, form] = await _got(made, visitor, f"/status{form}")
    look.ended = wiring.clock()
    made.looks[name] = look


async def _got(made: Troubled, visitor: Visitor, path: str) -> str:
    async def who(_request: object) -> Visitor:
        return visitor

    pages = FastAPI()
    pages.include_router(status.routes(Desk(made.town.database, Settings(), who, clock=made.clock)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://test") as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200
    return answer.text
