"""A call from its page: two people sign in at GitHub, see the same item in real Chromium, and act with the keyboard alone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from app.sandbox.server import bound
from app.sandbox.things import Issue
from app.web.asgi import build
from app.web.server import server
from tests.journeys.hall import DAY, Hall
from tests.journeys.test_minutes import BEGINS, minutes, opened

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]
CALL = f"/meetings/weekly/{DAY}/call"
SOON = 15_000
"""Milliseconds; it takes about one second, on a machine that has nothing else to do."""


@dataclass
class Room:
    """The pages of a running server, and a browser."""

    hall: Hall
    browser: Browser
    url: str

    async def enters(self, login: str) -> Page:
        """Signs in on the way to the call, and chooses at GitHub who they are."""
        page = await (await self.browser.new_context()).new_page()
        await page.goto(f"{self.url}/login?next={CALL}")
        await page.locator(".people a", has_text=login).first.click()
        await expect(page.locator(".account .who")).to_have_text(login)
        return page


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    async with Hall.open(database_url) as hall, async_playwright() as playwright:
        listening = bound(0)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = hall.town.world.app
        settings = replace(
            hall.town.settings,
            public_url=url,
            github_client_id=app.client_id,
            github_client_secret=app.client_secret,
            configured_session_secret="s" * 32,
        )
        running = server(build(settings))
        task = asyncio.create_task(running.serve(sockets=[listening]))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield Room(hall, browser, url)
        await browser.close()
        running.should_exit = True
        await task


async def types(page: Page, key: str, rest: str, *, said: str) -> None:
    """Begins a command with its key, and says it: that line is shown then."""
    await page.keyboard.press(key)
    await expect(page.locator("#command")).to_be_focused()
    await page.keyboard.type(rest)
    await page.keyboard.press("Enter")
    await expect(page.locator("#became code")).to_contain_text(said)


async def test_a_maintainer_and_a_reader_hold_a_call(room: Room):
    hall = room.hall
    first, second = [await hall.triage(f"Thing {n}") for n in (1, 2)]
    issue = await opened(hall)
    await hall.until(BEGINS)
    mia, rita = await room.enters("mia"), await room.enters("rita")
    await _move_together(mia, rita)
    await _act(hall, mia, rita, first)
    await _is_refused(hall, rita, mia, first)
    shown = minutes(issue)
    for words in ("/label bug", "Mend it", "/greet"):
        assert words in shown, words
    assert second.label_names == ["requires triaging"]


async def _move_together(mia: Page, rita: Page) -> None:
    """All by keys; who only reads the repository follows."""
    await expect(rita.locator("main")).to_contain_text("You follow")
    await rita.keyboard.press("j")
    await mia.keyboard.press("j")
    for page in (mia, rita):
        await expect(page.locator("h1")).to_have_text("Thing 1", timeout=SOON)
    await mia.keyboard.press("j")
    for page in (mia, rita):
        await expect(page.locator("h1")).to_have_text("Thing 2", timeout=SOON)
    await mia.keyboard.press("k")
    await expect(rita.locator("h1")).to_have_text("Thing 1", timeout=SOON)


async def _act(hall: Hall, mia: Page, rita: Page, issue: Issue) -> None:
    """A command of everybody's, one of the team's own, and a decision: done on GitHub, seen by the other."""
    await types(mia, "l", "bug", said="/label bug")
    await expect(mia.locator("#became.good")).to_contain_text("Done.", timeout=SOON)
    await expect(rita.locator("#labels")).to_contain_text("bug", timeout=SOON)
    await types(mia, "g", "", said="/greet")
    await types(mia, "d", "Mend it", said="/decision Mend it")
    for note in ("In a hurry", "Both count"):  # the second before anything is known of the first
        await mia.keyboard.press("n")
        await mia.keyboard.type(note)
        await mia.keyboard.press("Enter")
    for words in ("/label bug", "/greet", "Mend it", "In a hurry", "Both count"):
        await expect(rita.locator("#told")).to_contain_text(words, timeout=SOON)
    await hall.town.settled()
    assert set(issue.label_names) == {"bug", "requires triaging"}
    assert "Hello from Rounds." in hall.town.replies(issue)


async def _is_refused(hall: Hall, rita: Page, mia: Page, issue: Issue) -> None:
    """With a sentence that says why; nothing of it is in the minutes."""
    await types(rita, "l", "out of scope", said="/label out of scope")
    await expect(rita.locator("#became")).to_contain_text("for the triage role or above", timeout=SOON)
    await hall.town.settled()
    assert "out of scope" not in issue.label_names
    await expect(mia.locator("main")).not_to_contain_text("/label out of scope")
    await expect(mia.locator("h1")).to_have_text("Thing 1")
