"""Every number of the pages of numbers, against one that is counted without the database, in a generated world."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.store.database import Database
from app.store.visibility import NOBODY, Visitor
from app.web.desk import Desk
from app.web.pages import hygiene, labels, milestones, overview, trends
from tests.web.pages.counted import DAY, NAMES, NOW, WEEK, Made, store, world


@pytest.fixture(params=[1, 2])
def made(request: pytest.FixtureRequest, database: Database) -> list[Made]:
    found = world(request.param)
    store(database, found)
    return found


def seen(made: list[Made], *, pulls: bool = False, of: tuple[int, ...] = (1, 2)) -> list[Made]:
    return [one for one in made if one.repository in of and one.pull_request is pulls]


def client(database: Database, visitor: Visitor = NOBODY) -> httpx.AsyncClient:
    async def who(_request) -> Visitor:
        return visitor

    pages, desk = FastAPI(), Desk(database, Settings(), who, clock=lambda: NOW)
    for one in (overview, hygiene, labels, milestones, trends):
        pages.include_router(one.routes(desk))
    return httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://test")


async def get(database: Database, path: str):
    async with client(database) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200, path
    return (
        answer.json()
        if ".json" in path
        else list(csv.DictReader(io.StringIO(answer.text, newline="")))
        if ".csv" in path
        else answer.text
    )


def us_next(one: Made) -> int | None:
    """Since when it waits on us, if it does: the last who spoke is not person 1."""
    words = [(one.created, 3), *one.comments]
    if words[-1][1] == 1:
        return None
    last = max((place for place, word in enumerate(words) if word[1] == 1), default=-1)
    return words[last + 1][0]


def rank(lengths: list[int], percent: int) -> int:
    return sorted(lengths)[math.ceil(len(lengths) * percent / 100) - 1]


def monday(at: int) -> str:
    day = datetime.fromtimestamp(at / 1000, UTC).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def weeks(count: int) -> list[str]:
    return [monday(NOW - place * WEEK) for place in reversed(range(count))]


@pytest.mark.parametrize(
    ("query", "pulls", "of"), [("", False, (1, 2)), ("?kind=pr", True, (1, 2)), ("?repo=ACME/two", False, (2,))]
)
async def test_the_overview(query: str, pulls: bool, of: tuple[int, ...], database: Database, made: list[Made]):
    those, then = seen(made, pulls=pulls, of=of), NOW - WEEK
    rows = await get(database, f"/overview.csv{query}")
    told = {
        row["name"]: (int(row["now"]), int(row["before"] or -1)) for row in rows if row["kind"] in {"count", "passed"}
    }
    open_now, before = (
        [one for one in those if one.open],
        [one for one in those if one.created <= then and (one.open or one.closed > then)],
    )
    assert told["open"] == (len(open_now), len(before))
    waits = [us_next(one) for one in open_now if us_next(one) is not None]
    assert told["waiting on us"][0] == len(waits)
    assert told["waiting on us, new"][0] == sum(at > then for at in waits)
    late = [one for one in open_now if one.due is not None and one.due < 0]
    assert told["overdue"] == (len(late), sum(one.due is not None and one.due < -7 for one in before))
    for name, first, end in (("now", then, NOW), ("before", then - WEEK, then)):
        place = 0 if name == "now" else 1
        assert told["opened"][place] == sum(first <= one.created < end for one in those)
        assert told["closed"][place] == sum(one.closed is not None and first <= one.closed < end for one in those)
    ages = [(NOW - one.created) / DAY for one in open_now]
    bounds = {"..7d": (0, 7), "7d..30d": (7, 30), "30d..90d": (30, 90), "90d..365d": (90, 365), "365d..": (365, 10**6)}
    assert {row["name"]: int(row["now"]) for row in rows if row["kind"] == "age"} == {
        name: sum(low <= age < high for age in ages) for name, (low, high) in bounds.items()
    }
    untriaged = [one for one in open_now if not settled(one)]
    assert told["untriaged"][0] == len(untriaged)
    assert told["late"][0] == sum(one.created <= NOW - 2 * DAY for one in untriaged)


def settled(one: Made) -> bool:
    """Somebody looked at it, and nothing asks for triage."""
    return "needs triage" not in one.labels and bool(one.labels or one.milestone or one.assigned)


async def test_labels(database: Database, made: list[Made]):
    rows = {row["label"].lower(): row for row in await get(database, "/labels.csv")}
    assert rows.keys() == {name.lower() for name in NAMES}
    for name in NAMES:
        with_it = [one for one in seen(made) if name in one.labels]
        open_ = [one for one in with_it if one.open]
        row = rows[name.lower()]
        assert int(row["open"]) == len(open_)
        assert int(row["waiting_on_us"]) == sum(us_next(one) is not None for one in open_)
        assert int(row["stale"]) == sum(one.changed < NOW - 90 * DAY for one in open_)
        assert row["oldest"] == (str(min(one.created for one in open_)) if open_ else "")
        ends = [datetime.fromisoformat(f"{start}T00:00:00+00:00").timestamp() * 1000 + WEEK for start in weeks(26)]
        expected = [
            sum(one.created < end for one in with_it) - sum(bool(one.closed and one.closed < end) for one in with_it)
            for end in ends
        ]
        assert [int(number) for number in row["26_weeks"].split()] == expected


async def test_one_label(database: Database, made: list[Made]):
    rows = await get(database, "/labels/area/api.csv")
    with_it = [one for one in seen(made) if "Area/API" in one.labels]
    assert {row["name"]: row["value"] for row in rows if row["kind"] == "count"}["open"] == str(
        sum(one.open for one in with_it)
    )
    beside = {
        name.lower(): sum(one.open and name in one.labels for one in with_it) for name in NAMES if name != "Area/API"
    }
    assert {row["name"].lower(): int(row["value"]) for row in rows if row["kind"] == "beside"} == {
        k: v for k, v in beside.items() if v
    }
    told = [(row["name"], int(row["value"]), int(row["second"])) for row in rows if row["kind"] == "week"]
    assert told == [
        (
            start,
            sum(monday(one.created) == start for one in with_it),
            sum(bool(one.closed) and monday(one.closed) == start for one in with_it),
        )
        for start in weeks(26)
    ]


async def test_time_in_label(database: Database, made: list[Made]):
    rows = await get(database, "/labels/rare.csv")
    lengths: dict[str, list[int]] = {}
    for one in seen(made):
        for _, since, until in one.gone:
            lengths.setdefault(monday(until), []).append(until - since)
    told = {row["name"]: (int(row["value"]), int(row["second"])) for row in rows if row["kind"] == "time in label"}
    assert told == {
        start: (rank(lengths[start], 50), rank(lengths[start], 90)) for start in weeks(26) if start in lengths
    }
    assert told


async def test_trends(database: Database, made: list[Made]):
    rows = await get(database, "/trends.csv")
    those = seen(made)
    assert [row["week"] for row in rows] == weeks(52)
    first = {id(one): next((at for at, person in one.comments if person != 3), None) for one in those}
    for row in rows:
        assert int(row["opened"]) == sum(monday(one.created) == row["week"] for one in those)
        closed = [one.closed - one.created for one in those if one.closed and monday(one.closed) == row["week"]]
        assert int(row["closed"]) == len(closed)
        assert (row["close_p50"], row["close_p90"]) == (
            (str(rank(closed, 50)), str(rank(closed, 90))) if closed else ("", "")
        )
        heard = [
            first[id(one)] - one.created for one in those if first[id(one)] and monday(first[id(one)]) == row["week"]
        ]
        assert (row["response_p50"], row["response_p90"]) == (
            (str(rank(heard, 50)), str(rank(heard, 90))) if heard else ("", "")
        )
    assert int(rows[-1]["open"]) == sum(one.open for one in those)


async def test_milestones(database: Database, made: list[Made]):
    rows = await get(database, "/milestones.csv")
    assert len(rows) == 4
    for row in rows:
        inside = [
            one
            for one in made
            if f"acme/{[None, 'one', 'two', 'secret'][one.repository]}" == row["repository"]
            and str(one.milestone) == row["number"]
        ]
        closed = sum(not one.open for one in inside)
        bare = sum(one.open and not one.assigned for one in inside)
        assert [int(row[name]) for name in ("open", "closed", "percent", "unassigned")] == [
            len(inside) - closed, closed, closed * 100 // len(inside), bare,
        ]  # fmt: skip


async def test_one_milestone(database: Database, made: list[Made]):
    rows = await get(database, "/milestones/acme/one/1.csv")
    inside = [one for one in made if (one.repository, one.milestone) == (1, 1)]
    for place, row in enumerate(reversed(rows)):
        at = NOW - place * WEEK
        there = [one for one in inside if (one.put or one.created) <= at]
        assert (int(row["in_it"]), int(row["closed"])) == (
            len(there),
            sum(bool(one.closed and one.closed <= at) for one in there),
        )
    assert int(rows[-1]["in_it"]) == len(inside)


async def test_hygiene(database: Database, made: list[Made]):
    found = (await get(database, "/labels/hygiene.json"))["findings"]
    for key, wrong in (
        ("several", lambda one: {"bug", "wip"} <= one.labels.keys()),
        ("none", lambda one: not {"bug", "wip"} & one.labels.keys()),
    ):
        counts = {
            name: sum(one.open and wrong(one) for one in seen(made, of=(id_,)))
            for id_, name in ((1, "acme/one"), (2, "acme/two"))
        }
        assert {one["repository"]: one["count"] for one in found[key]} == {
            name: count for name, count in counts.items() if count
        }
    assert {one["about"].lower() for one in found["unknown"]} == {"needs triage"}  # area/ is a family of the server
    assert len(found["drift"]) == len(NAMES)
    assert [one["about"] for one in found["never"]] == ["gone", "gone"]


PAGES = ("/overview", "/labels", "/labels/bug", "/labels/hygiene", "/milestones", "/milestones/acme/one/1", "/trends")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_has_three_forms_and_nothing_of_what_is_private(path: str, database: Database, made: list[Made]):
    async with client(database) as browser:
        html, told, table = [
            (await browser.get(f"{'/' if path == '/overview' and not form else path}{form}")).text
            for form in ("", ".json", ".csv")
        ]
    assert "secret" not in html + told + table
    assert 'rel="alternate"' in html
    assert " style=" not in html
    assert "Last heard" in html or "Nothing was heard" in html


@pytest.mark.parametrize(
    "path", ["/labels/none", "/milestones/acme/secret/1", "/milestones/acme/one/9", "/milestones/no/such/1"]
)
@pytest.mark.parametrize("form", ["", ".json", ".csv"])
async def test_what_may_not_be_seen_is_not_there(path: str, form: str, database: Database, made: list[Made]):
    async with client(database) as browser:
        answers = [await browser.get(f"{one}{form}") for one in (path, "/labels/neither")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content
