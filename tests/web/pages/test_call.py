from __future__ import annotations

from urllib.parse import urlencode

import pytest

from app.core.values import Ref
from app.meetings.agenda import AgendaItem
from app.store.database import Database
from app.web.sealing import unveiled
from tests.web.pages.hall import DAY, MEMBER, NOBODY, build, client, put_issue, put_meeting

PAGE = f"/meetings/weekly/{DAY}/call"
ITEMS = (AgendaItem("Bugs", Ref("acme/open", 7), "It"), AgendaItem("Bugs", Ref("acme/secret", 7), "Hidden thing"))
ONCE = "y" * 24


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)
    with database.transaction() as conn:
        put_issue(conn, 1, 90, "weekly #004")
        put_meeting(conn, *ITEMS)


async def text(database: Database, visitor, path: str = PAGE) -> str:
    async with client(database, visitor) as browser:
        return (await browser.get(path)).text


async def move(database: Database, visitor, **fields: str) -> int:
    async with client(database, visitor) as browser:
        return (await browser.post(PAGE, content=urlencode({"next": PAGE, **fields}))).status_code


async def test_all_are_where_one_of_them_went(database: Database):
    assert await move(database, MEMBER, to="1-7", seen="") == 303
    for visitor in (MEMBER, NOBODY):
        assert '<h1 id="now">It &lt;b&gt;broke&lt;/b&gt;</h1>' in await text(database, visitor)
    assert await move(database, MEMBER, to="", seen="1-7") == 303
    assert 'id="now"' not in await text(database, MEMBER)


@pytest.mark.parametrize(("visitor", "to"), [(NOBODY, "1-7"), (MEMBER, "1-8")])
async def test_nobody_goes_where_they_may_not(database: Database, visitor, to: str):
    assert await move(database, visitor, to=to) == 404
    assert 'id="now"' not in await text(database, MEMBER)


async def test_an_item_that_one_may_not_see_is_shown_to_those_who_may(database: Database):
    assert await move(database, MEMBER, to="3-7", seen="") == 303
    assert "Hidden thing" in await text(database, MEMBER)
    assert "Hidden thing" not in await text(database, NOBODY)


async def test_only_who_is_signed_in_gets_forms(database: Database):
    await move(database, MEMBER, to="1-7", seen="")
    assert "<form" not in (await text(database, NOBODY)).partition("<main")[2]
    page = await text(database, MEMBER)
    assert unveiled(page.partition('name="csrf" value="')[2].partition('"')[0]) == "token"
    assert 'value="acme/open#7 "' in page


async def test_the_act_of_who_looks_is_shown_with_what_became_of_it(database: Database):
    form = {"id": ONCE, "command": "acme/open#7 /label <b>", "repository": "acme/open", "number": "90", "next": PAGE}
    async with client(database, MEMBER) as browser:
        sent = await browser.post("/acts/command", content=urlencode(form))
    assert sent.headers["location"] == f"{PAGE}?act={ONCE}"
    page = await text(database, MEMBER, sent.headers["location"])
    assert "/label &lt;b&gt;</code> is under way." in page
    assert "under way" not in await text(database, NOBODY, sent.headers["location"])
