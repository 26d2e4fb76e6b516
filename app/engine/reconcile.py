"""Compares the mirror with GitHub once a day and mends what lost deliveries left wrong; the result is stored.

Of each repository: labels and milestones; issues, comments and events changed since the last comparison; all that are open
there, to find those that only we think open; those that we saw closed since and GitHub does not list. Deleted comments appear in
no list: where the numbers of comments differ, those of that issue are read. Issues that only GitHub knows (app.engine.doubts)
are asked for. What changed within GRACE may still be on its way and is not counted as mended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection

from app.core.events import Issue
from app.engine.doubts import settle
from app.engine.history import put_comments, put_events
from app.engine.sync import Sync
from app.errors import Fault
from app.github.client import GitHub
from app.github.errors import Gone, Moved, NotFound
from app.github.histories import IssueEvent, ListedComment
from app.github.installation import Installation
from app.store import doubts, fact_notes, facts, mirror, reconciles, records
from app.store.database import Database
from app.store.mirror import KnownRepository
from app.store.reconciles import Reconciled

EVERY = 86_400_000
AGAIN = 6 * 3_600_000
"""Milliseconds after which another worker may begin the comparison that one began, and after which a failed one is repeated."""
OVERLAP = 3_600_000
"""Milliseconds before the last comparison from which the next begins: the clocks differ, and lists lag behind."""
GRACE = 600_000
MOST_COUNTED = 200
"""Issues whose comments are read anew in one comparison."""

log = structlog.get_logger("rounds")


@dataclass(slots=True)
class _Found:
    listed: int = 0
    mended: int = 0
    closed: int = 0
    removed: int = 0


class Reconcile:
    """`clock`: milliseconds."""

    def __init__(self, database: Database, github: GitHub, sync: Sync, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._sync = sync
        self._clock = clock

    async def look(self) -> None:
        """Every repository that was read whole, once a day, by one of all workers; one that failed again after a while."""
        for known in await self._database.read(mirror.repositories):
            if known.whole and not known.suspended and await self._mine(known):
                await self.repository(known)

    async def _mine(self, known: KnownRepository) -> bool:
        """Whether it is time to compare it, and this process may."""
        now, name = self._clock(), f"reconcile {known.repository.id}"
        if known.reconciled_at is not None and known.reconciled_at + EVERY > now:
            return False
        return await self._database.run(partial(records.claim, name=name, now=now, every=AGAIN))

    async def repository(self, known: KnownRepository) -> Reconciled:
        """Compare one that was read whole. A fault is a part of the result, which is stored."""
        began, found, fault = self._clock(), _Found(), ""
        since = _since(known)
        try:
            await self._compare(known, since, found)
        except Fault as error:
            fault = str(error)
            log.warning("comparison failed", repository=known.repository.full_name, reason=fault)
        result = Reconciled(
            known.repository.id, began, self._clock(), since, found.listed, found.mended, found.closed, found.removed, fault
        )  # fmt: skip
        await self._database.run(lambda conn: reconciles.keep(conn, result))
        return result

    async def _compare(self, known: KnownRepository, since: int, found: _Found) -> None:
        await self._sync.names(known)
        installation, name = self._github.installation(known.installation_id), known.repository.full_name
        counts: dict[int, int] = {}
        async for page in installation.issues(name, since=_time(since)):
            await self._issues(known, page.items, found, counts)
        await self._closed_ones(known, since, found, counts)
        await self._open_ones(known, found, counts)
        async for comments in installation.issue_comments(name, since=_time(since)):
            await self._database.run(partial(_keep_comments, known.repository.id, comments.items))
        await self._events(installation, known, since)
        await self._miscounted(known, counts)
        for doubt in await self._database.read(partial(doubts.listing, repository_id=known.repository.id)):
            if self._github.pace(known.installation_id).spare():
                await settle(self._database, self._github, known, doubt)

    async def _issues(
        self, known: KnownRepository, issues: Sequence[Issue], found: _Found, counts: dict[int, int]
    ) -> None:
        changed = await self._database.run(lambda conn: mirror.put_issues(conn, known.repository.id, issues))
        settled = _time(self._clock() - GRACE)
        found.listed += len(issues)
        found.mended += sum(issue.number in changed and issue.updated_at < settled for issue in issues)
        counts.update((issue.number, issue.comments) for issue in issues)

    async def _open_ones(self, known: KnownRepository, found: _Found, counts: dict[int, int]) -> None:
        """Those that we think open and GitHub does not: one by one, for some may have been opened since it was asked."""
        thought = await self._database.read(lambda conn: reconciles.open_numbers(conn, known.repository.id))
        installation = self._github.installation(known.installation_id)
        async for issues in installation.open_issues(known.repository.full_name):
            await self._issues(known, issues, found, counts)
            thought.difference_update(issue.number for issue in issues)
        for number in sorted(thought):
            found.closed += await self._one(installation, known, number, found) == "closed"

    async def _closed_ones(self, known: KnownRepository, since: int, found: _Found, counts: Mapping[int, int]) -> None:
        """Those that changed since then and GitHub did not list are gone. An older one that is gone shows itself nowhere."""
        thought = await self._database.read(
            partial(reconciles.closed_numbers, repository_id=known.repository.id, since=since)
        )
        installation = self._github.installation(known.installation_id)
        for number in sorted(thought - counts.keys()):
            await self._one(installation, known, number, found)

    async def _one(self, installation: Installation, known: KnownRepository, number: int, found: _Found) -> str:
        """Its state at GitHub, "" where it is gone."""
        id_ = known.repository.id
        try:
            issue = await installation.issue(known.repository.full_name, number)
        except (Gone, Moved, NotFound):
            await self._database.run(lambda conn: mirror.remove_number(conn, id_, number))
            found.removed += 1
            return ""
        await self._database.run(lambda conn: mirror.put_issues(conn, id_, [issue], answered=True))
        return issue.state

    async def _events(self, installation: Installation, known: KnownRepository, since: int) -> None:
        async for page in installation.issue_events(known.repository.full_name):
            await self._database.run(partial(_keep_events, known.repository.id, page.items))
            if page.items and page.items[-1].created_at < _time(since):
                return

    async def _miscounted(self, known: KnownRepository, counts: dict[int, int]) -> None:
        id_, name = known.repository.id, known.repository.full_name
        installation = self._github.installation(known.installation_id)
        wrong = await self._database.read(lambda conn: reconciles.miscounted(conn, id_, counts))
        for number in wrong[:MOST_COUNTED]:
            comments = await installation.comments_of(name, number)
            await self._database.run(partial(fact_notes.replace, key=(id_, number), comments=comments))


def _keep_comments(repository_id: int, comments: Sequence[ListedComment], conn: Connection) -> None:
    facts.refresh(conn, put_comments(conn, repository_id, comments))


def _keep_events(repository_id: int, told: Sequence[IssueEvent], conn: Connection) -> None:
    facts.refresh(conn, put_events(conn, repository_id, told))


def _since(known: KnownRepository) -> int:
    """From when on changes may be missing."""
    read = (known.issues_at, known.comments_at, known.events_at)
    whole = min(at for at in read if at is not None)
    return max(whole, known.reconciled_at or 0) - OVERLAP


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
