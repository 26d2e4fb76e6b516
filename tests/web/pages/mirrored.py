"""A world and the mirror that Rounds made of it: what was there is read, what comes then is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from app import wiring
from app.github.limits import Limits
from app.sandbox.deliverer import Mischief
from app.sandbox.things import Issue, Repository
from app.store import tables as t
from app.store.database import Database
from app.store.visibility import Visitor
from tests.journeys.town import Town
from tests.web.pages.living import ONE, TWO, Life

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Promise:
    """A to-do that somebody said."""

    owner: str
    text: str
    due: date | None
    said_in: Issue
    at: datetime


@dataclass(eq=False)
class Mirrored:
    """`due`: days given with /due, by issue. `began`, `ended`: real time between which GitHub was heard, milliseconds.

    `said`: commands (when, issue, verb) in their order.
    """

    life: Life
    database: Database
    began: int
    due: dict[Issue, date] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    said: list[tuple[datetime, Issue, str]] = field(default_factory=list)
    ended: int = 0

    @property
    def now(self) -> datetime:
        return self.life.now

    def acts(self, issue: Issue) -> list[dict[str, object]]:
        """What commands did to it, the newest first."""
        mine = [(at, verb) for at, about, verb in self.said if about is issue]
        told = {"actor": "ann", "meeting": None}
        return [{**told, "at": int(at.timestamp()) * 1000, "command": verb} for at, verb in reversed(mine)]

    def repositories(self, names: Sequence[str]) -> list[Repository]:
        return [self.life.world.find_repository(name) for name in names]


MEMBER = Visitor("mia", 1, "mark", "token", asked_after=0)


async def mirror(life: Life, url: str, mischief: Mischief | None) -> Mirrored:
    """`mischief`: what goes wrong with deliveries, which the nightly comparison mends; None: they come in order, once."""
    life.live(620, 9)
    life.applaud()
    clock = lambda: int(life.now.timestamp()) * 1000  # noqa: E731 - Rounds and GitHub have the same
    async with Town.open(url, life.world, begin=False) as town:
        made = Mirrored(life, Database.open(url), wiring.clock())
        await town.receiver()
        worker = await town.stack.enter_async_context(
            wiring.working(town.settings, "worker", limits=Limits.unlimited(), clock=clock)
        )
        await town.filled()
        await _command(made, town)
        town.sandbox.deliverer.mischief = mischief or Mischief()
        life.live(150, 12)
        await town.settled()
        if mischief is not None:
            life.now += DAY
            await worker._reconcile.look()
        made.ended = wiring.clock()
    _sign_in(made)
    return made


async def _command(made: Mirrored, town: Town) -> None:
    """A maintainer gives days to issues, and has things promised."""
    life = made.life
    for name in (ONE, TWO):
        issues = [one for one in life.world.find_repository(name).issues.values() if one.state == "open"]
        for place, issue in enumerate(life.chance.sample(issues, 5)):
            life.now += timedelta(minutes=1)
            day = made.due[issue] = life.now.date() + timedelta(days=1 + place * 30)
            made.said.append((life.now, issue, "due"))
            life.world.post_comment(issue, f"/due {day}", by="ann")
            await town.settled()
        for place, issue in enumerate(life.chance.sample(issues, 3)):
            life.now += timedelta(minutes=1)
            day = life.now.date() + timedelta(days=place * 20) if place else None
            owner, text = ("mia", "tim")[place % 2], f"thing {place}"
            made.said.append((life.now, issue, "todo"))
            made.promises.append(Promise(owner, text, day, issue, life.now))
            life.world.post_comment(issue, f"/todo @{owner} {text}{f' by {day}' if day else ''}", by="ann")
            await town.settled()


def _sign_in(made: Mirrored) -> None:
    """Mia, to whom GitHub shows all three."""
    with made.database.transaction() as conn:
        at = int(datetime.now(UTC).timestamp() * 1000)
        row = {"mark": "mark", "person_id": 1, "login": "mia", "access": "", "created_at": at, "seen_at": at}
        conn.execute(t.session.insert(), [{**row, "asked_at": at}])
        ids = conn.scalars(sa.select(t.repository.c.id)).all()
        conn.execute(t.session_repository.insert(), [{"mark": "mark", "repository_id": id_} for id_ in ids])
