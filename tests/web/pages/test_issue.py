from __future__ import annotations

import json

import pytest

from app.core.actions import AddBlockedBy, AddLabels
from app.core.values import Linked, Ref
from app.engine.plans import to_json
from app.store import minutes
from app.store import tables as t
from app.store.database import Database
from app.store.minutes import Record
from tests.web.pages.hall import MEMBER, NOW, build, put_meeting, statuses, told

PAGE = "/issues/acme/open/7"


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)


async def test_each_queue_clause_by_clause(database: Database):
    found = await told(database, PAGE)
    queues = {queue["id"]: queue for queue in found["queues"]}  # the server's too
    new, broken = queues["new"], queues["broken"]
    assert (new["id"], new["holds"], new["resolution"]) == ("new", True, "Label it.")
    assert (broken["id"], broken["holds"]) == ("broken", False)
    assert [holds for _, holds in new["parts"]] == [True, True]
    assert sorted(holds for _, holds in broken["parts"]) == [False, True, True]


@pytest.mark.parametrize(
    "path", ["/issues/acme/secret/7", "/issues/acme/open/8", "/issues/acme/open/x", "/issues/no/one/7"]
)
async def test_what_is_not_there_and_what_may_not_be_seen_are_alike(database: Database, path: str):
    assert await statuses(database, path) == [404] * 3


async def test_who_reads_the_private_repository_sees_its_issue(database: Database):
    found = await told(database, "/issues/acme/secret/7", MEMBER)
    assert (found["issue"]["title"], found["commands"]) == ("Hidden thing", "")
    assert (await told(database, PAGE, MEMBER))["commands"] == "/commands/acme/open"


def act(database: Database, seq: int, action: object, home: int, source: str) -> None:
    with database.transaction() as conn:
        inbox = {
            "seq": seq,
            "guid": str(seq),
            "event": "issue_comment",
            "repository_id": home,
            "number": 90,
            "received_at": NOW,
        }
        conn.execute(t.inbox.insert(), [inbox])
        row = {
            "seq": seq,
            "place": 0,
            "repository_id": 1,
            "number": 7,
            "actor_id": 13,
            "actor": "rita",
            "command": "label",
        }
        after = json.dumps(to_json(action), default=str)
        row |= {"action": type(action).__name__, "before": "{}", "after": after, "at": NOW, "source": source}
        conn.execute(t.audit.insert(), [row])


async def test_what_was_done_by_whom_and_said_where(database: Database):
    with database.transaction() as conn:
        put_meeting(conn)
    act(database, 1, AddLabels(Ref("acme/open", 7), ("<b>bug</b>",)), 1, "comment 55")
    act(database, 2, AddLabels(Ref("acme/open", 7), ("wip",)), 3, "comment 56")
    hidden, shown = (await told(database, PAGE))["acts"]
    assert (shown["actor"], shown["words"]) == ("rita", "add label “<b>bug</b>”")
    assert shown["link"] == "https://github.com/acme/open/issues/90#issuecomment-55"
    assert shown["meeting"]["series"] == "weekly"
    assert (hidden["link"], hidden["meeting"]) == ("", None)
    assert (await told(database, PAGE, MEMBER))["acts"][0]["link"].startswith(
        "https://github.com/acme/secret/issues/90"
    )


async def test_the_log_names_no_private_issue(database: Database):
    act(database, 1, AddBlockedBy(Ref("acme/open", 7), (Linked(Ref("acme/secret", 7), 9),)), 1, "comment 55")
    assert "secret" not in json.dumps(await told(database, PAGE))
    assert "acme/secret#7" in json.dumps(await told(database, PAGE, MEMBER))


async def test_what_meetings_said_of_it(database: Database):
    with database.transaction() as conn:
        key, inner = put_meeting(conn), put_meeting(conn, series="inner", of=3, at=3, number=91)
        for where, text, refs in ((key, "mend it", ((1, 7),)), (key, "both", ((1, 7), (3, 7))), (inner, "quietly", ((1, 7),)),
                                  (key, "another", ((1, 70),))):  # fmt: skip
            minutes.add(conn, Record(*where, "decision", text, NOW, refs, (), text, "mia", ""))
    assert [one["text"] for one in (await told(database, PAGE))["mentions"]] == ["mend it"]
    assert {one["text"] for one in (await told(database, PAGE, MEMBER))["mentions"]} == {"mend it", "both", "quietly"}
