from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from random import Random
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest
from fastapi import FastAPI

from app.core.filter import canonical, from_words
from app.settings import Settings
from app.store import configs
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import PATH, Visitor
from app.web.desk import Desk
from app.web.pages import issues, queues
from tests.store import issues_of
from tests.store.test_filters import PARTS

NOW = issues_of.milliseconds(issues_of.NOW)
NOBODY, MEMBER = Visitor(), Visitor("mia", 1, "mark", "token", asked_after=NOW - 1)
OPEN = "visibility: {dashboard: public}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world(database: Database) -> Database:
    """Anybody sees core and Web; Mia sees the private one too."""
    issues_of.build(database)
    with database.transaction() as conn:
        for id_ in (issues_of.CORE, issues_of.WEB):
            configs.put(conn, ConfigFile(id_, PATH, "sha", OPEN, OPEN, "", NOW, dashboard="public"))
        row = {"mark": "mark", "person_id": 1, "login": "mia", "access": "", "created_at": NOW, "seen_at": NOW}
        conn.execute(t.session.insert(), [{**row, "asked_at": NOW}])
        conn.execute(t.session_repository.insert(), [{"mark": "mark", "repository_id": issues_of.SECRET}])
    return database


def browser(database: Database, visitor: Visitor = NOBODY, *, follow: bool = True) -> httpx.AsyncClient:
    async def who(_request) -> Visitor:
        return visitor

    desk, app = Desk(database, Settings(), who, clock=lambda: NOW), FastAPI()
    for one in (issues, queues):
        app.include_router(one.routes(desk))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", follow_redirects=follow)


