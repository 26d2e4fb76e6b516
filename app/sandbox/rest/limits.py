"""Primary rate limits: so many requests an hour for an installation, the App's JWT, an address without a token."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.sandbox.refused import Refused
from app.sandbox.rest.table import Answer, Request
from app.sandbox.world import World

HOUR = 3600


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
    """`core`, `graphql`, `anonymous`: requests an hour. Tests set them low."""

    world: World
    core: int = 5000
    graphql: int = 5000
    anonymous: int = 60
    buckets: dict[tuple[str, int], Bucket] = field(default_factory=dict)

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

    def overview(self, request: Request) -> Answer:
        """`GET /rate_limit`: costs nothing."""
        resources = {name: self.bucket(request, name, signed=True).json() for name in ("core", "search", "graphql")}
        return Answer({"resources": resources, "rate": resources["core"]})
