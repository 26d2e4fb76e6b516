"""Text from people stays text: one world in which every word is an attack, looked at through every page in every form."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from app.store.database import Database
from app.web.asgi import Application
from tests.web import worlds as made
from tests.web.all_routes import filled, pages
from tests.web.delivering import Answer
from tests.web.worlds import Place, browser

MARK = "zzx"
WORD = (
    f"=1+1\"'><{MARK} on{MARK}='1'>&lt;b&gt;</{MARK}><script>{MARK}()</script>{{{{7*7}}}}</style>javascript:{MARK}() `"
)
PLACE = Place(1, "acme/place", WORD, "place")
LABEL = quote(f"label-{WORD}", safe="")
PARTS = {
    "owner": ["acme"], "name": ["place"], "named": ["7", "series-place", "queue-place", "2026-11-01"],
    "series": ["series-place"], "number": ["10"], "id": ["x" * 24], "form": ["json", "csv", "atom"],
}  # fmt: skip
LEADING = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href", "cite", "ping", "manifest"}
FORBIDDEN = {"style", "iframe", "object", "embed", "base", MARK}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    made.fill(database, PLACE)
    opened = made.opened(database)
    yield opened
    await opened.close()


class Read(HTMLParser):
    """What a browser would make of a page: `wrong` names what should not be there."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.text = ""
        self._script = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._script = tag == "script"
        if tag in FORBIDDEN or (tag == "script" and not (given.get("src") or "").startswith("/static/")):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"} or MARK in name:
                self.wrong.append(f"<{tag} {name}>")
            if name in LEADING and not self._leads_well(tag, name, value or ""):
                self.wrong.append(f"<{tag} {name}={value!r}>")
        if tag == "meta" and given.get("http-equiv") == "refresh" and not (given.get("content") or "").isdecimal():
            self.wrong.append("<meta refresh>")

    def _leads_well(self, tag: str, name: str, value: str) -> bool:
        """To a path of ours; links may lead to GitHub besides."""
        ours = value.startswith(("/", "?", "#")) and not value.startswith(("//", "/\\"))
        return ours or (tag == "a" and name == "href" and value.startswith("https://github.com/"))

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.wrong.append("inline script")
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def paths(application: Application) -> list[str]:
    found = []
    for template in pages(application):
        found += filled(template, PARTS | ({"name": [LABEL]} if template.startswith("/labels/") else {}))
    return found


def wrong(path: str, answer: Answer) -> list[str]:
    """What of the answer is more than text."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    body = answer.body.decode()
    match kind:
        case "text/html":
            read = Read(body)
            return [*read.wrong, *(["evaluated"] if "</script>49" in read.text else [])]
        case "application/json":
            json.loads(body)
            return []
        case "text/csv":
            rows = csv.reader(io.StringIO(body, newline=""))
            return [cell for row in rows for cell in row if cell.startswith(FORMULA) and not is_number(cell)]
        case "application/atom+xml":
            return ["element"] if any(MARK in one.tag for one in ET.fromstring(body).iter()) else []
        case "text/css" | "text/event-stream":
            return [MARK] if MARK in body else []
        case _:
            return [f"{kind} of {path}"] if body and answer.status == 200 and not path.endswith(".ics") else []


def is_number(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9.]+", cell) is not None


@pytest.mark.parametrize("who", ["nobody", "member"])
async def test_hostile_text_is_text_on_every_page(who: str, application: Application):
    shown, faults = set(), []
    for path in paths(application):
        answer = await browser(application, who).get(path)
        faults += [f"{path}: {fault}" for fault in wrong(path, answer)]
        if MARK.encode() in answer.body:
            shown.add(path)
    assert faults == []
    expected = {"/issues", "/issues.json", "/issues.csv", "/issues.atom", "/labels", f"/labels/{LABEL}", "/milestones",
                "/todos", "/queues", "/meetings", "/meetings/series-place/2026-11-01", "/issues/acme/place/7",
                "/meetings/series-place/2026-11-01/call", "/queues/queue-place"}  # fmt: skip
    assert expected <= shown


async def test_hostile_text_in_questions_is_text(application: Application):
    asked = quote(WORD, safe="")
    for path in paths(application):
        for key in ("q", "label", "owner", "repository", "series", "repo"):
            answer = await browser(application, "member").get(f"{path}?{key}={asked}")
            assert wrong(path, answer) == [], f"{path}?{key}"


async def test_a_hostile_colour_makes_no_rule(application: Application):
    sheet = (await browser(application, "nobody").get("/labels.css")).body.decode()
    assert re.fullmatch(r"((\.l[0-9]+,?)+\{background:#[0-9a-f]{6};color:#[0-9a-f]{6}\}\n)+", sheet)
    assert ".l11" in sheet


async def test_a_hostile_name_adds_no_line_to_a_calendar(application: Application):
    answer = await browser(application, "nobody").get("/meetings/series-place.ics")
    assert answer.status == 200
    lines = answer.body.decode().replace("\r\n ", "").split("\r\n")
    assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines if line)
    assert any(MARK in line for line in lines)
