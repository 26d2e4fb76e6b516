"""The call page in a real browser: live, morphed, by keys; without JavaScript; with the server gone for a while; axe's rules."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import socket
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from app.core.values import Ref
from app.meetings.agenda import AgendaItem
from app.sandbox.server import bound
from app.settings import Settings
from app.store import deliveries, records, versions
from app.store.database import Database
from app.store.visibility import Visitor
from app.web.asgi import Application
from app.web.server import server
from tests.web.pages.hall import DAY, build, put_issue, put_meeting, sign_in

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
    pytest.mark.asyncio(loop_scope="module"),
]
CALL = f"/meetings/weekly/{DAY}/call"
ITEMS = [AgendaItem("Bugs", Ref("acme/open", number), "as it was") for number in (7, 8)]
TOPICS = [AgendaItem("Topics", None, f"Topic {number}") for number in range(30)]
FIRST, SECOND = "It <b>broke</b>", "Second <i>thing</i>"
SOON = 15_000
"""Milliseconds; it takes about one second, on a machine that has nothing else to do."""


@dataclass
class Call:
    """A server that can be stopped and begun again at its address, and browsers of two people and of anybody."""

    listening: socket.socket
    database: Database
    database_url: str
    browser: Browser
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"

    def begin(self) -> None:
        settings = Settings(public_url=self.url, configured_session_secret="s" * 32, database_url=self.database_url)
        self.running = server(Application(Database.open(self.database_url), ("secret" * 4,), settings))
        self.task = asyncio.create_task(self.running.serve(sockets=[self.listening.dup()]))

    async def stop(self) -> None:
        self.running.should_exit = True
        await self.task

    async def page(self, login: str = "", *, script: bool = True) -> Page:
        context = await self.browser.new_context(java_script_enabled=script)
        if login:
            await context.add_cookies([{"name": "rounds", "value": token(login), "url": self.url}])
        page = await context.new_page()
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.goto(f"{self.url}{CALL}")
        return page


def token(login: str) -> str:
    return (login * 43)[:43]


def who(login: str, id_: int) -> Visitor:
    return Visitor(login, id_, hashlib.sha256(token(login).encode()).hexdigest())


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="module")
async def call(tmp_path: Path, browser: Browser) -> AsyncIterator[Call]:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    database = Database.open(url)
    database.migrate()
    build(database)
    with database.transaction() as conn:
        put_issue(conn, 1, 8, SECOND)
        put_issue(conn, 1, 90, "weekly #004")
        put_meeting(conn, *ITEMS, *TOPICS)
        now = time.time_ns() // 1_000_000
        sign_in(conn, who("mia", 12), 1, now=now)
        sign_in(conn, who("rita", 13), 1, triages=False, now=now)
    opened = Call(bound(0), database, url, browser)
    opened.begin()
    yield opened
    for context in browser.contexts:
        await context.close()
    with suppress(AttributeError):
        await opened.stop()
    opened.listening.close()
    database.close()


def acted(database: Database) -> list:
    with database.reading() as conn:
        return [row for row in deliveries.listing(conn, limit=100) if row.event == "web"]


async def test_a_line_begun_by_a_key_is_said_as_its_person(call: Call):
    mia, rita = await call.page("mia"), await call.page("rita")
    await mia.keyboard.press("j")
    await expect(rita.locator("h1")).to_have_text(FIRST, timeout=SOON)
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
        versions.bump(conn, [1])
    await expect(mia.locator("#became")).to_contain_text("Done.", timeout=SOON)
    assert await rita.locator("#became").count() == 0
    assert call.errors == []


async def test_what_is_typed_open_focused_and_scrolled_stays_while_the_rest_moves(call: Call):
    mia, rita = await call.page("mia"), await call.page("rita")
    await mia.keyboard.press("j")
    await expect(rita.locator("h1")).to_have_text(FIRST, timeout=SOON)
    await rita.keyboard.press("?")
    await expect(rita.locator("#keys")).to_have_attribute("open", "")
    await rita.locator("#command").fill("half a line")
    await rita.evaluate("scrollTo(0, 120); document.querySelector('ol.agenda').scrollTop = 80")
    await mia.keyboard.press("j")
    await expect(rita.locator("h1")).to_have_text(SECOND, timeout=SOON)
    await expect(rita.locator("#command")).to_have_value("half a line")
    await expect(rita.locator("#command")).to_be_focused()
    await expect(rita.locator("#keys")).to_have_attribute("open", "")
    assert await rita.evaluate("[scrollY, document.querySelector('ol.agenda').scrollTop]") == [120, 80]
    await rita.keyboard.press("j")  # within the field it is a letter
    await expect(rita.locator("#command")).to_have_value("half a linej")
    await rita.locator("#command").fill("acme/open#7 ")
    await rita.keyboard.press("Escape")
    await mia.keyboard.press("k")
    await expect(rita.locator("h1")).to_have_text(FIRST, timeout=SOON)
    assert call.errors == []


async def test_a_server_that_begins_again_is_found(call: Call):
    mia, anybody = await call.page("mia"), await call.page()
    await mia.keyboard.press("j")
    await expect(anybody.locator("h1")).to_have_text(FIRST, timeout=SOON)
    began = time.monotonic()
    await call.stop()
    assert time.monotonic() - began < 5, "open streams held the server up"
    call.begin()
    await expect(mia.locator("h1")).to_have_text(FIRST)
    await mia.keyboard.press("j")
    for page in (mia, anybody):
        await expect(page.locator("h1")).to_have_text(SECOND, timeout=SOON)


async def test_without_javascript(call: Call):
    mia = await call.page("mia", script=False)
    await mia.get_by_role("button", name="Begin with the first").click()
    await expect(mia.locator("h1")).to_have_text(FIRST)
    await mia.locator("#command").fill("acme/open#7 /label bug")
    await mia.get_by_role("button", name="Do it").click()
    await expect(mia.locator("#became")).to_contain_text("/label bug")
    await mia.get_by_role("button", name="Next").click()
    await expect(mia.locator("h1")).to_have_text(SECOND)
    await mia.get_by_role("button", name="Talk about Topic 3", exact=True).click()
    await expect(mia.locator("h1")).to_have_text("Topic 3")
    assert [row.actor for row in acted(call.database)] == ["mia"]


async def test_who_is_not_signed_in_looks_on(call: Call):
    anybody, mia = await call.page(), await call.page("mia")
    await mia.keyboard.press("j")
    await expect(anybody.locator("h1")).to_have_text(FIRST, timeout=SOON)
    assert await anybody.locator("main form").count() == 0
    await anybody.keyboard.press("j")
    await expect(anybody.locator("h1")).to_have_text(FIRST)
    assert call.errors == []


async def test_with_all_that_it_can_show_axe_finds_nothing_on_a_small_screen(call: Call):
    page = await call.page("mia")
    await page.keyboard.press("j")
    await expect(page.locator("h1")).to_have_text(FIRST)
    await page.keyboard.press("?")
    await page.set_viewport_size({"width": 320, "height": 720})
    await page.emulate_media(color_scheme="dark")
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
