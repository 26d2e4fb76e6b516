"""`remove_label: when-listed`: what a query found is noted on the agenda, and loses the labels that brought it there."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings.agenda import ByQuery, Gathered
from app.engine.meetings.said import Voice
from app.engine.writing import Result
from app.store import meetings, mirror
from app.store.meetings import Item, Key


async def take_off(services: Services, voice: Voice, key: Key, gathered: Gathered) -> list[str]:
    """Noted first, and in a step of its own: without the label no query finds it any more."""
    now = services.clock()

    async def note() -> Result:
        found = [one for one in gathered.found if one.labels]
        await at_last(lambda: services.database.run(lambda conn: _note(conn, key, found, now)))
        return {"after": [[one.repository_id, one.number, one.labels] for one in found]}

    refused = 0
    found = (await voice.step("list", note))["after"]
    for repository_id, number, labels in found:
        result = await voice.step("unlabel", partial(_unlabel, services, repository_id, number, labels))
        refused += "refused" in result
    return [f"labels taken off {len(found) - refused} of {len(found)}"] if found else []


def _note(conn: sa.Connection, key: Key, found: list[ByQuery], now: int) -> None:
    for one in found:
        source = f"{key.repository_id} {key.series} {key.day} listed {one.repository_id}#{one.number}"
        item = Item(
            *key[:2],
            source=source,
            added_at=now,
            day=key.day,
            ref_repository_id=one.repository_id,
            ref_number=one.number,
            heading=one.heading,
            state="listed",
        )
        meetings.add_item(conn, item)


async def _unlabel(services: Services, repository_id: int, number: int, labels: list[str]) -> Result:
    known = await services.database.read(lambda conn: mirror.repository(conn, repository_id))
    if known is None:
        return {"refused": "its repository is gone"}
    github = services.github.installation(known.installation_id)
    for name in labels:
        await github.remove_label(known.repository.full_name, number, name)
    gone = {name.lower() for name in labels}

    def keep(conn: sa.Connection) -> None:
        issue = mirror.issue(conn, repository_id, number)
        if issue is not None:
            left = tuple(name for name in issue.labels if name.lower() not in gone)
            mirror.put_issue_labels(conn, repository_id, number, left)

    await at_last(lambda: services.database.run(keep))
    return {"after": []}
