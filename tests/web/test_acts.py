from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from app.store import acts
from app.store import tables as t
from app.store.database import Database
from app.store.visibility import Visitor
from app.web.acts import LONGEST
from tests.web.pages.hall import MEMBER, NOBODY, build, client

ONCE = "x" * 24
FORM = {"id": ONCE, "command": "/label bug", "repository": "acme/open", "number": "7", "next": "/issues/acme/open/7"}


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)


async def send(database: Database, visitor: Visitor, path: str = "/acts/command", **changed: str):
    async with client(database, visitor) as browser:
        return await browser.post(path, content=urlencode(FORM | changed))


def rows(database: Database) -> list:
    with database.reading() as conn:
        return list(conn.execute(t.inbox.select()))


async def test_a_line_becomes_a_row_of_the_inbox(database: Database):
    answer = await send(database, MEMBER)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/acts/{ONCE}?next=/issues/acme/open/7")
    (row,) = rows(database)
    assert (row.event, row.state, row.repository_id, row.number, row.actor) == ("web", "waiting", 1, 7, "mia")
    assert json.loads(row.body) == {"text": "/label bug", "person_id": 12, "login": "mia"}
    again = await send(database, MEMBER)
    assert (again.status_code, len(rows(database))) == (303, 1)


@pytest.mark.parametrize(
    ("visitor", "changed", "status"),
    [
        (NOBODY, {}, 400),
        (MEMBER, {"id": "short"}, 400),
        (MEMBER, {"number": "0"}, 400),
        (MEMBER, {"number": "7.5"}, 400),
        (MEMBER, {"command": "no command"}, 400),
        (MEMBER, {"command": "/label " + "x" * LONGEST}, 400),
        (MEMBER, {"number": "8"}, 404),
        (MEMBER, {"repository": "acme/none"}, 404),
        (Visitor("eve", 66, "other", "token"), {"repository": "acme/secret"}, 404),
    ],
)
async def test_what_is_refused_leaves_nothing(
    database: Database, visitor: Visitor, changed: dict[str, str], status: int
):
    assert (await send(database, visitor, **changed)).status_code == status
    assert rows(database) == []


async def test_a_person_has_so_many_an_hour(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(acts, "HOURLY", 2)
    found = [(await send(database, MEMBER, id=f"{ONCE}{place}")).status_code for place in range(3)]
    assert found == [303, 303, 429]


async def test_only_a_failed_delivery_of_a_repository_that_one_administers_is_asked_for(database: Database):
    row = {"event": "issues", "received_at": 1, "state": "failed"}
    with database.transaction() as conn:
        conn.execute(t.session_repository.update().values(administers=t.session_repository.c.repository_id == 1))
        for guid, repository_id, state in (("1", 1, "failed"), ("2", 3, "failed"), ("3", 1, "done")):
            conn.execute(t.inbox.insert(), [{**row, "guid": guid, "repository_id": repository_id, "state": state}])
    eve = Visitor("eve", 66, "other", "token")
    for visitor, statuses in ((eve, [404] * 4), (MEMBER, [303, 404, 404, 404])):
        asked = [await send(database, visitor, "/acts/retry", delivery=guid, next="/status") for guid in "1234"]
        assert [answer.status_code for answer in asked] == statuses
    assert (await send(database, MEMBER, "/acts/retry", delivery="", next="/status")).status_code == 400
    assert [one.event for one in rows(database)].count("web_retry") == 1


async def test_only_the_one_who_did_it_sees_what_became_of_it(database: Database):
    await send(database, MEMBER)
    for visitor, status in ((MEMBER, 200), (NOBODY, 404), (Visitor("eve", 66, "other", "token"), 404)):
        async with client(database, visitor) as browser:
            assert (await browser.get(f"/acts/{ONCE}?next=//evil.example")).status_code == status
    async with client(database, MEMBER) as browser:
        assert "evil" not in (await browser.get(f"/acts/{ONCE}?next=//evil.example")).text
