"""A storm: many commands on many issues while deliveries are repeated, shuffled and lost, GitHub fails, processes are killed.

Everything is drawn from one seed. Kills and faults come when GitHub has had so many calls, so they fall into work under way.
"""

from __future__ import annotations

import asyncio
import random
import signal
from dataclasses import dataclass, field
from typing import Any

import httpx

from app.errors import Unavailable
from app.sandbox.deliverer import Mischief, loopback_client
from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from app.settings import Settings
from app.store import deliveries
from tests.journeys.town import BOT, REPO
from tests.soak.fleet import Child, Fleet, Worker
from tests.soak.judge import arrived

LABELS = ["bug", "C#", "UX/UI", "confirmed", "needs info", "help wanted"]
MILESTONES = ["v1", "OTF security work", "none"]
CALLS = 2.5
"""Calls of GitHub's API that a command costs at the least, on average."""
MOST_OPEN = 40


@dataclass(frozen=True)
class Plan:
    seed: int
    commands: int
    issues: int
    kills: int
    faults: int
    workers: int


@dataclass
class Report:
    """What happened."""

    posted: int = 0
    repeated: int = 0
    recovered: int = 0
    struck: int = 0
    killed: list[str] = field(default_factory=list)


class Twice(httpx.AsyncBaseTransport):
    """Carries webhooks, some of them more than once and at the same time."""

    def __init__(self, dice: random.Random, report: Report) -> None:
        self._dice, self._report = dice, report
        self._client = loopback_client(timeout=10.0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        copies = 1 + (self._dice.random() < 0.25) * self._dice.randint(1, 3)
        self._report.repeated += copies - 1
        sent = [self._send(request) for _ in range(copies)]
        answer = (await asyncio.gather(*sent, return_exceptions=True))[0]
        if isinstance(answer, BaseException):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        return await self._client.post(request.url, headers=request.headers, content=request.content)


class Storm:
    def __init__(self, fleet: Fleet, plan: Plan, dice: random.Random, report: Report) -> None:
        self.fleet, self.plan, self.dice, self.report = fleet, plan, dice, report
        self.issues: list[Issue] = []
        self.faults: list[Fault] = []
        self.workers: list[Worker] = []
        self.receiver: Child | None = None
        self.refused = 0

    async def rage(self) -> None:
        """All of it, until every command was handled."""
        await self._calm()
        self.fleet.sandbox.deliverer.mischief = Mischief(drop=0.05, reorder=5, seed=self.plan.seed)
        posting = asyncio.create_task(self._post())
        weather = asyncio.create_task(self._weather())
        try:
            await self._kill(posting)
            await posting
        finally:
            for task in (posting, weather):
                task.cancel()
            await asyncio.gather(posting, weather, return_exceptions=True)
        await self._clear_up()

    async def _calm(self) -> None:
        fleet = self.fleet
        self.receiver = await fleet.receiver()
        self.workers = [await self._worker(None) for _ in range(self.plan.workers)]
        await fleet.filled()
        for number in range(self.plan.issues):
            self.issues.append(fleet.world.open_issue(REPO, f"Issue {number}", by="rita"))
        await fleet.settled()

    async def _worker(self, replaces: Worker | None) -> Worker:
        return await self.fleet.worker(replaces, beat=1.0, dead=8_000)

    async def _post(self) -> None:
        """Comments, as fast as Rounds takes them: never more than some at once."""
        for number in range(self.plan.commands):
            login, text = self._command(number)
            issue = self.dice.choice(self.issues)
            while await self._open() > MOST_OPEN:
                await asyncio.sleep(0.02)
            self.fleet.world.post_comment(issue, text, by=login)
            self.report.posted += 1

    async def _open(self) -> int:
        try:
            backlog = await self.fleet.database.read(deliveries.backlog)
        except Unavailable:
            return MOST_OPEN + 1
        return sum(backlog[state] for state in deliveries.OPEN_STATES)

    def _command(self, number: int) -> tuple[str, str]:
        label = self.dice.choice(LABELS)
        texts = [
            f"/label {label}",
            f"/label {label}",
            f"/unlabel {label}",
            f"/label {label}\n/say w{number}",
            f"/milestone {self.dice.choice(MILESTONES)}",
            f"/say w{number}",
            "/close",
            "/reopen",
        ]
        if self.dice.random() < 0.1 and self.refused < Settings.hourly_commands:  # more are not answered
            self.refused += 1
            return "sam", "/label bug"
        return "tim", self.dice.choice(texts)

    async def _weather(self) -> None:
        """Faults of GitHub, one after the other."""
        total = int(self.plan.commands * CALLS)
        for threshold in sorted(self.dice.randrange(total) for _ in range(self.plan.faults)):
            await self._calls(threshold)
            self.faults.append(self.fleet.sandbox.faults.add(self._fault()))

    def _fault(self) -> Fault:
        kinds: list[dict[str, Any]] = [
            {"status": 502, "path": "/comments$", "method": "POST", "after_effect": True},
            {"reset": True, "path": "/comments$", "method": "POST", "after_effect": True},
            {"status": 502, "path": "/labels$", "method": "POST", "after_effect": True},
            {"reset": True, "path": "/labels/", "method": "DELETE", "after_effect": True},
            {"reset": True, "path": r"/issues/\d+$", "method": "PATCH", "after_effect": True},
            {"status": 500, "path": "/permission$"},
            {"reset": True, "path": r"/issues/\d+/"},
            {"status": 502, "path": "/reactions$", "after_effect": True},
        ]
        if self.dice.random() < 0.15:
            return Fault.secondary(retry_after=1, path=r"/issues/")
        return Fault(**self.dice.choice(kinds))

    async def _calls(self, wanted: int) -> None:
        began = getattr(self, "_began", None)
        if began is None:
            began = self._began = len(self.fleet.world.calls)
        while len(self.fleet.world.calls) - began < wanted:
            await asyncio.sleep(0.005)

    async def _kill(self, posting: asyncio.Task[None]) -> None:
        """Kill and start again, as often as planned."""
        total = int(self.plan.commands * CALLS)
        for threshold in sorted(self.dice.randrange(total // 10, total) for _ in range(self.plan.kills)):
            reached = asyncio.create_task(self._calls(threshold))
            quiet = asyncio.create_task(self._quiet(posting))
            await asyncio.wait({reached, quiet}, return_when=asyncio.FIRST_COMPLETED)
            for task in (reached, quiet):
                task.cancel()
            await self._strike()

    async def _quiet(self, posting: asyncio.Task[None]) -> None:
        await asyncio.wait({posting})
        await self.fleet.settled()

    async def _strike(self) -> None:
        """Some die, or one is told to stop in good order, as when a new version is installed; all are replaced."""
        victims = self.dice.choice(["worker", "worker", "told worker", "receiver", "worker and receiver", "workers"])
        self.report.killed.append(victims)
        dying = [self.dice.randrange(len(self.workers))] if "worker" in victims else []
        if victims == "workers":
            dying = list(range(len(self.workers)))
        dead = {place: self.workers[place] for place in dying}
        for worker in dead.values():
            worker.signal(signal.SIGTERM if victims == "told worker" else signal.SIGKILL)
        if "receiver" in victims and self.receiver:
            self.receiver.kill()
            self.receiver = await self.fleet.receiver()
        for place, worker in dead.items():
            await self.fleet.eventually(lambda worker=worker: not worker.alive)
            assert worker.process.exitcode == (0 if victims == "told worker" else -signal.SIGKILL)
            self.workers[place] = await self._worker(worker)

    async def _clear_up(self) -> None:
        """Calm weather, and one more start, which looks for deliveries that GitHub could not hand over."""
        self.fleet.sandbox.deliverer.mischief = Mischief()
        await self.fleet.sandbox.idle()
        self.fleet.sandbox.faults.clear()
        last = self.workers[0]
        last.signal(signal.SIGTERM)
        await self.fleet.eventually(lambda: not last.alive)
        self.workers[0] = await self._worker(last)
        comments = [c for issue in self.issues for c in issue.comments if c.author.login != BOT]
        await self.fleet.eventually_read(lambda conn: len(arrived(conn)) == len(comments))
        await self.fleet.settled()
        self.report.struck = sum(fault.struck for fault in self.faults)
        self.report.recovered = sum(row.recovered for row in await self.fleet.inbox())
