"""Whatever is asked of it, all at once or far too much: every page answers, soon and without a fault."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from app.store.database import Database
from app.web.asgi import Application
from tests.web import worlds
from tests.web.all_routes import pages
from tests.web.delivering import request
from tests.web.worlds import Place

NAMES = (
    "repo", "label", "milestone", "assignee", "author", "no", "is", "kind", "waiting", "age", "quiet", "created", "q", "state",
    "sort", "after", "owner", "series", "next", "form", "id", "code",
)  # fmt: skip
VALUES = (
    "\0",
    "\ud800",
    "é\u0301\u202e",
    "🙂" * 20,
    "'\"; DROP TABLE issue --",
    "%00%ff",
    "-",
    "*" * 150,
    "[" * 150,
    "*a" * 75,
    "9" * 150,
    "9223372036854775808",
    "-1",
    "a" * 150,
    "..",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "(((((a+)+)+)+)+)$",
)
MUCH = (
    "&".join(f"label=l{n}" for n in range(1_500)),
    "&".join(f"x{n}=1" for n in range(2_000)),
    f"label={'*a,' * 1_300}",
    f"author={','.join(f'u{n}' for n in range(700))}",
    f"q={quote(' '.join(f'-{n}word' for n in range(250)))}",
    f"q={quote(chr(34) * 1_900)}",
    f"q={quote(chr(34) + 'token ' * 330 + chr(34))}",
    f"q={'%5C%22' * 900}",
    "q=" + "a" * 60_000,
    "repo=" + "a/b," * 1_000,
    "&".join(["q=a+b"] * 300),
)
ANSWERS = {200, 303, 307, 400, 404, 414}
SECONDS = 3.0
"""Far more than any takes on a machine that is busy; what grows with the square of what is asked takes longer."""


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    worlds.fill(database, Place(1, "acme/open", "open", "open"))
    made = worlds.opened(database)
    yield made
    await made.close()


def paths(application: Application) -> list[str]:
    """All pages, with 1 for each part."""
    return [re.sub("{.*?}", "1", template) for template in pages(application) if template != "/events"]


async def asked(application: Application, path: str, query: str) -> int:
    began = time.monotonic()
    answer = await request(application, "GET", path, query=query)
    if answer.status == 307:
        path, _, query = answer.headers["location"].partition("?")
        answer = await request(application, "GET", path, query=query)
    assert time.monotonic() - began < SECONDS, (path, query[:100])
    return answer.status


async def test_every_page_takes_any_value_of_any_parameter(application: Application):
    for value in VALUES:
        query = urlencode([(name, value) for name in NAMES], errors="surrogatepass")
        for path in paths(application):
            assert await asked(application, path, query) in ANSWERS, (path, value)


async def test_much_is_refused_or_answered_soon(application: Application):
    for query in MUCH:
        for path in (
            "/",
            "/issues",
            "/issues.json",
            "/queues/to-triage",
            "/labels",
            "/trends",
            "/todos",
            "/milestones",
        ):
            assert await asked(application, path, query) in ANSWERS, (path, query[:100])
