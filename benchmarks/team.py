"""What a team leaves behind besides its issues: meetings with their minutes, to-dos, deliveries, effects. For `mirror_world`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import sqlalchemy as sa

from app.core.actions import AddLabels
from app.core.values import Ref
from app.engine import plans
from app.meetings import agenda
from app.meetings.agenda import AgendaItem
from app.store import configs
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import PATH
from benchmarks.mirror_world import DAY, FIRST_REPOSITORY, INSTALLATION, REPOSITORIES, WORDS

CORE = FIRST_REPOSITORY
SERIES = "weekly"
MEETINGS, SAID, TODOS, DELIVERIES, TOUCHED = 150, 30, 1_200, 50_000, 10_000
CONFIG = "visibility: {dashboard: public}\n"


def fill(database: Database, now: int) -> date:
    """The world, which is there, is used by a team, and open to all but for its private part; the last meeting's day."""
    random = Random(4)
    with database.transaction() as conn:
        for place in range(len(REPOSITORIES)):
            file = ConfigFile(FIRST_REPOSITORY + place, PATH, "sha", CONFIG, CONFIG, "", now, dashboard="public")
            configs.put(conn, file)
        days = [_day(now - week * 7 * DAY) for week in range(MEETINGS)]
        conn.execute(sa.insert(t.occurrence), [_meeting(number, day, now) for number, day in enumerate(days)])
        conn.execute(sa.insert(t.minute), list(_minutes(random, days, now)))
        conn.execute(sa.insert(t.todo), [_todo(random, place, days, now) for place in range(TODOS)])
        conn.execute(sa.insert(t.inbox), [_delivery(random, place, now) for place in range(DELIVERIES)])
        conn.execute(sa.insert(t.audit), list(_effects(now)))
        conn.execute(sa.insert(t.issue_kept), [_due(random, number, now) for number in range(1, 2_001)])
    return days[0]


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment / 1000, UTC).date()


def _meeting(back: int, day: date, now: int) -> dict[str, Any]:
    at = now - back * 7 * DAY - 3_600_000
    items = [AgendaItem("Bugs", Ref(REPOSITORIES[0], 1 + back * 30 + place), "Of the agenda") for place in range(25)]
    return {
        "repository_id": CORE, "series": SERIES, "day": day, "starts_at": at, "ends_at": at + 3_600_000,
        "number": MEETINGS - back, "state": "closed" if back else "frozen", "title": f"Weekly #{MEETINGS - back}",
        "agenda": agenda.region(items), "issue_repository_id": CORE, "issue_number": 1 + back, "issue_id": 1 + back,
    }  # fmt: skip


def _minutes(random: Random, days: list[date], now: int) -> Iterator[dict[str, Any]]:
    for back, day in enumerate(days):
        for place in range(SAID):
            about = [[CORE, 1 + back * 30 + place]]
            yield {
                "repository_id": CORE, "series": SERIES, "day": day, "kind": ("decision", "note", "command")[place % 3],
                "refs": json.dumps(about), "people": "[]", "text": " ".join(random.choices(WORDS, k=12)),
                "by_login": "maintainer-1", "at": now - back * 7 * DAY, "source": f"bench {back} {place}",
            }  # fmt: skip


def _todo(random: Random, place: int, days: list[date], now: int) -> dict[str, Any]:
    """Every fourth is still open."""
    day = days[place * len(days) // TODOS]
    return {
        "repository_id": CORE, "series": SERIES, "day": day, "home_repository_id": CORE, "home_number": 1,
        "owners": json.dumps([f"maintainer-{1 + place % 15}"]), "text": " ".join(random.choices(WORDS, k=8)),
        "due": day + timedelta(days=14), "by_login": "maintainer-1", "created_at": now - place * DAY,
        "done_at": None if place % 4 == 0 else now, "source": f"bench {place}",
    }  # fmt: skip


def _delivery(random: Random, place: int, now: int) -> dict[str, Any]:
    at = now - (DELIVERIES - place) * 60_000
    return {
        "guid": f"bench-{place}", "event": "issue_comment", "action": "created", "installation_id": INSTALLATION,
        "repository_id": FIRST_REPOSITORY + place % len(REPOSITORIES), "number": 1 + random.randrange(1_000),
        "received_at": at, "handled_at": at + 50, "milliseconds": 50, "actor": "maintainer-1",
        "state": "failed" if place % 2_500 == 0 else "done", "reason": "Nothing to do.",
    }  # fmt: skip


def _effects(now: int) -> Iterator[dict[str, Any]]:
    after = msgspec.json.encode(plans.to_json(AddLabels(Ref(REPOSITORIES[0], 1), ("kind/bug",)))).decode()
    for place in range(TOUCHED):
        yield {
            "seq": 1 + place, "place": 0, "repository_id": CORE, "number": 1 + place % 2_000, "actor_id": 1,
            "actor": "maintainer-1", "command": "label", "action": "AddLabels", "before": "{}", "after": after,
            "at": now - place * 60_000, "source": f"comment {place}",
        }  # fmt: skip


def _due(random: Random, number: int, now: int) -> dict[str, Any]:
    return {"repository_id": CORE, "number": number, "due": _day(now) + timedelta(days=random.randrange(-30, 30))}
