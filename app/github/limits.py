"""Staying below GitHub's limits, per installation: when may the next call go?

GitHub's numbers (docs.github.com, rest/using-the-rest-api/rate-limits-for-the-rest-api): 900 points a minute (a read 1, a
write 5), GraphQL 2,000; 80 requests a minute and 500 an hour that create content; at least 1 s between writes; after
`retry-after` nobody of the installation may call. Ours are lower, and each of several processes takes its share.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.github.errors import RateLimited
from app.github.routes import Route

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[object]]
_ENDLESS = 10**9
_MOST_DOUBLINGS = 4  # 60 s, 2, 4, 8, 16 minutes


@dataclass(frozen=True, slots=True)
class Limits:
    """`write_burst` writes at once, then `writes_per_second`. `points_per_minute`: the most in any minute.

    `floor`: part of the hourly budget below which optional work waits. `patience`: seconds a call waits here; when it would
    be longer, RateLimited is raised instead, so that one installation's queue does not hold the places of others.
    `concurrency`: calls of the whole process at once.
    """

    write_burst: int = 5
    writes_per_second: float = 1.0
    content_per_minute: int = 60
    content_per_hour: int = 400
    points_per_minute: int = 800
    graphql_points_per_minute: int = 1800
    floor: float = 0.1
    patience: float = 5.0
    concurrency: int = 40

    @classmethod
    def github(cls) -> Limits:
        """Below what github.com publishes."""
        return cls()

    @classmethod
    def unlimited(cls) -> Limits:
        """For measuring against a stand-in. What a server says in its headers is still obeyed."""
        return cls(_ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, _ENDLESS, floor=0.0, concurrency=90)


class Bucket:
    """Refills steadily up to `capacity`. It may owe: whoever comes while it owes waits behind those who came before."""

    def __init__(self, capacity: float, per_second: float) -> None:
        self._capacity, self._rate = capacity, per_second
        self._tokens, self._at = capacity, 0.0

    def wait(self, cost: float, now: float, share: float) -> float:
        """Seconds until `cost` may be taken; refills first."""
        capacity, rate = max(cost, self._capacity * share), self._rate * share
        passed = max(0.0, now - self._at)
        self._tokens, self._at = min(capacity, self._tokens + passed * rate), now
        return max(0.0, cost - self._tokens) / rate

    def take(self, cost: float) -> None:
        self._tokens -= cost


class Window:
    """At most `limit` in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit, self._seconds = limit, seconds
        self._times: deque[float] = deque(maxlen=min(limit, 10_000))

    def wait(self, now: float, share: float) -> float:
        limit = max(1, int(self._limit * share))
        if len(self._times) < limit:
            return 0.0
        return max(0.0, self._times[-limit] + self._seconds - now)

    def take(self, at: float) -> None:
        self._times.append(at)


@dataclass(slots=True)
class Budget:
    """What is left of an hourly budget, as the headers say. `reset`: epoch seconds."""

    limit: int
    remaining: int
    reset: float


class Pace:
    """One installation's. `share`: the part of all limits that is this process's, 1/n of n workers; may change any time."""

    def __init__(
        self, limits: Limits, *, clock: Clock = time.time, sleep: Sleep = asyncio.sleep, share: float = 1.0
    ) -> None:
        self.limits, self.share = limits, share
        self._clock, self._sleep = clock, sleep
        self._writes = Bucket(limits.write_burst, limits.writes_per_second)
        self._points = {
            "core": _points(limits.points_per_minute),
            "graphql": _points(limits.graphql_points_per_minute),
        }
        self._content = (Window(limits.content_per_minute, 60), Window(limits.content_per_hour, 3600))
        self._budgets: dict[str, Budget] = {}
        self._paused_until = 0.0
        self._strikes = 0

    async def enter(self, route: Route, *, optional: bool = False) -> None:
        """Waits until the call may go. Raises RateLimited when that takes longer than `patience`; then nothing was taken."""
        now = self._clock()
        wait = max(self._wait(route, now), self._held(route, optional=optional, now=now))
        self._check(route, wait)
        self._take(route, now + wait)
        while wait > 0:
            await self._sleep(wait)
            wait = self._held(route, optional=optional, now=self._clock())
            self._check(route, wait)

    def pause(self, seconds: float) -> None:
        """Nobody calls for that long."""
        self._paused_until = max(self._paused_until, self._clock() + seconds)

    def limited(self, fault: RateLimited) -> None:
        """GitHub refused: pauses, and puts the whole pause into `fault.retry_after`.

        Without a time from GitHub each refusal in a row doubles the pause, as it asks for; calls that were already under
        way do not count.
        """
        now = self._clock()
        if not fault.told and now >= self._paused_until:
            fault.retry_after *= 2 ** min(self._strikes, _MOST_DOUBLINGS)
            self._strikes += 1
        self.pause(fault.retry_after)
        fault.retry_after = self._paused_until - now

    def learn(self, headers: Mapping[str, str]) -> None:
        """Reads x-ratelimit-*. Answers overtake each other: within an hour the lowest number is the newest."""
        remaining, reset = headers.get("x-ratelimit-remaining", ""), headers.get("x-ratelimit-reset", "")
        if not (remaining.isdecimal() and reset.isdecimal()):
            return
        limit = headers.get("x-ratelimit-limit", "")
        new = Budget(int(limit) if limit.isdecimal() else 0, int(remaining), float(reset))
        resource = headers.get("x-ratelimit-resource", "core")
        old = self._budgets.get(resource)
        if old is None or new.reset > old.reset or (new.reset == old.reset and new.remaining < old.remaining):
            self._budgets[resource] = new

    def succeeded(self) -> None:
        """An answer that was no refusal: the next refusal without a time starts at a minute again."""
        self._strikes = 0

    def spare(self) -> bool:
        """Whether there is room for work that can wait: no pause, and more than the floor left of this hour's budget."""
        now, budget = self._clock(), self._budgets.get("core")
        low = budget is not None and now < budget.reset and budget.remaining < self.limits.floor * budget.limit
        return not low and now >= self._paused_until

    def budget(self, resource: str = "core") -> Budget | None:
        """What is left of this hour, None before the first answer."""
        return self._budgets.get(resource)

    def _wait(self, route: Route, now: float) -> float:
        waits = [self._points[route.resource].wait(route.points, now, self.share)]
        if route.write:
            waits.append(self._writes.wait(1, now, self.share))
        if route.content:
            waits += [window.wait(now, self.share) for window in self._content]
        return max(waits)

    def _take(self, route: Route, at: float) -> None:
        self._points[route.resource].take(route.points)
        if route.write:
            self._writes.take(1)
        if route.content:
            for window in self._content:
                window.take(at)

    def _held(self, route: Route, *, optional: bool, now: float) -> float:
        """Seconds until a pause ends, or the hourly budget is filled again when there is too little left of it."""
        budget = self._budgets.get(route.resource)
        floor = 0.0
        if budget is not None and now < budget.reset:
            spent = budget.remaining <= 0 or (optional and budget.remaining < self.limits.floor * budget.limit)
            floor = budget.reset - now if spent else 0.0
        return max(floor, self._paused_until - now, 0.0)

    def _check(self, route: Route, wait: float) -> None:
        if wait > self.limits.patience:
            raise RateLimited(f"{route.name} has to wait {wait:.0f} s for its turn", wait)


def _points(per_minute: int) -> Bucket:
    """A quarter at once and three quarters a minute: together `per_minute` in the worst minute."""
    return Bucket(per_minute / 4, per_minute * 3 / 4 / 60)