class Read(HTMLParser):
    """The page as a browser takes it: links, and addresses of issues' pages in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.next = ""
        self.styled = False
        self.feed(text)
        self.issues = [link for link in self.links if link.count("/") == 4 and link.startswith("/issues/")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.styled |= "style" in named or tag == "style"
        if tag == "a":
            self.links.append(named["href"] or "")
            self.next = named["href"] or "" if named.get("rel") == "next" else self.next


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def test_html_json_csv_and_feed_agree(world: Database):
    chance = Random(11)
    texts = ["", *(" ".join(chance.sample(PARTS, chance.randint(1, 3))) for _ in range(40))]
    seen = 0
    async with browser(world) as client:
        for wanted in (one.filter for one in map(from_words, texts) if not one.slips):
            query = canonical(wanted)
            page, told, rows, fed = [
                await client.get(f"/issues{form}?{query}") for form in ("", ".json", ".csv", ".atom")
            ]
            assert {page.status_code, told.status_code, rows.status_code, fed.status_code} == {200}, query
            found = told.json()
            listed = [f"/issues/{one['repository']}/{one['number']}" for one in found["issues"]]
            read, entries = Read(page.text), ET.fromstring(fed.content).findall(f"{ATOM}entry")
            assert read.issues == listed
            assert [f"/issues/{row['repository']}/{row['number']}" for row in table(rows.text)] == listed
            assert [entry.findtext(f"{ATOM}id") for entry in entries] == [one["url"] for one in found["issues"]]
            assert f'id="found">{found["total"]:,} ' in page.text
            assert read.next == found["next"]
            assert not read.styled
            assert "<b>" not in page.text
            for row, one in zip(table(rows.text), found["issues"], strict=True):
                assert row["title"].lstrip("'") == one["title"]
                assert row["labels"].lstrip("'") == ", ".join(one["labels"])
                assert int(row["comments"]) == one["comments"]
            seen += found["total"]
    assert seen > 500


async def test_an_address_is_sent_on_to_its_canonical_form(world: Database):
    async with browser(world, follow=False) as client:
        for path in ("/issues", "/issues.json", "/issues.csv", "/issues.atom"):
            typed = await client.get(path, params={"q": "is:closed label:BUG héllo", "sort": ""})
            assert typed.status_code == 307
            assert typed.headers["location"] == f"{path}?label=bug&q=h%C3%A9llo&state=closed"
            assert (await client.get(typed.headers["location"])).status_code == 200
        assert (await client.get("/issues?label=&q=")).headers["location"] == "/issues"


async def test_every_link_of_a_page_is_canonical_and_leads_to_what_it_counts(world: Database):
    async with browser(world, follow=False) as client:
        found = (await client.get("/issues.json?label=bug&milestone=v1.0")).json()
        choices = [one for values in found["spread"].values() for one in values]
        assert len(choices) > 8
        for one in choices:
            answer = await client.get(one["address"].replace("/issues", "/issues.json", 1))
            assert answer.status_code == 200
            if not one["chosen"]:
                assert answer.json()["total"] == one["count"], one
        for link in Read((await client.get("/issues?label=bug&milestone=v1.0")).text).links:
            if link.startswith("/issues?"):
                assert (await client.get(link)).status_code == 200, link


async def test_pages_follow_each_other(world: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(issues, "MOST", 10)
    found, path = [], "/issues?state=all"
    async with browser(world) as client:
        total = (await client.get("/issues.json?state=all")).json()["total"]
        while path:
            read = Read((await client.get(path)).text)
            found += read.issues
            path = read.next
    assert len(found) == len(set(found)) == total > 50


async def test_a_slip_is_told_in_words_in_every_form(world: Database):
    async with browser(world) as client:
        page = await client.get("/issues?q=lable:bug")
        assert page.status_code == 400
        assert "There is no qualifier <code>lable:</code>: did you mean <code>label:</code>?" in page.text
        assert 'value="lable:bug"' in page.text
        for form in (".json", ".atom"):
            answer = await client.get(f"/issues{form}?q=lable:bug")
            assert answer.status_code == 400
            assert "`lable:`" in answer.json()["error"]
        assert (await client.get("/issues.csv?q=lable:bug")).text.startswith("error\r\n")
        assert (await client.get("/issues.xml?q=lable:bug")).status_code == 404
        assert (await client.get("/issues.xml")).status_code == 404


async def test_what_is_private_is_there_for_members_only(world: Database):
    async with browser(world) as anybody, browser(world, MEMBER) as member:
        for query in ("", "?repo=other/secret", "?label=secret", "?label=-secret", "?state=all", "?author=mia"):
            for form in ("", ".json", ".csv", ".atom"):
                text = (await anybody.get(f"/issues{form}{query}")).text
                assert "other/secret#" not in text
                assert "/issues/other/secret" not in text
                assert ">secret<" not in text
        mine = (await member.get("/issues.json?state=all")).json()["total"]
        theirs = (await anybody.get("/issues.json?state=all")).json()["total"]
        only = (await member.get("/issues.json?state=all&repo=other/secret")).json()["total"]
        assert mine == theirs + only
        assert only > 0
        assert (await anybody.get("/issues.json?repo=other/secret&state=all")).json()["total"] == 0
        assert (await anybody.get("/issues.json?assignee=@me")).json()["total"] == 0
        assert (await member.get("/issues.json?assignee=@me")).json()["total"] > 0


async def test_an_empty_list_ends_with_a_tick(world: Database):
    async with browser(world) as client:
        assert "Nothing is left here." in (await client.get("/issues?label=nowhere")).text


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\0"}, {"q": "\ud800"}, {"label": "\0"}, {"after": "9" * 40}, {"after": f"{2**62}_1_1"}, {"milestone": "9" * 40},
        {"q": "a" * 5000}, {"age": "9999w.."}, {"created": "0001-01-01"}, {"created": "..9999-12-31"}, {"repo": "a/" + "b" * 300},
        {"q": '"\\'}, {"state": "nonsense"}, {"label": "x" * 3000}, {"q": "-" * 100}, {"author": "@"},
    ],
)  # fmt: skip
async def test_no_address_is_a_fault(world: Database, query: dict[str, str]):
    async with browser(world) as client:
        for form in ("", ".json", ".csv", ".atom"):
            asked = urlencode(query, errors="surrogatepass")
            assert (await client.get(f"/issues{form}?{asked}")).status_code in {200, 400}
