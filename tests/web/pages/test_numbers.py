"""Pages of numbers: each has three forms, and tells nothing of what is private. Their numbers: test_counts.py."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from app.settings import Settings
from app.store.database import Database
from app.store.visibility import NOBODY, Visitor
from app.web.desk import Desk
from app.web.pages import hygiene, labels, milestones, overview, trends
from tests.web.pages.counted import NOW, store, world


@pytest.fixture(autouse=True)
def stored(database: Database) -> None:
    store(database, world(1))


def client(database: Database) -> httpx.AsyncClient:
    async def who(_request) -> Visitor:
        return NOBODY

    pages, desk = FastAPI(), Desk(database, Settings(), who, clock=lambda: NOW)
    for one in (overview, hygiene, labels, milestones, trends):
        pages.include_router(one.routes(desk))
    return httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://test")


PAGES = ("/overview", "/labels", "/labels/bug", "/labels/hygiene", "/milestones", "/milestones/acme/one/1", "/trends")
ABSENT = ("/labels/none", "/milestones/acme/secret/1", "/milestones/acme/one/9", "/milestones/no/such/1")
FORMS = ("", ".json", ".csv")


async def test_a_page_has_three_forms_and_nothing_of_what_is_private(database: Database):
    async with client(database) as browser:
        for path in PAGES:
            addresses = ["/" if path + form == "/overview" else path + form for form in FORMS]
            html, told, table = [(await browser.get(one)).text for one in addresses]
            assert "secret" not in html + told + table, path
            assert 'rel="alternate"' in html, path
            assert " style=" not in html, path
            assert "Last heard" in html or "Nothing was heard" in html, path


async def test_what_may_not_be_seen_is_not_there(database: Database):
    async with client(database) as browser:
        for form in FORMS:
            none, *others = [await browser.get(f"{path}{form}") for path in ABSENT]
            assert none.status_code == 404
            assert {(one.status_code, one.content) for one in others} == {(404, none.content)}, form
