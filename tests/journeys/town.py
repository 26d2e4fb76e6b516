"""A whole town for journeys: the sandbox's GitHub, a receiver and a worker of Rounds, joined by signed HTTP on loopback.

async with Town.open(database_url) as town:
    issue = town.world.open_issue("acme/widgets", "It broke", by="rita")
    comment = await town.says(issue, "tim", "/label bug")
    assert issue.label_names == ["bug"] and town.reactions(comment) == ["+1"]
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app import wiring
from app.engine import recovery
from app.github.limits import Limits
from app.sandbox.server import Sandbox, bound, running
from app.sandbox.things import Comment, Issue
from app.sandbox.world import World
from app.settings import Settings
from app.store import deliveries, mirror, records
from app.store.database import Database
from app.web.asgi import build
from app.web.server import server

SECRET = "correct horse battery staple"
BOT = "rounds[bot]"
REPO = "acme/widgets"
LABELS = ["bug", "out of scope", "accessibility", "UX/UI", "C#", "bug :bug:", "priority/high", "priority/low", "confirmed",
          "requires triaging", "needs info", "help wanted"]  # fmt: skip
CONFIG = """\
version: 1
families:
  priority: {labels: [priority/high, priority/low], exclusive: true}
commands:
  greet:
    help: Says hello.
    who: [anyone]
    do: [{comment: "Hello from Rounds."}]
"""


def make_world() -> World:
    """People with every role, two repositories of an organisation, one private; the App installed on all."""
    world = World()
    for login in ("mia", "wes", "tim", "rita", "sam"):
        world.user(login)
    world.organization("acme", admins=["ann"])
    roles = {"mia": "maintain", "wes": "write", "tim": "triage", "rita": "read"}
    world.repository(REPO, labels=LABELS, milestones=["v1", "OTF security work", "Accessibility"], roles=roles)
    world.repository("acme/gadgets", labels=["bug"], milestones=[], roles={"mia": "maintain"})
    world.repository("acme/secret", private=True, labels=["bug"], roles={"mia": "triage"})
    world.push_file(REPO, ".github/rounds.yml", CONFIG, by="mia")
    world.install("acme")
    return world


@asynccontextmanager
async def staged(sandbox: Sandbox, database_url: str) -> AsyncIterator[tuple[Settings, Database]]:
    """The sandbox runs, these settings lead Rounds to it, and its database has its tables."""
    app = sandbox.world.app
    app.webhook_secret = SECRET
    async with running(sandbox) as github:
        settings = Settings(
            github_app_id=app.client_id,
            github_private_key=app.private_key,
            webhook_secrets=(SECRET,),
            github_api_url=github,
            github_web_url=github,
            database_url=database_url,
        )
        with closing(Database.open(database_url)) as database:
            database.migrate()
            yield settings, database


def read_whole(conn: Connection) -> bool:
    """Whether the mirror has all of every repository."""
    known = mirror.repositories(conn)
    return bool(known) and all(one.whole for one in known)


def all_handled(conn: Connection) -> bool:
    """Whether no delivery waits or runs."""
    backlog = deliveries.backlog(conn)
    return not any(backlog[state] for state in deliveries.OPEN_STATES)


@dataclass
class Town:
    """`settings`: how Rounds is told to find the sandbox. Start and stop of its two halves can be driven apart."""

    world: World
    sandbox: Sandbox
    settings: Settings
    database: Database
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @classmethod
    @asynccontextmanager
    async def open(cls, database_url: str, world: World | None = None, *, begin: bool = True) -> AsyncIterator[Town]:
        """`begin`: start the receiver and the worker at once and wait until the mirror is filled."""
        world = world or make_world()
        sandbox = Sandbox(world)
        async with staged(sandbox, database_url) as (settings, database):
            town = cls(world, sandbox, settings, database)
            async with town.stack:
                if begin:
                    await town.receiver()
                    await town.worker()
                yield town

    async def receiver(self) -> None:
        """Start the receiver, and point the App's webhook at it."""
        listening = bound(0)
        running_server = server(build(self.settings))
        task = asyncio.create_task(running_server.serve(sockets=[listening]))

        async def stop() -> None:
            running_server.should_exit = True
            await task

        self.stack.push_async_callback(stop)
        self.world.app.webhook_url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/github"

    async def worker(self, limits: Limits | None = None, clock: wiring.Clock = wiring.clock) -> None:
        """Start a worker and wait until it has read what is there, and found what it missed."""
        await self.stack.enter_async_context(
            wiring.working(self.settings, "worker", limits=limits or Limits.unlimited(), clock=clock)
        )
        await self.filled()
        looked = lambda conn: records.fact(conn, recovery.FACT)  # noqa: E731 - as short as what it asks
        await self.eventually(lambda: self.database.read(looked), until=bool)

    async def filled(self) -> None:
        """Wait until every repository was read whole."""
        await self.eventually(lambda: self.database.read(read_whole), until=bool)

    async def settled(self) -> None:
        """Every webhook was attempted and every delivery is handled."""
        await self.sandbox.idle()
        await self.eventually(lambda: self.database.read(all_handled), until=bool)
        await self.sandbox.idle()

    async def eventually(self, look: Callable[[], Awaitable[object]], until: Callable[[object], bool]) -> None:
        """Look until it is so; a state that does not come within a minute is a failure."""
        async with asyncio.timeout(60):
            while not until(await look()):
                await asyncio.sleep(0.01)

    async def says(self, issue: Issue, login: str, text: str) -> Comment:
        """A person comments, and Rounds is done with it."""
        comment = self.world.post_comment(issue, text, by=login)
        await self.settled()
        return comment

    async def mends(self, comment: Comment, login: str, text: str) -> None:
        """A person edits a comment, and Rounds is done with it."""
        self.world.edit_comment(comment, text, by=login)
        await self.settled()

    def reactions(self, comment: Comment | Issue) -> list[str]:
        """What Rounds reacted with."""
        return [reaction.content for reaction in comment.reactions if reaction.user.login == BOT]

    def replies(self, issue: Issue) -> list[str]:
        """What Rounds wrote in that issue, without hidden lines."""
        return [re.sub(r"<!--.*?-->", "", c.body).strip() for c in issue.comments if c.author.login == BOT]

    def calls_since(self, before: int) -> list[str]:
        """The REST calls after the first `before`, as "METHOD /route/{}", without the App's own (tokens, deliveries)."""
        made = [f"{call.method} {call.route}" for call in self.world.calls[before:]]
        return [re.sub(r"{\w+}", "{}", call) for call in made if "/app" not in call]
