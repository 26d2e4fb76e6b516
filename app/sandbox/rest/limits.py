"""Rate limits: so many requests an hour for an installation, the App's JWT, an address without a token; and, where a test
wants them, the secondary limits. Source: docs, rate limits for the REST API.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from app.sandbox.refused import Refused
from app.sandbox.rest.table import Answer, Request
from app.sandbox.world import World

HOUR = 3600
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@dataclass(slots=True)
class Bucket:
    limit: int
    reset: int
    used: int = 0

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    def json(self) -> dict[str, int]:
        return {"limit": self.limit, "remaining": self.remaining, "reset": self.reset, "used": self.used}

    def headers(self, resource: str) -> dict[str, str]:
        return {f"x-ratelimit-{name}": str(value) for name, value in self.json().items()} | {
            "x-ratelimit-resource": resource
        }


@dataclass(slots=True)
class Limits:
    """`core`, `graphql`, `anonymous`: requests an hour. Tests set them low.

    Secondary, 0 for none: `points_a_minute` (GitHub: 900; a read costs 1, a write 5) and `content_a_minute` (GitHub: 80; issues,
    comments and reactions), both for an installation; whoever is above gets 403 with `retry-after: 60`.
    """

    world: World
    core: int = 5000
    graphql: int = 5000
    anonymous: int = 60
    points_a_minute: int = 0
    content_a_minute: int = 0
    buckets: dict[tuple[str, int], Bucket] = field(default_factory=dict)
    spent: deque[tuple[float, int, int, int]] = field(default_factory=deque)

    def bucket(self, request: Request, resource: str, *, signed: bool) -> Bucket:
        """The caller's, made anew every hour."""
        owner = request.installation.id if request.installation else int(signed)
        now = int(self.world.clock().timestamp())
        found = self.buckets.get((resource, owner))
        if found is None or found.reset <= now:
            limit = self.graphql if resource == "graphql" else self.core if signed else self.anonymous
            found = self.buckets[resource, owner] = Bucket(limit, now + HOUR)
        return found

    def spend(self, bucket: Bucket) -> None:
        """One request; 403 with remaining 0 when none is left."""
        if bucket.remaining <= 0:
            raise Refused(403, "API rate limit exceeded for installation.")
        bucket.used += 1

    def pace(self, request: Request) -> None:
        """The secondary limits over the last minute; what was refused counts too, as it does on GitHub."""
        if request.installation is None or not (self.points_a_minute or self.content_a_minute):
            return
        now, mine = self.world.clock().timestamp(), request.installation.id
        while self.spent and self.spent[0][0] <= now - 60:
            self.spent.popleft()
        content = int(request.method == "POST" and request.path.endswith(("/issues", "/comments", "/reactions")))
        self.spent.append((now, mine, 1 if request.method == "GET" else 5, content))
        points = sum(row[2] for row in self.spent if row[1] == mine)
        created = sum(row[3] for row in self.spent if row[1] == mine)
        if 0 < self.points_a_minute < points or 0 < self.content_a_minute < created:
            raise Refused(403, SECONDARY, headers={"retry-after": "60"})

    def overview(self, request: Request) -> Answer:
        """`GET /rate_limit`: costs nothing."""
        resources = {name: self.bucket(request, name, signed=True).json() for name in ("core", "search", "graphql")}
        return Answer({"resources": resources, "rate": resources["core"]})
