"""The pages of numbers in a real browser: axe's rules in both themes, no sideways scroll on a small screen, the keyboard."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
from axe_core_python.async_playwright import Axe
from playwright.async_api import Browser, async_playwright

from app.store.database import Database
from tests.web.delivering import opened
from tests.web.pages.test_numbers import store, world

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PAGES = ["/", "/labels", "/labels/bug", "/labels/hygiene", "/milestones", "/milestones/acme/one/1", "/trends"]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        await found.close()


@pytest.fixture(params=["full", "empty"])
async def site(request: pytest.FixtureRequest, tmp_path) -> AsyncIterator[str]:
    """The address of a running server."""
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    if request.param == "full":
        store(database, world(1))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with opened(database) as application:
        server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="error", lifespan="off"))
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        await running


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(scheme: str, site: str, browser: Browser):
    context = await browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = await context.new_page()
    for path in PAGES:
        answer = await page.goto(site + path)
        assert answer
        found = (await Axe().run(page))["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []


async def test_nothing_is_refused_by_the_policy_and_nothing_stands_out(site: str, browser: Browser):
    page = await browser.new_page(viewport={"width": 320, "height": 640})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if "Content Security" in message.text else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        await page.goto(site + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, path
    assert said == []
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


async def test_the_keyboard_leads_to_the_content(site: str, browser: Browser):
    page = await browser.new_page()
    await page.goto(site + "/")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the content"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


async def test_text_in_charts_is_never_small(site: str, browser: Browser):
    page = await browser.new_page(viewport={"width": 320, "height": 640})
    sizes = """() => [...document.querySelectorAll('.narrow svg.plot')].map(one =>
        11 * one.getBoundingClientRect().width / one.viewBox.baseVal.width)"""
    for path in ("/", "/trends"):
        await page.goto(site + path)
        found = await page.evaluate(sizes)
        assert found
        assert min(found) >= 11, path
