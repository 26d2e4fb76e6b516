"""The call page in a real browser: two people see the same item, move it by keys, and act; and without JavaScript too."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from app.core.values import Ref
from app.meetings.agenda import AgendaItem
from app.sandbox.server import bound
from app.settings import Settings
from app.store import deliveries, records, versions
from app.store import tables as t
from app.store.database import Database
from app.web.asgi import Application
from app.web.server import server
from tests.web.pages.hall import DAY, build, put_issue, put_meeting

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]
CALL = f"/meetings/weekly/{DAY}/call"
ITEMS = [AgendaItem("Bugs", Ref("acme/open", number), "as it was") for number in (7, 8)]


@dataclass
class Call:
    """A running server, and browsers of two people and of somebody who is not signed in."""

    url: str
    database: Database
    browser: Browser

    async def page(self, login: str = "", *, script: bool = True) -> Page:
        context = await self.browser.new_context(java_script_enabled=script)
        if login:
            await context.add_cookies([{"name": "rounds", "value": token(login), "url": self.url}])
        page = await context.new_page()
        page.errors = []  # type: ignore[attr-defined]  # for the test
        page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        await page.goto(f"{self.url}{CALL}")
        return page


def token(login: str) -> str:
    return (login * 43)[:43]


def sign_in(conn, person_id: int, login: str) -> None:
    now = time.time_ns() // 1_000_000
    mark = hashlib.sha256(token(login).encode()).hexdigest()
    row = {
        "mark": mark,
        "person_id": person_id,
        "login": login,
        "access": "",
        "created_at": now,
        "seen_at": now,
        "asked_at": now,
    }
    conn.execute(t.session.insert(), [row])
    conn.execute(t.session_repository.insert(), [{"mark": mark, "repository_id": 1}])


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[Call]:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    database = Database.open(url)
    database.migrate()
    build(database)
    with database.transaction() as conn:
        put_issue(conn, 1, 8, "Second <i>thing</i>")
        put_issue(conn, 1, 90, "weekly #004")
        put_meeting(conn, *ITEMS)
        sign_in(conn, 12, "mia")
        sign_in(conn, 13, "rita")
    listening = bound(0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = Settings(public_url=address, configured_session_secret="s" * 32, database_url=url)
    running = server(Application(Database.open(url), ("secret" * 4,), settings))
    task = asyncio.create_task(running.serve(sockets=[listening]))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Call(address, database, browser)
        await browser.close()
    running.should_exit = True
    await task
    database.close()


def acted(database: Database) -> list:
    with database.reading() as conn:
        return [row for row in deliveries.listing(conn, limit=100) if row.event == "web"]


async def test_two_people_see_the_same_item_and_act_by_keys(call: Call):
    mia, rita = await call.page("mia"), await call.page("rita")
    await mia.keyboard.press("j")
    await expect(mia.locator("h1")).to_have_text("It <b>broke</b>")
    await expect(rita.locator("h1")).to_have_text("It <b>broke</b>", timeout=15_000)
    await rita.keyboard.press("j")
    await expect(mia.locator("h1")).to_have_text("Second <i>thing</i>", timeout=15_000)
    await mia.keyboard.press("k")
    await expect(rita.locator("h1")).to_have_text("It <b>broke</b>", timeout=15_000)
    await mia.keyboard.press("l")
    await expect(mia.locator("#command")).to_have_value("acme/open#7 /label ")
    await mia.keyboard.type("bug")
    await mia.keyboard.press("Enter")
    await expect(mia.locator("#became")).to_contain_text("is under way")
    (row,) = acted(call.database)
    assert (row.actor, row.number, row.state) == ("mia", 90, "waiting")
    with call.database.transaction() as conn:
        records.keep_answer(conn, 1, f"web {row.seq}", records.Answered(0, "Done.", "[]"))
        deliveries.finish(conn, row.seq, "done", "label: done", now=1, milliseconds=1)
        versions.bump(conn)
    await expect(mia.locator("#became")).to_contain_text("Done.", timeout=15_000)
    assert await rita.locator("#became").count() == 0
    assert (mia.errors, rita.errors) == ([], [])


async def test_what_is_being_typed_stays(call: Call):
    mia, rita, witness = await call.page("mia"), await call.page("rita"), await call.page()
    await mia.keyboard.press("j")
    await expect(rita.locator("h1")).to_have_text("It <b>broke</b>", timeout=15_000)
    await rita.locator("#command").fill("half a line")
    await mia.keyboard.press("j")
    await expect(mia.locator("h1")).to_have_text("Second <i>thing</i>")
    await expect(witness.locator("h1")).to_have_text("Second <i>thing</i>", timeout=15_000)
    await expect(rita.locator("#command")).to_have_value("half a line")
    await rita.keyboard.press("j")  # within the field it is a letter
    await expect(rita.locator("#command")).to_have_value("half a linej")
    await rita.locator("#command").fill("acme/open#7 ")
    await rita.keyboard.press("Escape")
    await expect(rita.locator("h1")).to_have_text("Second <i>thing</i>", timeout=15_000)


async def test_without_javascript(call: Call):
    mia = await call.page("mia", script=False)
    await mia.get_by_role("button", name="Begin with the first").click()
    await expect(mia.locator("h1")).to_have_text("It <b>broke</b>")
    await mia.locator("#command").fill("acme/open#7 /label bug")
    await mia.get_by_role("button", name="Do it").click()
    await expect(mia.locator("#became")).to_contain_text("/label bug")
    await mia.get_by_role("button", name="Next").click()
    await expect(mia.locator("h1")).to_have_text("Second <i>thing</i>")
    assert [row.actor for row in acted(call.database)] == ["mia"]


async def test_who_is_not_signed_in_looks_on(call: Call):
    anybody, mia = await call.page(), await call.page("mia")
    await mia.keyboard.press("j")
    await expect(anybody.locator("h1")).to_have_text("It <b>broke</b>", timeout=15_000)
    assert await anybody.locator("main form").count() == 0
    await anybody.keyboard.press("j")
    await expect(anybody.locator("h1")).to_have_text("It <b>broke</b>")
    assert anybody.errors == []
