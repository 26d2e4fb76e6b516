"""Pages from templates, escaped, and answers that a browser may keep as long as nothing changed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from app.web.addresses import labelled
from app.web.sealing import veiled
from app.web.visiting import present
from app.web.wording import FILTERS

if TYPE_CHECKING:
    from jinja2 import Environment

TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
}


def page(template: str, **values: Any) -> bytes:
    """The template with these values, all of which are text from people unless a template says otherwise: none does."""
    values.setdefault("visitor", present.get())
    return _templates().get_template(template).render(values).encode(errors="replace")


@cache
def _templates() -> Environment:
    """Made when first needed: a receiver that only takes deliveries needs none."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["spans"] = spans
    made.filters["labelled"] = labelled
    made.filters["veiled"] = veiled
    made.filters.update(FILTERS)
    return made


def spans(text: str) -> list[tuple[bool, str]]:
    """Our Markdown without its backticks: (whether it is code, the text), in order."""
    parts = text.split("`")
    whole = len(parts) % 2 == 1
    return [(place % 2 == 1, part) for place, part in enumerate(parts) if part] if whole else [(False, text)]


def answer(request: Request, body: bytes, form: str = "html") -> Response:
    """200, or 304 where the reader has just this, packed or not. To be asked for each time: configurations change."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": f"W/{tag}", "cache-control": "no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers | {"content-type": TYPES[form]})
