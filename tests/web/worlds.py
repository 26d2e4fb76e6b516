"""Worlds to attack: repositories with all that a page can show, in words that say whose it is; people who look."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.core import events
from app.core.values import Granted, Ref, Repository
from app.meetings import agenda
from app.meetings.agenda import AgendaItem
from app.settings import Settings
from app.store import calls, configs, freshness, meetings, minutes, mirror, records, sessions, todos
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.meetings import Item, Key, Meeting
from app.store.minutes import Record
from app.store.sessions import Session, Tokens
from app.store.todos import Todo
from app.store.visibility import PATH
from app.web.asgi import Application
from tests.meetings.made import WEEKLY
from tests.store import events_of as of
from tests.web.browsing import PUBLIC, Browser
from tests.web.delivering import SECRET

NOW = int(of.at(60 * 24 * 3).timestamp() * 1000)
DAY = date(2026, 11, 1)
HOUR = 3_600_000
WEB = "https://github.com/acme"
COOKIES = {"nobody": "", "stranger": "s" * 43, "member": "m" * 43}
SERIES = WEEKLY.format(timezone="Europe/Berlin", starts="2026-09-11", time="10:30", rule="every Sunday")


@dataclass(frozen=True)
class Place:
    """A repository whose every text is `word`. `name`: of what must be an identifier, as queues and series."""

    id: int
    full_name: str
    word: str
    name: str
    private: bool = False

    @property
    def repository(self) -> Repository:
        return Repository(self.id, self.full_name, private=self.private, owner_is_organization=True)


def fill(database: Database, *places: Place) -> None:
    """These repositories; the stranger is signed in and reads none, the member administers all."""
    with database.transaction() as conn:
        mirror.put_repositories(conn, 5, [place.repository for place in places], whole=True)
        for place in places:
            _stock(conn, place)
        all_ = frozenset(place.id for place in places)
        for login, granted in (("stranger", Granted()), ("member", Granted(all_, all_, all_))):
            mark = hashlib.sha256(COOKIES[login].encode()).hexdigest()
            sessions.begin(conn, Session(mark, len(login), login, Tokens("x"), NOW, NOW), granted)


def cross(database: Database, shown: Place, hidden: Place) -> None:
    """What is said in one repository about the other: on its agenda, in its minutes, its to-dos, its log."""
    with database.transaction() as conn:
        ref = (hidden.id, 7)
        key = Key(shown.id, f"series-{shown.name}", DAY)
        for kind in ("decision", "note"):
            about = ((shown.id, 7), ref) if kind == "note" else (ref,)
            minutes.add(conn, Record(*key, kind, f"x{kind}", NOW, about, (), hidden.word, hidden.word, WEB))
        meetings.add_item(
            conn, Item(shown.id, key.series, "x", NOW, ref_repository_id=ref[0], ref_number=7, text="talk")
        )
        calls.go(conn, key, f"{hidden.id}-7", NOW - HOUR, "member")
        todos.add(conn, Todo(shown.id, hidden.id, 9, ("rita",), hidden.word, "x1", NOW, key.series, DAY))
        about = {"ref_repository_id": ref[0], "ref_number": 7, "by_login": "rita"}
        todos.add(conn, Todo(shown.id, shown.id, 9, ("rita",), hidden.word, "x2", NOW, key.series, DAY, **about))


def _stock(conn: sa.Connection, place: Place) -> None:
    word, id_ = place.word, place.id
    quoted = word.replace("'", "''")
    queue = f"{{title: '{quoted}', filter: 'is:issue no:assignee', resolution: '{quoted}', low_water: 9}}"
    text = f"version: 1\nvisibility: {{dashboard: public}}\nqueues:\n  queue-{place.name}: {queue}\n"
    configs.put(conn, ConfigFile(id_, PATH, "1", text, text, "", NOW, dashboard="public"))
    series = SERIES.replace("name: Weekly", f"name: '{quoted}'")
    configs.put(conn, ConfigFile(id_, f".github/meetings/series-{place.name}.yml", "1", series, series, "", NOW))
    configs.put(conn, ConfigFile(id_, f".github/meetings/wrong-{place.name}.yml", "1", "{", None, f"1:1 {word}", NOW))
    _issues(conn, place)
    _meeting(conn, place)
    _troubles(conn, place)


def _issues(conn: sa.Connection, place: Place) -> None:
    word, id_ = place.word, place.id
    here = of.repository(id_, place.full_name, private=place.private)
    author = events.User(id=100 + id_, login=f"person-{word}")
    labels = [events.Label(id_ * 10 + n, f"{kind}-{word}", color, word) for n, (kind, color) in enumerate(
        (("label", "ff0000"), ("odd", f"zzz{word}"))
    )]  # fmt: skip
    milestone = of.milestone(id_ * 10, f"milestone-{word}", due_on=of.at(-60 * 24))
    batch = [of.labels("created", label, repository=here, sender=author) for label in labels]
    batch.append(of.milestones("created", milestone, repository=here, sender=author))
    for number in (7, 8, 9):
        more = {"labels": labels, "milestone": milestone, "assignees": [author], "user": author, "body": f"body {word}"}
        about = of.issue(number, title=f"title {word}", id=id_ * 1000 + number, **(more if number != 8 else {}))
        batch.append(of.issues("opened", about, repository=here, sender=author))
    batch.append(
        of.comment(of.issue(7, id=id_ * 1000 + 7, title=f"title {word}", **more), repository=here, sender=author)
    )
    mirror.apply(conn, batch, "rounds[bot]")
    done = {
        "seq": id_ * 10,
        "place": 0,
        "repository_id": id_,
        "number": 7,
        "actor_id": author.id,
        "actor": author.login,
    }
    told = {
        "command": f"label {word}",
        "action": f"AddLabels {word}",
        "before": "{}",
        "after": f'{{"x": "{place.name}"}}',
    }
    conn.execute(t.audit.insert().values(**done, **told, at=NOW, source="comment 7"))


def _meeting(conn: sa.Connection, place: Place) -> None:
    word, id_, series = place.word, place.id, f"series-{place.name}"
    items = [AgendaItem(f"heading {word}", Ref(place.full_name, 7), f"title {word}", by=f"person-{word}")]
    items.append(AgendaItem("Besides", None, f"words {word}", by=f"person-{word}"))
    for day, state, begins in ((DAY, "frozen", NOW - HOUR), (date(2026, 10, 25), "closed", NOW - 170 * HOUR)):
        meetings.begin(conn, Meeting(
            id_, series, day, begins, begins + HOUR, 4, state=state, title=f"call {word}", place=word,
            agenda=agenda.region(items), issue_repository_id=id_, issue_number=9, issue_id=id_ * 1000 + 9,
        ))  # fmt: skip
    key = Key(id_, series, DAY)
    for kind in ("decision", "note", "present", "todo", "command"):
        people = (f"person-{word}",) if kind == "present" else ()
        for about in ((), ((id_, 7),)):
            minutes.add(conn, Record(*key, kind, f"{kind}{id_}{about}", NOW, about, people, f"said {word}", word, WEB))
    meetings.add_item(conn, Item(id_, series, f"i{id_}", NOW, text=f"item {word}", by_login=word, carried_from=3))
    by = {"by_login": word, "origin": WEB}
    todos.add(conn, Todo(id_, id_, 9, (f"person-{word}",), f"todo {word}", f"t{id_}", NOW, series, DAY, **by))


def _troubles(conn: sa.Connection, place: Place) -> None:
    word, id_ = place.word, place.id
    failed = {"event": "issues", "repository": place.full_name, "number": 7, "received_at": NOW, "state": "failed"}
    conn.execute(
        t.inbox.insert().values(
            guid=f"g-{place.name}", repository_id=id_, reason=f"reason {word}", actor=word, **failed
        )
    )
    compared = {"repository_id": id_, "began_at": NOW, "ended_at": NOW, "since": 0, "fault": f"fault {word}"}
    conn.execute(t.reconcile.insert().values(**compared))
    freshness.delivered(conn, {id_: NOW + id_})
    records.keep_fact(
        conn, "budget of installation 5", f'{{"limit": 5000, "remaining": 4, "reset": {NOW}, "at": {NOW}}}'
    )


def opened(database: Database, public_url: str = PUBLIC) -> Application:
    """With the same secret wherever it is opened; its clock stands still."""
    settings = Settings(public_url=public_url, configured_session_secret="same in all", config_dir=None)
    return Application(database, (SECRET,), settings, clock=lambda: NOW)


def browser(application: Application, who: str, public_url: str = PUBLIC) -> Browser:
    cookie = COOKIES[who]
    name = "__Host-rounds" if public_url.startswith("https") else "rounds"
    return Browser(application, public_url, {name: cookie} if cookie else {})
