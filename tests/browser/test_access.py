"""Every page in a real browser: axe's rules of WCAG 2.2 AA in each theme, and the faults that axe does not see."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from app.web.charts import BROAD
from app.web.label_colors import contrast
from tests.browser.full import STRANGER
from tests.browser.site import CHROMIUM, PAGES, Site, running

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
ALL = {"target-size": {"enabled": True}}
SHAPES = ALL | {"color-contrast": {"enabled": False}}
COLORS = {"color-contrast": {"enabled": True}}
DESK, SMALL = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
ONCE = {
    name: path
    for name, path in PAGES.items()
    if name
    not in {
        "overview-pulls",
        "queue-empty",
        "issues-narrowed",
        "issue-hostile",
        "label-alone",
        "milestone-long",
        "commands",
    }
}
"""Each template once; the slips of a filter and a meeting that is over besides, which show other parts of theirs."""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as found:
        yield found


def faults(page: Page, name: str, rules: dict[str, Any]) -> list[str]:
    """What axe finds: page, rule, element. `rules`: as axe takes them; where they are those of colours, only these."""
    only = {"runOnly": {"type": "rule", "values": [*rules]}} if rules is COLORS else {}
    told = page.evaluate("rules => axe.run(document, rules)", {"resultTypes": ["violations"], "rules": rules, **only})
    return [f"{name}: {one['id']}: {node['html'][:200]}" for one in told["violations"] for node in one["nodes"]]


def watched(site: Site, login: str = "mia", **settings: Any) -> Page:
    """Without motion: a colour that is still changing is none."""
    page = site.open_page(login, reduced_motion="reduce", **settings)
    page.add_init_script(path=AXE)
    return page


def test_axe_finds_nothing_in_light_and_dark(site: Site):
    page, found = watched(site, viewport=DESK), []
    for name, path in ONCE.items():
        page.emulate_media(color_scheme="light")
        page.goto(path)
        found += faults(page, name, ALL)
        page.emulate_media(color_scheme="dark")
        found += faults(page, f"{name}, dark", COLORS)
    assert "\n".join(found) == ""


def test_axe_finds_nothing_on_a_small_screen_and_in_forced_colours(site: Site):
    page, found = watched(site, viewport=SMALL), []
    for name, path in ONCE.items():
        page.emulate_media(forced_colors="none")
        page.goto(path)
        found += faults(page, f"{name}, small", SHAPES)
        page.emulate_media(forced_colors="active")
        found += faults(page, f"{name}, forced colours", COLORS)
    assert "\n".join(found) == ""


def test_axe_finds_nothing_where_there_is_nothing_to_see(site: Site):
    page, found = watched(site, STRANGER, viewport=DESK), []
    for name in (
        "overview",
        "queues",
        "issues",
        "labels",
        "hygiene",
        "milestones",
        "todos",
        "meetings",
        "trends",
        "status",
    ):
        page.goto(PAGES[name])
        assert "Pneumono" not in page.content()
        found += faults(page, f"{name}, empty", ALL)
    assert "\n".join(found) == ""


WIDE = """() => [document.documentElement.scrollWidth, [...document.querySelectorAll('body *')].filter(one =>
    !one.closest('.scroll, .places, .known-only, svg') && one.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(one => one.outerHTML.slice(0, 150))]"""
SMALLEST = """() => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const one = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !one.checkVisibility() || one.closest('title, desc, script, .known-only')) continue;
        const svg = one.closest('svg[viewBox]');
        const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
        if (parseFloat(getComputedStyle(one).fontSize) * scale < 10.99) found.push(one.outerHTML.slice(0, 150));
    }
    return found;
}"""


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_nothing_stands_out_and_no_text_is_tiny(width: int, site: Site):
    page, wide, tiny = site.open_page("mia", viewport={"width": width, "height": 640}), [], []
    for name, path in PAGES.items():
        page.goto(path)
        scrolled, out = page.evaluate(WIDE)
        wide += [f"{name}: {scrolled} wide: {out}"] if scrolled > width else []
        tiny += [f"{name}: tiny: {one}" for one in page.evaluate(SMALLEST)]
    assert "\n".join(wide + tiny) == ""


NAMELESS = """() => [...document.querySelectorAll('svg:not([aria-hidden])')].filter(one => {
    const by = (one.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id));
    return !(one.getAttribute('aria-label') || by.map(two => two && two.textContent).join('')).trim();
}).map(one => one.outerHTML.slice(0, 150))"""
CHARTS = """() => [...document.querySelectorAll('figure.chart')].map(one => ({
    title: one.querySelector('figcaption').firstChild.textContent.trim(),
    named: [...one.querySelectorAll('svg.plot')].map(two => two.querySelector('title').textContent),
    described: [...one.querySelectorAll('svg.plot > desc')].every(two => two.textContent.trim()),
    shown: [...one.querySelectorAll('svg.plot')].filter(two => two.checkVisibility()).length,
    bars: [...one.querySelectorAll('.broad a')].map(two => two.getAttribute('href')),
    cells: [...one.querySelectorAll('table a')].map(two => two.getAttribute('href')),
    rows: one.querySelectorAll('tbody tr').length}))"""


def test_every_picture_has_a_name_and_every_chart_its_numbers_as_a_table(site: Site):
    page, seen = site.open_page("mia", viewport=DESK), set()
    for name, path in PAGES.items():
        page.goto(path)
        assert (name, page.evaluate(NAMELESS)) == (name, [])
        for chart in page.evaluate(CHARTS):
            seen.add(chart["title"])
            assert chart["named"] == [chart["title"]] * 2, name
            assert chart["described"], name
            assert chart["shown"] == 1, name
            assert chart["bars"] == chart["cells"], name
            assert chart["rows"] > 0, name
    assert seen >= {
        "Open issues by age", "Opened and closed issues", "Time in label", "Burn-up", "Time to triage", "Open issues",
    }  # fmt: skip


def test_bars_lead_to_what_they_count(site: Site):
    page = site.open_page("mia", viewport=DESK)
    for path in (PAGES["overview"], PAGES["label"]):
        page.goto(path)
        bars = page.locator(f".chart:has(#ageing-{BROAD}-name) .broad a")
        told = [(bars.nth(n).get_attribute("href"), bars.nth(n).locator(".value").text_content()) for n in range(5)]
        for address, count in told:
            page.goto(address)
            assert (page.locator("#found").text_content() or "").startswith(f"{count} "), (path, address)


CHIPS = """() => [...document.querySelectorAll('.chip')].map(one => getComputedStyle(one))
    .map(one => [one.color, one.backgroundColor])"""


def test_labels_can_be_read_in_both_themes(site: Site):
    page, pairs = site.open_page("mia", viewport=DESK), set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(PAGES["issue"])
        pairs |= {tuple(pair) for pair in page.evaluate(CHIPS)}
    assert len(pairs) >= 40
    for ink, ground in pairs:
        one, other = ("".join(f"{int(part):02x}" for part in color[4:-1].split(",")) for color in (ink, ground))
        assert contrast(one, other) >= 4.5, (ink, ground)


def test_what_waits_comes_before_charts_for_the_keyboard(site: Site):
    page = site.open_page("mia", viewport=DESK)
    page.goto(PAGES["overview"])
    places = [
        page.evaluate(
            "one => [...document.querySelectorAll('a, summary, button')].indexOf(document.querySelector(one))", one
        )
        for one in (".skip", ".places a", ".card a", ".finding a", ".chart a")
    ]
    assert all(before < after for before, after in pairwise(places)), places


STOPS = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select, summary')]
    .filter(one => one.checkVisibility()).length"""
