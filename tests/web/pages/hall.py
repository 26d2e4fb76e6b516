"""A world for pages: a public and a private repository, each with an issue; meetings; who is signed in and who is not."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import httpx
from fastapi import FastAPI

from app.core.values import Repository
from app.meetings import agenda
from app.meetings.agenda import AgendaItem
from app.settings import Settings
from app.store import configs, meetings, mirror
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import PATH, Visitor
from app.web import acts
from app.web.desk import Desk
from app.web.pages import call, issue, meeting, status, todos
from app.web.pages import meetings as listing

NOW = 1_763_800_000_000
HOUR = 3_600_000
DAY = date(2025, 11, 21)
OPEN, SECRET = Repository(1, "acme/open"), Repository(3, "acme/secret", private=True)
NOBODY, MEMBER = Visitor(), Visitor("mia", 12, "mark", "token", asked_after=NOW - HOUR)
READER = Visitor("rita", 13, "reader", "hers", asked_after=NOW - HOUR)
CONFIG = """
visibility: {dashboard: public}
queues:
  new: {title: New ones, filter: "is:open -label:bug", resolution: Label it.}
  broken: {title: Broken, filter: "is:open label:bug broke"}
"""


def build(database: Database) -> None:
    """Repositories; an issue in each, number 7. The member triages both; the reader reads the public one."""
    with database.transaction() as conn:
        mirror.put_repositories(conn, 5, [OPEN, SECRET], whole=True)
        configs.put(conn, ConfigFile(1, PATH, "sha", CONFIG, CONFIG, "", NOW, dashboard="public"))
        conn.execute(
            t.person.insert(), [{"id": 12, "login": "mia", "bot": False}, {"id": 13, "login": "rita", "bot": False}]
        )
        sign_in(conn, MEMBER, 1, 3)
        sign_in(conn, READER, 1, triages=False)
        for id_, title in ((1, "It <b>broke</b>"), (3, "Hidden thing")):
            put_issue(conn, id_, 7, title)


def sign_in(conn, visitor: Visitor, *repositories: int, triages: bool = True, now: int = NOW) -> None:
    """With what GitHub lets them read."""
    who = {"mark": visitor.mark, "person_id": visitor.person_id, "login": visitor.login, "access": ""}
    conn.execute(t.session.insert(), [{**who, "created_at": now, "seen_at": now, "asked_at": now}])
    reach = [{"mark": visitor.mark, "repository_id": id_, "triages": triages} for id_ in repositories]
    conn.execute(t.session_repository.insert(), reach)


def put_issue(conn, repository_id: int, number: int, title: str) -> None:
    made = {"created_at": NOW - 50 * HOUR, "updated_at": NOW - HOUR, "author_id": 13, "title": title}
    key = {"repository_id": repository_id, "number": number}
    conn.execute(t.issue.insert().values(**key, id=repository_id * 100 + number, open=True, **made))
    conn.execute(t.issue_text.insert().values(**key, title=title, body="words"))


def put_meeting(
    conn, *items: AgendaItem, series: str = "weekly", of: int = 1, at: int = 1, number: int = 90, state: str = "frozen"
) -> meetings.Key:
    """Of a series of the repository `of`, whose issue is in `at`."""
    key = meetings.Key(of, series, DAY)
    row = meetings.Meeting(
        *key, starts_at=NOW - HOUR, ends_at=NOW, number=4, state=state, title=f"{series} #004",
        agenda=agenda.region(items), issue_repository_id=at, issue_number=number, issue_id=number,
    )  # fmt: skip
    meetings.begin(conn, row)
    return key


def client(database: Database, visitor: Visitor) -> httpx.AsyncClient:
    """What that visitor's browser speaks with."""

    async def who(_request) -> Visitor:
        return visitor

    desk = Desk(database, Settings(), who, clock=lambda: NOW)
    pages = FastAPI()
    for one in (acts, call, status, todos, listing, meeting, issue):
        pages.include_router(one.routes(desk))
    return httpx.AsyncClient(transport=httpx.ASGITransport(pages), base_url="http://test")


async def told(database: Database, path: str, visitor: Visitor = NOBODY) -> dict:
    """The page as JSON; its three forms are there, and HTML escapes."""
    async with client(database, visitor) as browser:
        answers = [await browser.get(f"{path}{form}") for form in ("", ".json", ".csv")]
    assert [one.status_code for one in answers] == [200] * 3, path
    assert "<b>" not in answers[0].text
    assert next(csv.reader(io.StringIO(answers[2].text, newline="")))
    return json.loads(answers[1].text)


async def statuses(database: Database, path: str, visitor: Visitor = NOBODY) -> list[int]:
    """Of the page in all forms."""
    async with client(database, visitor) as browser:
        return [(await browser.get(f"{path}{form}")).status_code for form in ("", ".json", ".csv")]
