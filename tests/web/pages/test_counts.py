"""Every number of every page against one that is counted from GitHub's side, after reading and after deliveries of all kinds."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from app.sandbox.deliverer import Mischief
from app.sandbox.things import Issue
from app.settings import Settings
from app.store import tables as t
from app.store.visibility import NOBODY, Visitor
from app.web.desk import Desk
from app.web.pages import hygiene, issue, issues, labels, milestones, overview, queues, todos, trends
from tests.web.pages import living
from tests.web.pages.compared import Between, differences
from tests.web.pages.living import LABELS, ONE, SECRET, TWO
from tests.web.pages.mirrored import MEMBER, Mirrored, mirror
from tests.web.pages.ruled import DAY, QUEUES, answered, ms, triaged, waiting
from tests.web.pages.shown import Shown, numbers
from tests.web.pages.truth import Pages

PAGES = (hygiene, overview, labels, milestones, trends, issues, issue, queues, todos)
PUBLIC, EVERYTHING = (ONE, TWO), (ONE, TWO, SECRET)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirrored]:
    """On SQLite each delivery came once and in order; on PostgreSQL they were doubled, lost and mixed up, and then compared."""
    if request.param == "sqlite":
        found = _mirrored(1, f"sqlite:///{tmp_path_factory.mktemp('counts') / 'rounds.db'}", None)
        with closing(found.database):
            yield found
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create()
    found = _mirrored(2, url, Mischief(duplicate=0.3, drop=0.1, reorder=5, seed=2))
    with closing(found.database):
        yield found
    server.drop(url)


def _mirrored(seed: int, url: str, mischief: Mischief | None) -> Mirrored:
    return asyncio.run(mirror(living.begin(seed), url, mischief))


def pages(made: Mirrored, names: tuple[str, ...] = PUBLIC, *, pulls: bool = False, narrowed: bool = False) -> Pages:
    me = MEMBER.login if names == EVERYTHING else ""
    return Pages(made, names, pulls, Between(made.began, made.ended), narrowed, me=me)


@cache
def site(made: Mirrored, visitor: Visitor) -> FastAPI:
    async def who(_request: object) -> Visitor:
        return visitor

    app, desk = FastAPI(), Desk(made.database, Settings(), who, clock=lambda: ms(made.now))
    for one in PAGES:
        app.include_router(one.routes(desk))
    return app


async def got(made: Mirrored, path: str, visitor: Visitor = NOBODY) -> httpx.Response:
    transport = httpx.ASGITransport(site(made, visitor))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as browser:
        answer = await browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    return answer


async def told(made: Mirrored, path: str, visitor: Visitor = NOBODY) -> Any:
    """The page as JSON."""
    page, mark, query = path.partition("?")
    return (await got(made, f"{page}.json{mark}{query}", visitor)).json()


def test_the_world_has_all_that_is_counted(made: Mirrored):
    """Else equal numbers would say little."""
    found = pages(made, EVERYTHING)
    every = [one for pulls in (False, True) for one in pages(made, EVERYTHING, pulls=pulls).those()]
    assert {waiting(one)[0] for one in every} == {"us", "author", "nobody"}
    assert {(one.state, triaged(one) is None, answered(one) is None) for one in every} >= {
        (state, False, late) for state in ("open", "closed") for late in (True, False)
    }
    assert any(event.kind == "reopened" for one in every for event in one.timeline)
    assert found.overview()["now"]["overdue"]
    assert all(found.hygiene()["counts"].values())


SEEN = pytest.mark.parametrize(
    ("visitor", "names"), [(NOBODY, PUBLIC), (MEMBER, EVERYTHING)], ids=["anybody", "member"]
)
NUMBERS: dict[str, Callable[[Pages], dict[str, Any]]] = {
    "/overview": Pages.overview, "/labels": Pages.labels, "/labels/hygiene": Pages.hygiene,
    "/milestones": Pages.milestones, "/trends": Pages.trends, "/queues": Pages.queues, "/todos": Pages.todos,
    **{f"/labels/{quote(name)}": lambda found, name=name: found.label(name) for name in LABELS},
    **{f"/queues/{queue.id}": lambda found, queue=queue: found.queue(queue) for queue in QUEUES},
    **{f"/milestones/{ONE}/{n}": lambda found, n=n: found.milestone(ONE, n) for n in (1, 2, 3)},
}  # fmt: skip


def differing(found: Any, due: Any) -> list[str]:
    return list(differences(found, due))


@SEEN
@pytest.mark.parametrize("path", NUMBERS)
async def test_every_number(made: Mirrored, path: str, visitor: Visitor, names: tuple[str, ...]):
    assert differing(await told(made, path, visitor), NUMBERS[path](pages(made, names))) == []


@pytest.mark.parametrize("path", ["/overview", "/labels", "/labels/bug", "/trends"])
async def test_of_pull_requests_and_of_one_repository(made: Mirrored, path: str):
    due = NUMBERS[path](pages(made, pulls=True))
    assert differing(await told(made, f"{path}?kind=pr"), due) == []
    due = NUMBERS[path](pages(made, (TWO,), narrowed=True))
    assert differing(await told(made, f"{path}?repo=ACME/two"), due) == []


async def test_against_the_last_meeting(made: Mirrored):
    """On the overview; a later one that is not over does not count."""
    with made.database.transaction() as conn:
        for days, ends in ((17, 17), (10, 10), (1, -1)):
            starts = made.now - days * DAY
            key = {"repository_id": made.repositories([ONE])[0].id, "series": "weekly", "day": starts.date()}
            times = {"starts_at": ms(starts), "ends_at": ms(made.now - ends * DAY) + 1}
            conn.execute(t.occurrence.insert().values(**key, **times, number=days, state="closed", title=""))
    try:
        due = replace(pages(made), since=made.now - 10 * DAY).overview()
        assert differing(await told(made, "/overview"), due) == []
    finally:
        with made.database.transaction() as conn:
            conn.execute(t.occurrence.delete())


def _has(issue: Issue, label: str) -> bool:
    return label in {one.lower() for one in issue.label_names}


def _open(issue: Issue) -> bool:
    return issue.state == "open"


LISTS: dict[str, tuple[Callable[[Issue, datetime], bool], tuple[str, ...]]] = {
    "": (lambda one, now: _open(one), ("Open",)),
    "?state=closed": (lambda one, now: not _open(one), ("Closed",)),
    "?kind=pr&state=all": (lambda one, now: one.pull is not None, ("All", "pull requests")),
    "?label=bug": (lambda one, now: _open(one) and _has(one, "bug"), ("Open", "bug")),
    "?label=area/api&state=all": (lambda one, now: _has(one, "area/api"), ("All", "area/api")),
    "?label=bug,wip": (lambda one, now: _open(one) and (_has(one, "bug") or _has(one, "wip")), ("Open",)),
    "?assignee=none&label=-area/api": (
        lambda one, now: _open(one) and not one.assignees and not _has(one, "area/api"), ("Open",),
    ),
    "?assignee=tim": (lambda one, now: _open(one) and "tim" in [x.login for x in one.assignees], ("Open", "tim")),
    "?milestone=v1": (lambda one, now: _open(one) and one.milestone_title == "v1", ("Open", "v1")),
    "?age=90d..365d&waiting=us": (
        lambda one, now: waiting(one)[0] == "us" and 90 * DAY <= now - one.created_at < 365 * DAY,
        ("Open", "us", "90 to 365 days old"),
    ),
    "?author=rita": (lambda one, now: _open(one) and one.author.login == "rita", ("Open",)),
    "?repo=acme/two&sort=newest": (lambda one, now: _open(one) and one.repository.name == "two", ("Open", TWO)),
    "?quiet=60d..": (lambda one, now: _open(one) and one.updated_at <= now - 60 * DAY, ("Open",)),
    "?is=-triaged": (lambda one, now: _open(one) and triaged(one) is None, ("Open",)),
    "?no=response": (lambda one, now: _open(one) and answered(one) is None, ("Open",)),
    "?q=quicker": (lambda one, now: _open(one) and "quicker" in (one.body or ""), ("Open",)),
    "?created=2025-09-01..2025-12-31&state=all": (
        lambda one, now: date(2025, 9, 1) <= one.created_at.date() <= date(2025, 12, 31), ("All",),
    ),
}  # fmt: skip


@SEEN
@pytest.mark.parametrize("query", LISTS)
async def test_every_list_with_how_it_is_spread(made: Mirrored, query: str, visitor: Visitor, names: tuple[str, ...]):
    meant, chosen = LISTS[query]
    due = pages(made, names).issues(lambda one: meant(one, made.now), chosen, "newest" in query)
    assert due["total"]
    assert differing(await told(made, f"/issues{query}", visitor), due) == []


async def test_every_issue(made: Mirrored):
    for one in pages(made, EVERYTHING).all():
        found = await told(made, f"/issues/{one.repository.full_name}/{one.number}", MEMBER)
        assert differing(found, pages(made).issue(one)) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3, 23))
def test_other_worlds(seed: int, tmp_path: Path):
    """Every second one with deliveries that are lost, doubled and mixed up."""
    mischief = Mischief(duplicate=0.3, drop=0.2, reorder=7, seed=seed) if seed % 2 else None
    found = _mirrored(seed, f"sqlite:///{tmp_path}/rounds.db", mischief)
    with closing(found.database):
        assert asyncio.run(_wrong(found)) == []


async def _wrong(made: Mirrored) -> list[str]:
    """Of all pages of numbers, and of every issue."""
    due = {path: page(pages(made, EVERYTHING)) for path, page in NUMBERS.items()}
    due |= {
        f"/issues/{one.repository.full_name}/{one.number}": pages(made).issue(one)
        for one in pages(made, EVERYTHING).all()
    }
    told_ = {path: await told(made, path, MEMBER) for path in due}
    return [f"{path}: {one}" for path in due for one in differences(told_[path], due[path], "")]


def _flow(weeks: list[list[int]]) -> list[list[int]]:
    return [week[1:3] for week in weeks]


def _used(labels: list[dict[str, Any]]) -> list[list[int]]:
    return [[one["open"], one["waiting"], one["stale"]] for one in labels]


def _single(values: list[int]) -> list[list[int]]:
    return [[value] for value in values]


SHOWN: dict[str, Callable[[Any], tuple[list[int], list[int], list[list[list[int]]]]]] = {
    "/overview": lambda it: (
        [it["now"][name] for name in ("untriaged", "late")] + [it["waiting"][0], it["now"]["overdue"], it["now"]["open"]],
        [len(it["overdue"])],
        [_flow(it["weeks"]), _single(it["ages"]), _used(it["labels"])],
    ),
    "/labels": lambda it: ([], [], [_used(it["labels"])]),
    "/labels/bug": lambda it: (
        _used([it["label"]])[0], [], [_single(it["ages"]), _flow(it["weeks"])],
    ),
    "/labels/hygiene": lambda it: ([], list(it["counts"].values()), []),
    f"/milestones/{ONE}/2": lambda it: (
        [it["milestone"][name] for name in ("open_count", "closed_count", "unassigned")], [],
        [[step[1:] for step in it["steps"]]],
    ),
    "/trends": lambda it: ([], [], [_flow(it["weeks"]), [week[3:] for week in it["weeks"]]]),
    "/queues": lambda it: ([], [one["count"] for one in [*it["mine"], *it["queues"]]], []),
    "/queues/to-triage": lambda it: ([], [it["total"]], []),
    "/todos": lambda it: ([], [len(group["todos"]) for group in it["groups"]], []),
    "/issues": lambda it: ([], [one["count"] for choices in it["spread"].values() for one in choices], []),
    f"/issues/{ONE}/3": lambda it: ([], [len(it["acts"]), len(it["mentions"])], []),
}  # fmt: skip


@pytest.mark.parametrize("path", SHOWN)
async def test_html_shows_the_numbers_that_json_tells(made: Mirrored, path: str):
    found = Shown.read((await got(made, "/" if path == "/overview" else path)).text)
    cards, counts, tables = SHOWN[path](await told(made, path))
    assert found.of(".number") == cards
    assert found.of(".count") == counts
    assert [found.cells(place) for place in range(len(tables))] == tables


async def test_html_says_the_numbers_of_sentences(made: Mirrored):
    now, trend = await told(made, "/overview"), await told(made, "/trends")
    said = numbers(Shown.read((await got(made, "/")).text).by["main"][0])
    assert {now[name] for name in ("opened", "closed", "opened_before", "closed_before")} <= set(said)
    more = sum(week[1] - week[2] for week in trend["weeks"][-5:-1])
    assert abs(more) in Shown.read((await got(made, "/trends")).text).of(".lead")
    stones = Shown.read((await got(made, "/milestones")).text).by["li"]
    for one in (await told(made, "/milestones"))["milestones"]:
        total = one["open_count"] + one["closed_count"]
        part = one["closed_count"] * 100 // total if total else 0
        sentence = f"{part} % closed {one['open_count']} open {one['closed_count']} closed"
        assert any(stone.startswith(f"{one['title']} {one['repository']}") and sentence in stone for stone in stones)


def _listed(issues: list[dict[str, Any]]) -> list[int]:
    return [one[name] for one in issues for name in ("number", "comments", "reactions")]


def _compared(it: dict[str, Any]) -> list[int]:
    """Now and then."""
    counts = [it[when][name] for name in ("open", "untriaged", "late", "overdue") for when in ("now", "then")]
    passed = [it[f"{name}{when}"] for name in ("opened", "closed") for when in ("", "_before")]
    return [*counts, *it["waiting"], *passed]


def _one_label(it: dict[str, Any]) -> list[int]:
    counts = (it["label"][name] for name in ("open", "waiting", "stale", "oldest"))
    told = [number for number in counts if number is not None]
    took = [number for _, spread in sorted(it["times"].items()) for number in spread[1:]]
    return [
        *told,
        *it["ages"],
        *chain.from_iterable(_flow(it["weeks"])),
        *took,
        *(one["shared"] for one in it["beside"]),
    ]


def _milestones(it: dict[str, Any]) -> list[int]:
    found = []
    for one in it["milestones"]:
        total = one["open_count"] + one["closed_count"]
        part = one["closed_count"] * 100 // total if total else 0
        found += [one["number"], one["open_count"], one["closed_count"], part, one["unassigned"]]
    return found


def _trends(it: dict[str, Any]) -> list[int]:
    each = zip(it["weeks"], it["times"], strict=True)
    return [n for week, times in each for n in [*week[1:], *(n for one in times[1:] if one for n in one[1:])]]


TABLES: dict[str, Callable[[Any], list[int]]] = {
    "/overview": lambda it: [
        *_compared(it), *it["ages"], *(one["open"] for one in it["labels"]), *chain.from_iterable(_flow(it["weeks"])),
    ],
    "/labels": lambda it: [
        number for one in it["labels"]
        for number in [*_used([one])[0], *([one["oldest"]] if one["oldest"] else []), *one["weeks"]]
    ],
    "/labels/rare": _one_label,
    "/labels/hygiene": lambda it: [
        one["count"] for found in it["findings"].values() for one in found if one["count"] is not None
    ],
    "/milestones": _milestones,
    f"/milestones/{ONE}/2": lambda it: [number for step in it["steps"] for number in step[1:]],
    "/trends": _trends,
    "/queues": lambda it: [
        number for one in [*it["mine"], *it["queues"]] for number in (one["count"], one["low_water"]) if number is not None
    ],
    "/queues/to-triage": lambda it: _listed(it["issues"]),
    "/issues": lambda it: _listed(it["issues"]),
    "/todos": lambda it: [number for group in it["groups"] for one in group["todos"] for number in (one["id"], one["meetings"])],
    f"/issues/{ONE}/3": lambda it: [
        *(one["at"] for one in it["acts"]), *(at for one in it["labels"] for at in one[3:] if at is not None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", TABLES)
async def test_csv_has_the_numbers_that_json_tells(made: Mirrored, path: str):
    _, *rows = csv.reader(io.StringIO((await got(made, f"{path}.csv")).text, newline=""))
    words = [word for row in rows for cell in row if re.fullmatch(r"[\d ]+", cell) for word in cell.split()]
    assert [int(word) for word in words] == TABLES[path](await told(made, path))


def test_a_number_that_nobody_counts_is_found():
    """The comparison itself."""
    assert differing({"a": 1, "b": ["x", {"c": True}]}, {"a": 1}) == ["$.b.1.c is True, and nobody counts it"]
    assert differing({"at": "2026-01-01"}, {}) == ["$.at is '2026-01-01', and nobody counts it"]
    assert differing([1, 2], [1]) == ["$[1] is 2, and nobody counts it"]
    assert differing(["a", "b"], ["a"]) == ["$[1] is 'b', and nobody counts it"]
    assert differing({"a": 1}, {"a": 2, "b": 3}) == ["$.a is 1, it should be 2", "$.b is missing, it should be 3"]
    assert differing({"a": None}, {"a": 0}) == ["$.a is None, it should be 0"]
