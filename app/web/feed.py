"""A list of issues as an Atom feed (RFC 4287): what is new in it, for readers of feeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol
from xml.etree import ElementTree as ET

import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import Response

from app.errors import Unavailable
from app.web.desk import Asked, Desk
from app.web.listed import Listed
from app.web.refusals import absent, unavailable

TYPE = "application/atom+xml; charset=utf-8"
_FOREIGN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold, however it is escaped."""
_ATOM = "http://www.w3.org/2005/Atom"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).isoformat()


class List(Protocol):
    """What a feed tells of a page."""

    @property
    def rule(self) -> str: ...
    @property
    def issues(self) -> Sequence[Listed]: ...


async def show(
    desk: Desk, request: Request, title: str, page: str, compute: Callable[[sa.Connection, Asked], List | None]
) -> Response:
    """The feed of the list whose page has that address; 404 where there is none, 503 while the database is away."""
    try:
        asked = await desk.asked(request)
        found = await desk.read(lambda conn: compute(conn, asked))
    except Unavailable as error:
        return unavailable("json", error)
    if found is None:
        return absent("json")
    body = written(title, desk.settings.public_url.rstrip("/") + page, found)
    return Response(body, headers={"content-type": TYPE, "cache-control": "no-cache"})


def written(title: str, page: str, found: List) -> bytes:
    """XML, in the order of the page; `page`: its whole address, which is the feed's id too."""
    root = ET.Element("feed", xmlns=_ATOM)
    _text(root, "id", page)
    _text(root, "title", f"{title}: {found.rule}")
    _text(root, "updated", max((one.updated_at for one in found.issues), default=_EPOCH))
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=page)
    for one in found.issues:
        _entry(root, one)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _entry(root: ET.Element, one: Listed) -> None:
    entry = ET.SubElement(root, "entry")
    _text(entry, "id", one.url)
    _text(entry, "title", f"{one.title} ({one.repository}#{one.number})")
    _text(entry, "published", one.created_at)
    _text(entry, "updated", one.updated_at)
    ET.SubElement(entry, "link", rel="alternate", type="text/html", href=one.url)
    _text(ET.SubElement(entry, "author"), "name", one.author)
    for label in one.labels:
        ET.SubElement(entry, "category", term=_clean(label))


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return _FOREIGN.sub("", text)
