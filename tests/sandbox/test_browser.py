"""The web face in a real browser: typing a comment, seeing the answer come by itself, with axe's rules held."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from app.sandbox import demo
from app.sandbox.server import Sandbox, running
from app.sandbox.state import Happening
from app.sandbox.world import World

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
ISSUE = "/acme-index/warehouse/issues/6263"
PAGES = ["/", "/acme-index/warehouse/issues", ISSUE, "/acme-index/warehouse/issues/new", "/deliveries",
         "/acme-index/warehouse/blob/main/.github/rounds.yml", "/nothing"]  # fmt: skip
Scheme = Literal["light", "dark"]

expect.set_options(timeout=15_000)  # a busy machine; the pages need a fraction of a second

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        await opened.close()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(demo.make())
    async with running(sandbox):
        yield sandbox


async def look(browser: Browser, world: World, path: str, *, width: int = 1280, scheme: Scheme = "light") -> Page:
    context = await browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = await context.new_page()
    await page.goto(world.web_url + path)
    return page


def obeying(world: World) -> None:
    """Whatever is commented, the App adds a label, reacts and answers: as Rounds would, only without asking."""

    def obey(happening: Happening) -> None:
        if happening.event == "issue_comment" and happening.sender.type == "User":
            comment = happening.about["comment"]
            world.add_labels(comment.issue, ["out of scope"], by="rounds[bot]")
            world.react(comment, "+1", by="rounds[bot]")
            world.post_comment(comment.issue, "Done.", by="rounds[bot]")

    world.listeners.append(obey)


async def say(page: Page, who: str, text: str) -> None:
    await page.get_by_label("Comment as").select_option(who)
    await page.get_by_label("Comment", exact=True).last.fill(text)
    await page.get_by_role("button", name="Comment", exact=True).click()


async def test_a_comment_and_its_answer_come_without_reloading(browser: Browser, sandbox: Sandbox) -> None:
    obeying(sandbox.world)
    page = await look(browser, sandbox.world, ISSUE)
    await page.evaluate("window.stayed = true")
    await say(page, "samir", "/label out of scope")
    await expect(page.locator("#fact-labels")).to_contain_text("out of scope")
    await expect(page.get_by_role("article", name="rounds[bot] wrote")).to_contain_text("Done.")
    await expect(page.locator("#story .reactions").last).to_contain_text("by rounds[bot]")
    assert await page.evaluate("window.stayed")
    assert await page.locator("#body").input_value() == ""


async def test_what_one_is_typing_stays_while_others_write(browser: Browser, sandbox: Sandbox) -> None:
    page = await look(browser, sandbox.world, ISSUE)
    await page.locator("#body").fill("I am still")
    issue = sandbox.world.issue("acme-index/warehouse", 6263)
    first = page.get_by_role("article", name="noor wrote")
    await first.get_by_text("Edit").click()
    await first.get_by_role("textbox").fill("half an edit")
    sandbox.world.post_comment(issue, "Hello from elsewhere", by="lena")
    await expect(page.locator("#story")).to_contain_text("Hello from elsewhere")
    assert await page.locator("#body").input_value() == "I am still"
    assert await first.get_by_role("textbox").input_value() == "half an edit"
    await expect(page.locator("#news")).to_contain_text("Hello from elsewhere")


async def test_a_hint_is_put_into_the_box_and_sent_by_keyboard(browser: Browser, sandbox: Sandbox) -> None:
    page = await look(browser, sandbox.world, ISSUE)
    await page.get_by_role("button", name="/a11y").click()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#story")).to_contain_text("/a11y")


async def test_a_comment_is_edited_in_place(browser: Browser, sandbox: Sandbox) -> None:
    page = await look(browser, sandbox.world, ISSUE)
    noor = page.get_by_role("article", name="noor wrote")
    await noor.get_by_text("Edit").click()
    await noor.get_by_role("textbox").fill("/confirm")
    await noor.get_by_role("button", name="Save as noor").click()
    await expect(noor.locator(".prose")).to_have_text("/confirm")
    await expect(noor).to_contain_text("edited")


async def test_a_refusal_is_told_beside_the_box(browser: Browser, sandbox: Sandbox) -> None:
    page = await look(browser, sandbox.world, ISSUE)
    sandbox.world.lock(sandbox.world.issue("acme-index/warehouse", 6263), by="ines")
    await say(page, "theo", "Hello?")
    await expect(page.get_by_role("alert")).to_have_text("Unable to create comment because issue is locked.")
    assert await page.locator("#body").input_value() == "Hello?"


async def test_it_works_without_javascript(browser: Browser, sandbox: Sandbox) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(sandbox.world.web_url + ISSUE)
    await say(page, "theo", "Plain and simple")
    await expect(page.locator("#story")).to_contain_text("Plain and simple")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(browser: Browser, sandbox: Sandbox, scheme: Scheme) -> None:
    obeying(sandbox.world)
    table = "| a | b |\n|-|-|\n| 1 | 2 |"
    sandbox.world.post_comment(sandbox.world.issue("acme-index/warehouse", 6263), table, by="lena")
    page = await look(browser, sandbox.world, "/", scheme=scheme)
    found: list[Any] = []
    for path in PAGES if scheme == "light" else PAGES[1:3]:
        await page.goto(sandbox.world.web_url + path)
        found += [(path, v["id"], v["nodes"][0]["html"]) for v in (await Axe().run(page)).response["violations"]]
    assert found == []


async def test_nothing_is_wider_than_320_pixels(browser: Browser, sandbox: Sandbox) -> None:
    page = await look(browser, sandbox.world, "/", width=320)
    for path in PAGES:
        await page.goto(sandbox.world.web_url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, path
