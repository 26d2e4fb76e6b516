"""Lists, counts and facets of filters over a hundred thousand issues, as pages ask for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from statistics import median, quantiles

from app.core.filter import Filter, from_words
from app.store import facets, issue_list
from app.store.filters import Scope
from benchmarks import mirror_world
from benchmarks.figures import Figure, Goal
from benchmarks.mirror_world import Size
from benchmarks.stage import Stage, Stages

QUERIES = (
    "", "label:kind/bug", "label:kind/bug label:area/api", "label:area/* -label:kind/bug", "no:label", "waiting:us sort:waiting",
    "is:untriaged is:issue", "is:pr no:response -is:draft", "age:30d..90d", "assignee:maintainer-3",
    "author:reporter-7 state:all",
    'milestone:"Release 7"', "token search", "-label:kind/bug no:assignee sort:quiet", "sort:comments",
    "is:closed label:kind/bug",
    "state:all sort:updated", "repo:bench/core sort:newest",
)  # fmt: skip
MOST = 50
_NOW = datetime.fromtimestamp(mirror_world.NOW / 1000, UTC)


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """The median and the worst of all queries, each of them asked several times."""
    count, times = (10_000, 3) if quick else (100_000, 7)
    with stages.empty() as stage:
        scope = Scope(tuple(mirror_world.fill(stage.database, Size.of(count))), _NOW)
        filters = [from_words(text).filter for text in QUERIES]
        for what, goal, ask in (
            ("page of a list", Goal("≤", 50), lambda conn, one: issue_list.page(conn, one, scope, MOST)),
            ("count", Goal("≤", 50), lambda conn, one: issue_list.count(conn, one, scope)),
            ("facets and total", Goal("≤", 100), lambda conn, one: facets.of(conn, one, scope)),
        ):
            found = [_median(stage, ask, one, times) for one in filters]
            slowest = QUERIES[found.index(max(found))] or "all that is open"
            also = {"p95 ms": quantiles(found, n=20)[-1], f"slowest ms ({slowest})": max(found)}
            yield Figure(f"{what}, {len(QUERIES)} filters, {count:,} issues", median(found), "ms", goal, also)


def _median(stage: Stage, ask: Callable[..., object], wanted: Filter, times: int) -> float:
    """Milliseconds, once the database and the statement are warm."""
    taken = []
    with stage.database.reading() as conn:
        ask(conn, wanted)
        for _ in range(times):
            began = time.perf_counter()
            ask(conn, wanted)
            taken.append((time.perf_counter() - began) * 1000)
    return median(taken)
