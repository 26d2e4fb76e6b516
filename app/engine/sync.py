"""Fills the mirror: installations and repositories at start, then labels, milestones, configuration, issues, history of each.

Resumable: each page of issues is stored with the place where the next begins. Deliveries that arrive meanwhile are newer
and win by their `updated_at`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy import Connection

from app.config.loader import PATH, ConfigLoader
from app.core.events import Account, FullInstallation, Issue
from app.engine.ahead import ahead
from app.engine.history import History
from app.errors import Fault, Permanent
from app.github.answers import InstallationInfo, Page
from app.github.client import GitHub
from app.github.errors import Gone, NotFound, Uninstalled
from app.store import configs, mirror
from app.store.database import Database
from app.store.mirror import KnownRepository

log = structlog.get_logger("rounds")
Progress = Callable[[int], None]


class Sync:
    """`clock`: milliseconds."""

    def __init__(self, database: Database, github: GitHub, configs: ConfigLoader, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._configs = configs
        self._clock = clock
        self._history = History(database, github, clock)

    async def installations(self) -> None:
        """Find the App's installations and their repositories: it may have been installed while nobody listened."""
        found = await self._github.installations()
        values = [_installation(info) for info in found]
        await self._database.run(lambda conn: mirror.put_installations(conn, values))
        known = await self._database.read(mirror.installations)
        resting = {info.id for info in found if info.suspended}
        for id_ in sorted({*known, *(info.id for info in found)} - resting):
            await self._listed(id_)

    async def _listed(self, installation_id: int) -> None:
        """One installation's repositories; its faults are its own. One that is gone is found out by asking for it."""
        try:
            await self._repositories(installation_id)
        except Uninstalled:
            await self._database.run(lambda conn: mirror.drop_installation(conn, installation_id))
        except Fault as error:
            log.warning("repositories can't be listed", installation=installation_id, reason=str(error))

    async def _repositories(self, installation_id: int) -> None:
        found = [repository.value() async for repository in self._github.installation(installation_id).repositories()]
        await self._database.run(lambda conn: mirror.put_repositories(conn, installation_id, found, whole=True))

    async def pending(self) -> list[KnownRepository]:
        """Repositories of which a part was never read whole."""
        known = await self._database.read(mirror.repositories)
        return [found for found in known if not found.suspended and not found.whole]

    async def changed_configs(self) -> None:
        """Read again the configuration that pushes changed: pages that show by it who may look wait for no command.

        One that can't be read now is tried the next time.
        """
        for known in await self._database.read(_changed):
            try:
                await self._configs.load(known.repository, known.installation_id)
            except Fault as error:
                log.warning("configuration not read", repository=known.repository.full_name, reason=str(error))

    async def repository(
        self, known: KnownRepository, progress: Progress = lambda _: None, past: Progress = lambda _: None
    ) -> None:
        """Read one repository whole: names, configuration, issues, and of its history what was not read yet.

        `progress` is told how many issues each page had, `past` how many comments or events.

        One that GitHub does not show any more goes out of the mirror. Raises Fault where it can't be read (now).
        """
        try:
            await self.names(known)
        except (NotFound, Uninstalled) as error:
            log.warning("repository is gone", repository=known.repository.full_name, reason=str(error))
            await self._database.run(lambda conn: mirror.drop_repository(conn, known.repository.id))
            return
        await self._configs.refresh(known.repository, known.installation_id)
        if known.issues_at is None or known.cursor or known.past_known:
            await self.issues(known, progress)  # else an earlier reading ended in the history: it goes on there
        await self._history.read(known, past)

    async def names(self, known: KnownRepository) -> None:
        """Labels and milestones."""
        id_, name = known.repository.id, known.repository.full_name
        installation, now = self._github.installation(known.installation_id), self._clock()
        labels, milestones = await installation.labels(name), await installation.milestones(name)
        await self._database.run(lambda conn: mirror.put_labels(conn, id_, labels, whole=True, now=now))
        await self._database.run(lambda conn: mirror.put_milestones(conn, id_, milestones, whole=True, now=now))

    async def issues(self, known: KnownRepository, progress: Progress) -> None:
        """All issues and pull requests, from where an earlier reading stopped."""
        id_, name, began = known.repository.id, known.repository.full_name, self._clock()
        try:
            pages = self._github.installation(known.installation_id).issues(name, cursor=known.cursor)
            async for page in ahead(pages):
                await self._database.run(partial(_keep, known, page, began))
                progress(len(page.items))
        except Gone:  # issues are switched off; pull requests come with their own events
            await self._database.run(lambda conn: mirror.keep_cursor(conn, id_, None, issues_at=began))
        except Permanent:
            await self._database.run(lambda conn: mirror.keep_cursor(conn, id_, None))  # the place may have been it
            raise


def _installation(info: InstallationInfo) -> FullInstallation:
    """As installation events tell it."""
    account = Account(id=info.account_id, login=info.account, type="Organization" if info.organization else "User")
    return FullInstallation(id=info.id, account=account, suspended_at=info.suspended_at)


def _keep(known: KnownRepository, page: Page[Issue], began: int, conn: Connection) -> None:
    """Store a page and where the next begins, together; after the last one, when the reading began.

    Facts are computed once, after the history was read, if it still has to be.
    """
    mirror.put_issues(conn, known.repository.id, page.items, derived=known.past_known)
    mirror.keep_cursor(conn, known.repository.id, page.next, issues_at=None if page.next else began)


def _changed(conn: Connection) -> list[KnownRepository]:
    """Those whose configuration was read once and is to be read again."""
    known = [mirror.repository(conn, id_) for id_ in configs.stale(conn, PATH)]
    return [one for one in known if one and not one.removed and not one.suspended]
