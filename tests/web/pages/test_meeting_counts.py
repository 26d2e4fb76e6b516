"""Every number of the pages of meetings against one that is counted from what was said there, and from GitHub's side."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from app.sandbox.things import Issue
from app.store.visibility import NOBODY, Visitor
from tests.web.pages.compared import differences
from tests.web.pages.convened import BESIDE, HERE, MEMBER, READER, SECRET, Convened, browser, convene
from tests.web.pages.recalled import Recalled
from tests.web.pages.shown import Shown, numbers

EVERYTHING = (HERE, BESIDE, SECRET)
EACH = pytest.mark.parametrize("place", range(5))
"""Meetings, in the order in which they were opened; the last is private."""
EACH_SEEN = pytest.mark.parametrize(
    ("place", "visitor"),
    [
        pytest.param(place, visitor, id=f"{visitor.login or 'anybody'}-{place}")
        for visitor in (NOBODY, MEMBER, READER)
        for place in range(5 if visitor.signed_in else 4)
    ],
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Convened]:
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path_factory.mktemp('meetings') / 'rounds.db'}", lambda _: None
    else:
        server = request.getfixturevalue("postgres_server")
        url, drop = server.create(), server.drop
    found = asyncio.run(convene(url))
    with closing(found.database):
        yield found
    drop(url)


def due(made: Convened, visitor: Visitor) -> Recalled:
    names = EVERYTHING if visitor.signed_in else (HERE,)
    return Recalled(made, names, visitor.signed_in, leads=visitor is MEMBER)


async def got(made: Convened, path: str, visitor: Visitor = NOBODY) -> httpx.Response:
    async with browser(made, visitor) as mine:
        answer = await mine.get(path)
    assert answer.status_code == 200, path
    return answer


async def told(made: Convened, path: str, visitor: Visitor = NOBODY) -> Any:
    return (await got(made, f"{path}.json", visitor)).json()


def differing(found: Any, wanted: Any) -> list[str]:
    return list(differences(found, wanted))


@EACH
def test_what_had_to_be_on_the_agenda_is(made: Convened, place: int):
    one = made.meetings[place]
    found = [(heading, [topic for topic, _ in items], more) for heading, items, more in due(made, MEMBER).agenda(one)]
    assert found == [(heading, list(topics), more) for heading, topics, more in one.planned]


def test_the_meetings_have_all_that_is_counted(made: Convened):
    """Else equal numbers would say little."""
    every, anybody, all_ = made.meetings, due(made, NOBODY), due(made, MEMBER)
    assert {one.state for one in every} == {"closed", "cancelled", "frozen"}
    kinds = {word.kind for one in every for word in one.words}
    assert kinds == {"present", "role", "decision", "note", "command", "carry"}
    less, more = anybody.meeting(every[0]), all_.meeting(every[0])
    assert [len(less[key]) for key in ("todos", "said")] == [2, 1]
    assert [len(more[key]) for key in ("todos", "said")] == [3, 2]
    assert {todo.done for one in every for todo in one.owed} == {True, False}


@pytest.mark.parametrize(
    ("series", "visitor"),
    [("", NOBODY), ("", MEMBER), ("weekly", NOBODY), ("weekly", MEMBER), ("weekly", READER), ("inner", MEMBER)],
)
async def test_every_number_of_lists(made: Convened, series: str, visitor: Visitor):
    path = f"/meetings/{series}" if series else "/meetings"
    assert differing(await told(made, path, visitor), due(made, visitor).listing(series)) == []


async def test_a_private_meeting_is_on_no_page_for_anybody(made: Convened):
    for path in ("/meetings/inner", made.meetings[4].path, f"{made.meetings[4].path}/call"):
        async with browser(made) as mine:
            assert [(await mine.get(f"{path}{form}")).status_code for form in ("", ".json", ".csv")] == [404] * 3


@EACH_SEEN
async def test_every_number_of_a_meeting(made: Convened, place: int, visitor: Visitor):
    one = made.meetings[place]
    assert differing(await told(made, one.path, visitor), due(made, visitor).meeting(one)) == []


@EACH_SEEN
async def test_every_number_of_a_call(made: Convened, place: int, visitor: Visitor):
    one = made.meetings[place]
    assert differing(await told(made, f"{one.path}/call", visitor), due(made, visitor).call(one)) == []


async def test_a_call_that_goes_where_not_everybody_sees(made: Convened):
    """To an issue that the dashboard shows to members alone, and back."""
    weekly = made.meetings[3]
    (hidden,) = [one for _, topics, _ in weekly.planned for one in topics if _of(one) == BESIDE][:1]
    (open_,) = [one for _, topics, _ in weekly.planned for one in topics if _of(one) == HERE][:1]
    for topic in (hidden, open_):
        await made.goes(weekly, topic, 200)
        made.clock.forward(seconds=9)
        for visitor in (NOBODY, MEMBER):
            found = await told(made, f"{weekly.path}/call", visitor)
            assert differing(found, due(made, visitor).call(weekly)) == []
            assert found["place"] == 0 or visitor.signed_in or topic is open_


def _of(topic: object) -> str:
    return topic.repository.full_name if isinstance(topic, Issue) else ""


async def test_html_shows_the_numbers_that_json_tells(made: Convened):
    for path in ("/meetings", "/meetings/weekly"):
        it = await told(made, path, MEMBER)
        lengths = [len(series["meetings"]) for series in it["series"]] + ([len(it["decided"])] if it["only"] else [])
        assert Shown.read((await got(made, path, MEMBER)).text).of(".count") == lengths


@EACH_SEEN
async def test_html_of_a_meeting_shows_the_numbers_that_json_tells(made: Convened, place: int, visitor: Visitor):
    one = made.meetings[place]
    it, page = await told(made, one.path, visitor), Shown.read((await got(made, one.path, visitor)).text)
    lengths = [len(part["entries"]) for part in it["parts"]] + [len(it["said"]), len(it["todos"])]
    assert page.of(".count") == lengths + ([len(it["carried"])] if it["carried"] else [])
    entries = [entry for part in it["parts"] for entry in part["entries"]]
    minutes = [entry["spent"] // 60_000 for entry in entries if entry["spent"] >= 60_000]
    assert [numbers(text)[0] for text in page.by["p"] if re.fullmatch(r"\d+ minutes?", text)] == minutes
    assert [numbers(text)[0] for text in page.by["p"] if text.startswith("And ")] == [
        part["more"] for part in it["parts"] if part["more"]
    ]
    length = (it["held"]["ends_at"] - it["held"]["starts_at"]) // 60_000
    assert f"UTC, {length} minutes" in page.by["p"][1]


def _clock(milliseconds: int) -> str:
    return f"{milliseconds // 60_000}:{milliseconds // 1000 % 60:02}"


@EACH_SEEN
async def test_html_of_a_call_shows_the_numbers_that_json_tells(made: Convened, place: int, visitor: Visitor):
    path = f"{made.meetings[place].path}/call"
    it, page = await told(made, path, visitor), Shown.read((await got(made, path, visitor)).text)
    entries = [entry for part in it["meeting"]["parts"] for entry in part["entries"]]
    assert page.of(".count") == ([it["count"]] if it["count"] else [])
    shown = [_clock(entry["spent"]) for entry in entries if entry["spent"]]
    if it["entry"]:
        running, left = made.clock() - it["meeting"]["since"], it["meeting"]["held"]["ends_at"] - made.clock()
        now = [_clock(it["entry"]["spent"] + running), _clock(it["spent"])]
        (line,) = [text for text in page.by["p"] if text.startswith(f"Item {it['place']} of {it['count']} ·")]
        assert line.endswith(f"{now[0]} on it · {now[1]} on all so far · {left // 60_000} minutes left")
        shown = [*now, *shown]
    assert [text for text in page.by.get("time", []) if ":" in text and "UTC" not in text] == shown
    facts = [text for text in page.by.get(".facts", []) if "said" in text]
    assert [int(text.split()[-2]) for text in facts] == [len(entry["said"]) for entry in entries if entry["said"]]


TABLES = [("/meetings", MEMBER), ("/meetings/weekly", MEMBER), ("/meetings/weekly", NOBODY)]


@pytest.mark.parametrize(("path", "visitor"), TABLES)
async def test_csv_of_lists_has_the_numbers_that_json_tells(made: Convened, path: str, visitor: Visitor):
    it = await told(made, path, visitor)
    meetings = [one for series in it["series"] for one in series["meetings"]]
    wanted = [one[key] for one in meetings for key in ("number", "starts_at", "ends_at")]
    assert await _numbers(made, path, visitor) == wanted + [one["at"] for one in it["decided"]]


@EACH_SEEN
@pytest.mark.parametrize("page", ["", "/call"])
async def test_csv_of_a_meeting_has_the_numbers_that_json_tells(
    made: Convened, place: int, visitor: Visitor, page: str
):
    one = made.meetings[place]
    it = await told(made, one.path, visitor)
    entries = [entry for part in it["parts"] for entry in part["entries"]]
    every = [*it["said"], *(word for entry in entries for word in entry["said"])]
    once = {repr(word): word["at"] for word in every}
    wanted = [entry["spent"] for entry in entries] + sorted(once.values())
    assert await _numbers(made, f"{one.path}{page}", visitor) == wanted


async def _numbers(made: Convened, path: str, visitor: Visitor) -> list[int]:
    rows = csv.reader(io.StringIO((await got(made, f"{path}.csv", visitor)).text, newline=""))
    return [int(cell) for row in rows for cell in row if cell.isdecimal()]
