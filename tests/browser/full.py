"""A world in which no page is empty, and nothing is short: for looking at pages, and for what must hold of their look."""

from __future__ import annotations

import hashlib
from datetime import date

import sqlalchemy as sa

from app.core.values import Ref
from app.meetings import agenda
from app.meetings.agenda import AgendaItem
from app.store import configs, facts, meetings, records, todos
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.meetings import Meeting
from app.store.todos import Todo
from app.store.visibility import PATH
from tests.web.pages.counted import CONFIG, DAY, NOW, store, world

HOUR = DAY // 24
TODAY = date(2026, 9, 21)
MET = date(2026, 9, 18)
MEMBER, STRANGER = "mia", "theo"
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'too' \u202egnilor\u202c 🚀🚀🚀"
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 5
QUEUES = """
queues:
  new: {title: New ones, filter: "is:issue no:label no:milestone", resolution: "Give it a label, or close it.", low_water: 200}
  done: {title: Nothing is ever here, filter: "label:never", resolution: Nothing has to be done.}
  long: {title: "A queue whose name is as long as names may be, and the page it makes", filter: "label:bug -label:wip"}
"""
PLACE = "acme/one"


def build(database: Database) -> None:
    """The generated world, and besides what it has none of: meetings, to-dos, failures, hostile and endless names."""
    store(database, world(1))
    with database.transaction() as conn:
        conn.execute(t.config_file.update().values(dashboard="members"))
        configs.put(conn, ConfigFile(1, PATH, "sha", CONFIG + QUEUES, CONFIG + QUEUES, "", NOW, dashboard="members"))
        conn.execute(t.person.insert(), [{"id": 12, "login": MEMBER}, {"id": 13, "login": "x" * 39}])
        _sign_in(conn, 12, MEMBER, (1, 2, 3))
        _sign_in(conn, 13, STRANGER, ())
        _labels(conn)
        _issues(conn)
        _meetings(conn)
        _todos(conn)
        _troubles(conn)
    with database.transaction() as conn:
        facts.rebuild(conn, 1)


def token(login: str) -> str:
    """Of that person's session."""
    return (login * 43)[:43]


def _sign_in(conn: sa.Connection, person_id: int, login: str, repositories: tuple[int, ...]) -> None:
    mark = hashlib.sha256(token(login).encode()).hexdigest()
    row = {"mark": mark, "person_id": person_id, "login": login, "access": ""}
    conn.execute(t.session.insert(), [row | {"created_at": NOW, "seen_at": NOW, "asked_at": NOW}])
    for id_ in repositories:
        conn.execute(t.session_repository.insert(), [{"mark": mark, "repository_id": id_}])


def _labels(conn: sa.Connection) -> None:
    """Forty on one issue, of all colours, with names as long as GitHub allows."""
    names = [
        "area/" + "very-long-name-of-a-label-" + "x" * 18,
        HOSTILE[:50],
        "W" * 50,
        *(f"topic {n}" for n in range(37)),
    ]
    for place, name in enumerate(names):
        color = f"{(place * 1_234_567 + 0x30) % 0x1000000:06x}"
        row = {
            "id": 900 + place,
            "repository_id": 1,
            "name": name,
            "color": color,
            "description": "What it is for. " * 6,
        }
        conn.execute(t.label.insert().values(**row))


def _issues(conn: sa.Connection) -> None:
    for number, title in enumerate((LONG, HOSTILE, "It broke", "A " * 120), 200):
        row = {"id": number, "open": True, "title": title, "author_id": 13, "created_at": NOW - number * HOUR}
        conn.execute(
            t.issue.insert().values(
                repository_id=1, number=number, updated_at=NOW - HOUR, comments=1234, milestone=3, **row
            )
        )
        conn.execute(t.issue_text.insert().values(repository_id=1, number=number, title=title, body="words"))
        conn.execute(t.issue_assignee.insert().values(repository_id=1, number=number, person_id=13))
    for place in range(40):
        conn.execute(t.issue_label.insert().values(repository_id=1, number=200, label_id=900 + place))
        on = {"at": NOW - 300 * HOUR + place, "kind": "labeled", "label_id": 900 + place}
        conn.execute(t.issue_event.insert().values(repository_id=1, number=200, **on))
    conn.execute(t.milestone.insert().values(id=13, repository_id=1, number=3, title=LONG, due_on=NOW - 9 * DAY))
    for place, (command, action) in enumerate([("label bug", "AddLabels"), ("a rule", "Comment " + "x" * 120)]):
        done = {"seq": 1000 + place, "place": 0, "repository_id": 1, "number": 200, "actor_id": 12, "actor": MEMBER}
        told = {"command": command, "action": action, "before": "{}", "after": "{}", "at": NOW - place * HOUR}
        conn.execute(t.audit.insert().values(**done, **told, source="comment 7"))


def _meetings(conn: sa.Connection) -> None:
    items = [AgendaItem("Bugs", Ref(PLACE, number), "as it was") for number in (200, 201, 202)]
    items.append(AgendaItem("Besides", None, "How do we tell people what we decided?", by=MEMBER))
    for day, state, back in ((MET, "closed", 3 * DAY), (TODAY, "frozen", HOUR)):
        start = NOW - back
        meetings.begin(conn, Meeting(
            1, "weekly", day, starts_at=start, ends_at=start + HOUR, number=day.day, state=state, title=f"weekly #0{day.day}",
            agenda=agenda.region(items), issue_repository_id=1, issue_number=202, issue_id=202,
        ))  # fmt: skip
    for place, (kind, refs, words) in enumerate((
        ("decision", "[[1, 200]]", "Close it."), ("note", "[]", HOSTILE), ("present", "[]", ""), ("todo", "[[1, 201]]", "look"),
    )):  # fmt: skip
        row = {"repository_id": 1, "series": "weekly", "day": TODAY, "kind": kind, "refs": refs, "text": words}
        people = '["mia", "theo"]' if kind == "present" else "[]"
        conn.execute(t.minute.insert().values(**row, people=people, by_login=MEMBER, at=NOW, source=f"s{place}"))


def _todos(conn: sa.Connection) -> None:
    for place, (owners, words, due) in enumerate((
        ((MEMBER,), "look at error reporting", date(2026, 9, 1)), ((MEMBER,), LONG, None), (("theo", "x" * 39), HOSTILE, TODAY),
    )):  # fmt: skip
        todos.add(
            conn,
            Todo(
                1,
                1,
                202,
                owners,
                words,
                f"t{place}",
                NOW - 20 * DAY,
                series="weekly",
                day=MET,
                due=due,
                by_login=MEMBER,
            ),
        )


def _troubles(conn: sa.Connection) -> None:
    for seq, reason in ((1, "GitHub said 422: " + LONG), (2, HOSTILE)):
        row = {
            "seq": seq,
            "guid": str(seq),
            "event": "issue_comment",
            "repository_id": 1,
            "repository": PLACE,
            "number": 200,
        }
        conn.execute(
            t.inbox.insert().values(**row, received_at=NOW - seq * HOUR, state="failed", reason=reason, actor="x" * 39)
        )
    wrong = ConfigFile(2, ".github/meetings/weekly.yml", "sha", "{", None, "1:1 wrong\n2:1 " + LONG, NOW)
    configs.put(conn, wrong)
    noted = f'{{"limit": 5000, "remaining": 4000, "reset": {NOW + HOUR}, "at": {NOW}}}'
    records.keep_fact(conn, "budget of installation 5", noted)
