"""The pages around a call: the clock, who speaks, what is merged, where numbers lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.sandbox import demo_meetings
from app.sandbox.moving import MovingClock
from app.sandbox.things import Issue
from app.sandbox.web.prose import render
from tests.sandbox.conftest import Api
from tests.sandbox.test_web import page, post

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def clock(api: Api) -> MovingClock:
    clock = api.world.clock = MovingClock(None, lambda: NOON)
    api.world.timetable = demo_meetings.timetable(NOON)
    return clock


@pytest.fixture
def issue(api: Api, clock: MovingClock) -> Issue:
    return api.world.open_issue("acme/widgets", "Triage call #001", "See #1", by="rounds[bot]", labels=["meeting"])


@pytest.mark.parametrize(
    ("to", "ahead"),
    [
        ("hour", timedelta(hours=1)),
        ("day", timedelta(days=1)),
        ("week", timedelta(days=7)),
        ("start", timedelta(days=1, hours=3)),
        ("end", timedelta(days=1, hours=4)),
    ],
)
async def test_the_clock_is_put_forward(api: Api, clock: MovingClock, to: str, ahead: timedelta) -> None:
    answer = await post(api, "/clock", to=to, here="/acme/widgets/issues")
    assert (answer.status_code, answer.headers["location"]) == (303, "/acme/widgets/issues")
    assert clock.ahead == ahead


@pytest.mark.parametrize("here", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
async def test_it_leads_nowhere_else(api: Api, clock: MovingClock, here: str) -> None:
    assert (await post(api, "/clock", to="hour", here=here)).headers["location"] == "/"


async def test_only_its_own_pages_put_it_forward_and_only_so_far(api: Api, clock: MovingClock) -> None:
    assert (await post(api, "/clock", to="century")).status_code == 422
    assert (await post(api, "/clock", headers={}, to="week")).status_code == 403
    assert clock.ahead == timedelta()


async def test_a_world_with_a_plain_clock_shows_none(api: Api) -> None:
    assert "Put it forward" not in await page(api, "/")
    assert (await post(api, "/clock", to="week")).status_code == 404


async def test_a_call_is_a_page_to_speak_on(api: Api, issue: Issue, clock: MovingClock) -> None:
    address = f"/acme/widgets/issues/{issue.number}"
    for person in ("noor", "ines", "samir", "lena"):
        api.world.user(person)
    html = await page(api, address)
    assert ("Who speaks" in html, "End the call" in html, "It is over" in html) == (True, True, False)
    assert "#6263 /out-of-scope OTF because UX first" in html
    await post(api, "/clock", to="end", here=address)
    html = await page(api, address)
    assert ("End the call" in html, "It is over. A moment" in html) == (False, True)
    comment = api.world.post_comment(issue, "- [x] one", by="rounds[bot]")
    assert f'<a href="{address}#issuecomment-{comment.id}">the boxes</a>' in await page(api, address)
    assert "A maintainer looks at" in await page(api, address)
    api.world.edit_comment(comment, "- [x] one\n\n#### Carried out\n\nall of it", by="rounds[bot]")
    html = await page(api, address)
    assert ("were approved and carried out" in html, "A maintainer looks at" in html) == (True, False)
    plain = api.world.open_issue("acme/widgets", "Meeting?", by="rob", labels=[])
    assert "Who speaks" not in await page(api, f"/acme/widgets/issues/{plain.number}")


async def test_home_leads_to_the_call_and_to_what_the_app_wrote(api: Api, issue: Issue) -> None:
    api.world.post_comment(issue, "**Minutes** <!-- rounds: x --> so far", by="rounds[bot]")
    html = await page(api, "/")
    assert "**Minutes** so far" in html
    assert "rounds: x" not in html
    assert html.count(f"/acme/widgets/issues/{issue.number}") >= 2


async def test_a_pull_request_shows_its_files_and_is_merged_by_who_may(api: Api) -> None:
    api.world.push_file("acme/widgets", "m.md", "<b>Minutes</b>\n", by="rounds[bot]", branch="minutes")
    pull = api.world.open_pull_from("acme/widgets", "minutes", "Minutes", by="rounds[bot]")
    address = f"/acme/widgets/pull/{pull.number}"
    assert "&lt;b&gt;Minutes&lt;/b&gt;" in await page(api, address)
    assert (await post(api, f"{address}/merge", as_="rob")).status_code == 403
    assert (await post(api, f"{address}/merge", as_="wendy")).status_code == 303
    assert api.world.find_repository("acme/widgets").files["m.md"] == "<b>Minutes</b>\n"
    html = await page(api, address)
    assert ("Merged" in html, ">Merge</button>" in html) == (True, False)


def test_numbers_lead_to_issues_that_are_there() -> None:
    known = {("", 5): "/a/b/issues/5", ("c/d", 6): "/c/d/issues/6"}
    html = render("#5 #6 c/d#6 x#5 `#5` [#5](https://e.example) &#5;", lead=lambda *key: known.get(key, ""))
    assert html.count('href="/a/b/issues/5"') == 1
    assert html.count('href="/c/d/issues/6">c/d#6</a>') == 1
    assert html.count("<a ") == 3