SEEN = """() => {
    const one = document.activeElement, style = getComputedStyle(one), after = getComputedStyle(one, '::after');
    const aim = one.querySelector && one.querySelector('.aim'), box = one.getBoundingClientRect();
    return {what: one.outerHTML.slice(0, 100), end: one === document.body,
        shown: style.outlineStyle !== 'none' || after.outlineStyle !== 'none' || !!aim && getComputedStyle(aim).stroke !== 'none',
        inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight};
}"""


@pytest.mark.parametrize("name", ["overview", "queues", "issue", "call"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(name: str, site: Site):
    page = site.open_page("mia", viewport=SMALL)
    page.goto(PAGES[name])
    wanted = page.evaluate(STOPS)
    reached: list[str] = []
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        found = page.evaluate(SEEN)
        if found["end"]:
            break
        assert found["shown"], found
        assert found["inside"], found
        reached.append(found["what"])
    assert len(reached) >= wanted


def test_the_keyboard_leads_to_the_content_and_opens_what_is_folded(site: Site):
    page = site.open_page("mia", viewport=DESK)
    page.goto(PAGES["overview"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator(".chart summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".chart table").first.is_visible()
    page.locator(".chart .broad a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues?**")


def test_whoever_wants_no_motion_gets_none(site: Site):
    moving = """() => [...document.querySelectorAll('*')].filter(one => { const style = getComputedStyle(one);
        return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0 }).map(one => one.className)"""
    page = site.open_page("mia", viewport=DESK)
    page.goto(PAGES["overview"])
    assert page.evaluate(moving)
    page.emulate_media(reduced_motion="reduce")
    for name in ("overview", "queues", "issues", "call"):
        page.goto(PAGES[name])
        assert page.evaluate(moving) == [], name


def test_paper_is_white_and_holds_everything(site: Site):
    page = site.open_page("mia", viewport={"width": 718, "height": 1000}, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for name, path in PAGES.items():
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", name
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(31, 35, 40)", name
        assert not page.locator(".top").is_visible(), name
        assert page.evaluate(WIDE)[0] <= 718, name
    page.goto(PAGES["overview"])
    assert page.locator(".older .finding").first.is_visible()


def test_pages_ask_nobody_else_break_no_rule_and_leave_the_keyboard_its_order(site: Site):
    page = site.open_page("mia", viewport=DESK)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES.values():
        page.goto(path)
        assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0, path
    assert [one for one in said if "Failed to load resource" not in one] == []
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []


def test_pages_are_complete_without_javascript(site: Site):
    page = site.open_page("mia", viewport=DESK, java_script_enabled=False)
    page.goto(PAGES["overview"])
    page.select_option("#repo", "acme/two")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**repo=acme**")
    page.locator(".card a").first.click()
    page.wait_for_url("**/issues?**")
    page.locator(".issue .title").first.click()
    assert page.get_by_role("heading", name="Why is it, or is it not, in a queue?").is_visible()
