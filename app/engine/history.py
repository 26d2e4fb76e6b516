"""Reads what happened before Rounds came: comments' authors and times, and the issue events that facts need.

Resumable as the reading of issues is. Events come with the newest first and no `since`, so the time when their reading began
is kept with its place: what happened after it came as deliveries, or comes with the next comparison. Facts are computed once,
at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import structlog
from sqlalchemy import Connection

from app.core.facts import Happened
from app.core.names import fold
from app.engine.ahead import ahead
from app.errors import Permanent
from app.github.answers import Page
from app.github.client import GitHub
from app.github.histories import IssueEvent, ListedComment
from app.store import fact_notes, facts, mirror
from app.store.database import Database
from app.store.keyed import Key
from app.store.mirror import KnownRepository
from app.store.mirror_write import millis

AT_ONCE = 500
"""Issues whose facts are computed in one transaction: others who write have to wait for it."""

log = structlog.get_logger("rounds")
Progress = Callable[[int], None]


class History:
    """`clock`: milliseconds."""

    def __init__(self, database: Database, github: GitHub, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._clock = clock

    async def read(self, known: KnownRepository, progress: Progress) -> None:
        """What was not read whole yet. A list that GitHub refuses for good is left out: facts then know less."""
        for part, at, work in (
            ("comments", known.comments_at, self._comments),
            ("events", known.events_at, self._events),
        ):
            if at is not None:
                continue
            try:
                await work(known, progress)
            except Permanent as error:
                log.warning(
                    "history can't be read", repository=known.repository.full_name, part=part, reason=str(error)
                )
                await self._left_out(known, part)

    async def _left_out(self, known: KnownRepository, part: str) -> None:
        now = self._clock()
        await self._computed(known.repository.id)
        await self._database.run(lambda conn: mirror.keep_place(conn, known.repository.id, part, None, at=now))

    async def _comments(self, known: KnownRepository, progress: Progress) -> None:
        began, installation = self._clock(), self._github.installation(known.installation_id)
        pages = installation.issue_comments(known.repository.full_name, cursor=known.comments_cursor)
        async for page in ahead(pages):
            await self._database.run(partial(_keep_comments, known.repository.id, page, began))
            progress(len(page.items))

    async def _events(self, known: KnownRepository, progress: Progress) -> None:
        first, _, cursor = (known.events_cursor or "").partition(" ")
        began = int(first) if cursor else self._clock()
        installation = self._github.installation(known.installation_id)
        async for page in ahead(installation.issue_events(known.repository.full_name, cursor=cursor or None)):
            await self._database.run(partial(_keep_events, known.repository.id, page, began))
            progress(len(page.items))
        await self._computed(known.repository.id)
        await self._database.run(lambda conn: mirror.keep_place(conn, known.repository.id, "events", None, at=began))

    async def _computed(self, repository_id: int) -> None:
        """The facts of all issues, a few at a time."""
        after: int | None = 0
        while after is not None:
            after = await self._database.run(
                partial(facts.rebuild, repository_id=repository_id, after=after, most=AT_ONCE)
            )


def put_events(conn: Connection, repository_id: int, told: Iterable[IssueEvent]) -> set[Key]:
    """Issue events as GitHub lists them, which name labels by their names: of one that is gone nothing can be kept.

    Answers the issues to compute anew.
    """
    labels = {fold(label.name): label.id for label in mirror.labels(conn, repository_id)}
    notes = fact_notes.Notes()
    for one in told:
        label_id = labels.get(fold(one.label.name), 0) if one.label else 0
        if one.issue is None or (one.label is not None and not label_id):
            continue
        happened = Happened(millis(one.created_at), one.event, label_id)
        notes.event((repository_id, one.issue.number), happened, one.actor, one.issue.user)
    return notes.write(conn)


def put_comments(conn: Connection, repository_id: int, comments: Iterable[ListedComment]) -> set[Key]:
    """Comments as GitHub lists them; answers the issues to compute anew."""
    return fact_notes.listed(conn, repository_id, [(comment.number, comment) for comment in comments])


def _keep_comments(repository_id: int, page: Page[ListedComment], began: int, conn: Connection) -> None:
    put_comments(conn, repository_id, page.items)
    mirror.keep_place(conn, repository_id, "comments", page.next, at=None if page.next else began)


def _keep_events(repository_id: int, page: Page[IssueEvent], began: int, conn: Connection) -> None:
    put_events(conn, repository_id, page.items)
    if page.next:
        mirror.keep_place(conn, repository_id, "events", f"{began} {page.next}")
