"""Every page of the dashboard, asked of the real server over a big world: how long, how many bytes, also beside 500 streams.

One visitor after the other, who is not signed in, in a new order each round, so that no page is asked twice in a row. What was
written is told apart from what is read: the database is as a running one, with its statistics as PostgreSQL keeps them itself.
"""

from __future__ import annotations

import gzip
import http.client
import re
import time
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from statistics import median

from app.core.filter import canonical, from_words
from benchmarks import mirror_world, streams, team
from benchmarks.figures import Figure, Goal
from benchmarks.filters import QUERIES
from benchmarks.load import percentile
from benchmarks.mirror_world import REPOSITORIES, Size
from benchmarks.stage import Process, Stage, Stages

CORE = REPOSITORIES[0]
STREAMS = 500
FIRST = ("/", "/issues", "/labels", "/trends")
"""Pages by which people come in."""
_LINKED = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script src|img src|use href)="([^"#]+)')

Taken = dict[str, list[float]]
"""Milliseconds of each visit, by address."""


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """At 100,000 issues, 15,000 of them open, 60 labels."""
    yield from _measured(stages, *((10_000, 8, 100) if quick else (100_000, 25, STREAMS)), most=50)


def million(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """At 1,000,000; the world alone takes half an hour."""
    yield from _measured(stages, *((20_000, 4, 100) if quick else (1_000_000, 15, STREAMS)), most=300)


def addresses(day: date) -> dict[str, str]:
    """What is asked, by its name. `day`: of the last meeting."""
    searches = {f"/issues {text}": f"/issues?{canonical(from_words(text).filter)}" for text in QUERIES if text}
    twins = [
        "/overview.json",
        "/queues.json",
        "/queues/to-triage.csv",
        "/labels.csv",
        "/labels/hygiene.json",
        "/trends.csv",
    ]
    twins += ["/issues.json?label=kind/bug", "/issues.csv?state=all", "/issues.atom?label=kind/bug", "/status.json"]
    plain = [
        "/", f"/?repo={CORE}", "/?kind=pr", "/queues", "/queues/to-triage", "/queues/waiting-on-us", "/queues/no-answer",
        "/labels", "/labels/kind/bug", "/labels/hygiene", "/labels.css", "/milestones", f"/milestones/{CORE}/7", "/todos",
        "/trends", f"/trends?repo={CORE}", "/meetings", f"/meetings/{team.SERIES}/{day}", "/status", "/issues",
        f"/issues/{CORE}/100",
    ]  # fmt: skip
    return {one: one for one in (*plain, *twins)} | searches


def _measured(stages: Stages, issues: int, rounds: int, count: int, *, most: int) -> Iterator[Figure]:
    with stages.empty() as stage:
        asked = addresses(prepared(stage, issues))
        server = stage.receiver()
        with Visitor(server) as visitor:
            visitor.rounds(asked, 3)
            taken = visitor.rounds(asked, rounds)
            yield from _told(asked, taken, visitor.sizes, issues, most)
            for whose, people in ((f"{count} streams", 0), (f"{count} streams of as many who are signed in", count)):
                with streams.watched(stage, server, count, people) as heard:
                    beside = visitor.rounds(asked, max(rounds // 4, 3))
                    events = heard()
                yield _all(f"all pages beside {whose}", beside, most, {"events heard": events})
            yield from (_first(visitor, one) for one in FIRST)


def prepared(stage: Stage, issues: int) -> date:
    """The day of the last meeting in the world that is made there."""
    now = time.time_ns() // 1_000_000
    mirror_world.fill(stage.database, Size.of(issues), now)
    day = team.fill(stage.database, now)
    stage.tidy()
    return day


class Visitor:
    """Somebody with a browser: one connection, answers packed as the server packs them. `sizes`: bytes of a page's answer."""

    def __init__(self, server: Process) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._order = Random(1)
        self.sizes: dict[str, int] = {}

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rounds(self, asked: Mapping[str, str], rounds: int) -> Taken:
        """Each address that many times."""
        taken: Taken = {name: [] for name in asked}
        for _ in range(rounds):
            for name, address in self._order.sample(sorted(asked.items()), len(asked)):
                began = time.perf_counter()
                self.sizes[name] = self.get(address)[0]
                taken[name].append((time.perf_counter() - began) * 1000)
        return taken

    def get(self, address: str) -> tuple[int, bytes]:
        """Bytes on the wire, without those of TCP; the body. Raises RuntimeError unless it is there."""
        self._connection.request("GET", address, headers={"accept-encoding": "gzip"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
        if answer.headers.get("content-encoding") == "gzip":
            return head + len(body), gzip.decompress(body)
        return head + len(body), body


def _told(asked: Mapping[str, str], taken: Taken, sizes: Mapping[str, int], issues: int, most: int) -> Iterator[Figure]:
    for name in asked:
        also = {"p95 ms": percentile(taken[name], 0.95), "slowest ms": max(taken[name]), "KB": sizes[name] / 1000}
        yield Figure(f"`{name}`", median(taken[name]), "ms", Goal("≤", most), also)
    yield _all(f"all pages, {issues:,} issues", taken, most, {})


def _all(what: str, taken: Taken, most: int, also: Mapping[str, float]) -> Figure:
    """The worst page decides."""
    slow = max(taken, key=lambda name: percentile(taken[name], 0.95))
    every = [one for some in taken.values() for one in some]
    besides = {"p50 of all ms": median(every), "p95 of all ms": percentile(every, 0.95), **also}
    return Figure(f"{what}: worst p95 (`{slow}`)", percentile(taken[slow], 0.95), "ms", Goal("≤", 3 * most), besides)


def _first(visitor: Visitor, address: str) -> Figure:
    """The page with all that it asks for, by whom nothing is kept yet."""
    size, body = visitor.get(address)
    linked = sorted(set(_LINKED.findall(body.decode())))
    others = sum(visitor.get(one)[0] for one in linked)
    also = {"the page KB": size / 1000, "files": len(linked)}
    return Figure(f"first load of `{address}`", (size + others) / 1000, "KB", Goal("≤", 40), also)
