"""Labels on the sandbox's GitHub, without sockets and with a network that can be cut at any call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

import httpx

from app.config import check
from app.config.loader import ConfigLoader
from app.engine.labels import Labels, Look, Report
from app.engine.sync import Sync
from app.github.client import GitHub
from app.github.limits import Limits
from app.sandbox.server import Sandbox
from app.sandbox.things import Issue
from app.sandbox.world import World
from app.store import label_jobs, mirror
from app.store.database import Database
from app.store.mirror import KnownRepository

REPO = "acme/widgets"
MERGE = "labels: [{name: accessibility, previously: [a11y]}]"


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Network(httpx.AsyncBaseTransport):
    """`calls`: method and path of what reached GitHub. At call `cut` the process dies, before or after GitHub has done it.

    `before`: asked before each call, to let something happen in the world meanwhile.
    """

    inner: httpx.AsyncBaseTransport
    calls: list[tuple[str, str]] = field(default_factory=list)
    cut: int | None = None
    after_effect: bool = False
    before: Callable[[str, str], None] = lambda *_: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        method, path = request.method, unquote(request.url.raw_path.decode())
        last = self.cut == len(self.calls)
        if last and not self.after_effect:
            raise Killed
        self.before(method, path)
        self.calls.append((method, path))
        answer = await self.inner.handle_async_request(request)
        if last:
            await answer.aread()
            raise Killed
        return answer


class Bars:
    """Progress that remembers."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int]] = []
        self.advanced = 0
        self.waited: list[float] = []

    def begin(self, what: str, total: int) -> None:
        self.steps.append((what, total))

    def advance(self) -> None:
        self.advanced += 1

    def waits(self, seconds: float, why: str) -> None:
        self.waited.append(seconds)


def small_world(*labels: str | tuple[str, ...], config: str = "") -> World:
    """acme/widgets with these labels and this configuration; the App on all of acme."""
    world = World()
    for login in ("mia", "rita"):
        world.user(login)
    world.organization("acme", admins=["ann"])
    files = {".github/rounds.yml": config} if config else {}
    world.repository(REPO, labels=labels, roles={"mia": "maintain"}, files=files)
    world.install("acme")
    return world


@dataclass
class Office:
    """One process of Rounds. `again` is the next one, on the same database and the same GitHub."""

    world: World
    database: Database
    slept: list[float] = field(default_factory=list)
    bars: Bars = field(default_factory=Bars)
    server: str = ""

    @cached_property
    def sandbox(self) -> Sandbox:
        self.world.api_url = self.world.web_url = "http://127.0.0.1"
        return Sandbox(self.world)

    @cached_property
    def network(self) -> Network:
        return Network(httpx.ASGITransport(app=self.sandbox.asgi))

    @cached_property
    def github(self) -> GitHub:
        app = self.world.app
        return GitHub(
            api_url="http://127.0.0.1",
            app_id=app.client_id,
            private_key=app.private_key,
            limits=Limits.unlimited(),
            network=self.network,
        )

    @cached_property
    def configs(self) -> ConfigLoader:
        server = check.read(self.server).config
        assert server is not None
        return ConfigLoader(self.database, self.github, server, self.clock)

    @cached_property
    def labels(self) -> Labels:
        return Labels(self.database, self.github, self.configs, self.clock, self._sleep)

    @property
    def sync(self) -> Sync:
        return Sync(self.database, self.github, self.configs, self.clock)

    def clock(self) -> int:
        return int(self.world.clock().timestamp() * 1000)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def again(self) -> Office:
        return Office(self.world, self.database, server=self.server)

    async def known(self, name: str = REPO) -> KnownRepository:
        found = await self.database.read(lambda conn: mirror.repository_named(conn, name))
        if found is None:
            await self.sync.installations()
            found = await self.database.read(lambda conn: mirror.repository_named(conn, name))
        assert found is not None
        return found

    async def look(self, name: str = REPO) -> Look:
        return await self.labels.look(await self.known(name))

    async def finish(self, name: str = REPO, *, gone: tuple[str, ...] = ()) -> Report:
        return await self.labels.finish(await self.look(name), gone, self.bars)

    async def jobs(self) -> list[label_jobs.Job]:
        known = await self.known()
        return await self.database.read(lambda conn: label_jobs.of(conn, known.repository.id))

    def push(self, config: str) -> None:
        self.world.push_file(REPO, ".github/rounds.yml", config, by="mia")

    def names(self) -> list[str]:
        return sorted(label.name for label in self.world.find_repository(REPO).labels.values())

    def carriers(self, name: str) -> list[int]:
        """Numbers of the issues with that label, open and closed."""
        issues = self.world.find_repository(REPO).issues
        return sorted(number for number, issue in issues.items() if name in issue.label_names)

    def open(self, *labels: str, closed: bool = False, pull: bool = False) -> Issue:
        verb = self.world.open_pull if pull else self.world.open_issue
        issue = verb(REPO, "It broke", by="rita")
        self.world.add_labels(issue, labels, by="mia")
        if closed:
            self.world.close_issue(issue, by="mia")
        return issue
