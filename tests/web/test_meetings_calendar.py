from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core import values
from app.meetings.calendar_key import calendar_key
from app.settings import Settings
from app.store import configs, meetings, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.meetings import KeptChange, Meeting
from app.web.asgi import Application
from tests.meetings.made import WEEKLY, day, moment
from tests.meetings.read_calendar import seen
from tests.web.delivering import SECRET, Answer, request

SESSION = "a secret for cookies and calendars"
TEXT = WEEKLY.format(timezone="Europe/Berlin", starts="2020-09-11", time="10:30", rule="every Friday")
PUBLIC, PRIVATE, OTHER = 77, 78, 79


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """`o/r` is public and has the series weekly; `o/secret` is private and has hidden; `o/s` is public and has none."""
    found = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    found.migrate()
    with found.transaction() as conn:
        repositories = [
            values.Repository(PUBLIC, "o/r"),
            values.Repository(PRIVATE, "o/secret", private=True),
            values.Repository(OTHER, "o/s"),
        ]
        mirror.put_repositories(conn, 5, repositories, whole=True)
        put(conn, PUBLIC, "weekly", TEXT)
        put(conn, PRIVATE, "hidden", TEXT)
    return found


def put(conn, repository_id: int, name: str, text: str) -> None:
    configs.put(conn, ConfigFile(repository_id, f".github/meetings/{name}.yml", "1", text, text, "", 1))


@pytest.fixture
async def application(database: Database, tmp_path: Path) -> AsyncIterator[Application]:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "office.yml").write_text(TEXT + "issue: {repo: o/s}\n", encoding="utf-8")
    (tmp_path / "meetings" / "office.md").write_text("Hello\n", encoding="utf-8")
    settings = Settings(configured_session_secret=SESSION, config_dir=tmp_path)
    found = Application(database, (SECRET,), settings)
    yield found
    await found.close()


async def ask(application: Application, path: str, method: str = "GET") -> Answer:
    return await request(application, method, path)


def key(repository_id: int, series: str) -> str:
    return calendar_key(SESSION, str(repository_id), series)


async def test_a_public_series_is_there_for_all(application: Application):
    answer = await ask(application, "/meetings/weekly.ics")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["content-disposition"] == 'inline; filename="weekly.ics"'
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert [str(one.start)[:16] for one in seen(answer.body, moment("2020-09-20"))] == [
        "2020-09-11 08:30",
        "2020-09-18 08:30",
    ]


async def test_the_head_alone_can_be_asked_for(application: Application):
    assert (await ask(application, "/meetings/weekly.ics", "HEAD")).status == 200


async def test_what_comments_and_issues_say_is_in_it(application: Application, database: Database):
    change = KeptChange(PUBLIC, "weekly", day("2020-09-18"), "skipped", "mia", 1)
    opened = Meeting(PUBLIC, "weekly", day("2020-09-11"), 0, 0, 1, issue_repository_id=OTHER, issue_number=4)
    with database.transaction() as conn:
        meetings.put_change(conn, change)
        meetings.begin(conn, opened)
    found = seen((await ask(application, "/meetings/weekly.ics")).body, moment("2020-09-26"))
    assert [(one.start.day, one.url) for one in found] == [(11, "https://github.com/o/s/issues/4"), (25, "")]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?key=",
        f"?key={key(PUBLIC, 'hidden')}",
        f"?key={key(PRIVATE, 'weekly')}",
        "?key=%C3%A4%F0%9F%98%80",
        "?repo=o/secret",
        "?repo=o/r&key=" + key(PRIVATE, "hidden"),
        "?key=" + "x" * 500,
    ],
)
async def test_a_private_series_is_not_found(query: str, application: Application):
    answer = await ask(application, f"/meetings/hidden.ics{query}")
    assert answer.status in {404, 422}
    assert b"hidden" not in answer.body
    assert b"o/secret" not in answer.body


async def test_a_private_series_is_there_for_those_who_have_its_key(application: Application):
    answer = await ask(application, f"/meetings/hidden.ics?key={key(PRIVATE, 'hidden')}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "private, max-age=300"


async def test_a_series_with_private_issues_needs_its_key(application: Application, database: Database):
    with database.transaction() as conn:
        put(conn, PUBLIC, "weekly", TEXT + "issue: {repo: o/secret}\n")
    assert (await ask(application, "/meetings/weekly.ics")).status == 404
    assert (await ask(application, f"/meetings/weekly.ics?key={key(PUBLIC, 'weekly')}")).status == 200


async def test_where_several_have_the_name_one_says_which(application: Application, database: Database):
    with database.transaction() as conn:
        put(conn, OTHER, "weekly", TEXT.replace("10:30", "12:30"))
        put(conn, PRIVATE, "weekly", TEXT)
    answer = await ask(application, "/meetings/weekly.ics")
    assert answer.status == 404
    assert b"?repo=o/r, ?repo=o/s" in answer.body
    assert b"o/secret" not in answer.body
    found = await ask(application, "/meetings/weekly.ics?repo=O/S")
    assert seen(found.body, moment("2020-09-12"))[0].start == moment("2020-09-11T10:30")


async def test_a_series_of_the_server_is_there_too(application: Application):
    assert (await ask(application, "/meetings/office.ics")).status == 200


@pytest.mark.parametrize("name", ["nothing", "weekl", "weekly.yml", "%25", "..%2Fweekly", "week_y", "x" * 3000])
async def test_what_is_not_there_is_not_found(name: str, application: Application):
    assert (await ask(application, f"/meetings/{name}.ics")).status == 404


async def test_a_repository_that_is_gone_has_no_calendar(application: Application, database: Database):
    with database.transaction() as conn:
        mirror.drop_repository(conn, PUBLIC)
    assert (await ask(application, "/meetings/weekly.ics")).status == 404


async def test_a_file_that_never_worked_has_none(application: Application, database: Database):
    with database.transaction() as conn:
        configs.put(conn, ConfigFile(OTHER, ".github/meetings/bad.yml", "1", "x", None, "wrong", 1))
    assert (await ask(application, "/meetings/bad.ics")).status == 404
