"""Labels and milestones of repositories, for one delivery: from the mirror where it has them, from GitHub where not."""

from __future__ import annotations

from sqlalchemy import Connection

from app.core.values import Label, Milestone
from app.engine.services import Services
from app.store import mirror
from app.store.mirror import KnownRepository

Names = tuple[tuple[Label, ...], tuple[Milestone, ...]]
FEW = 1_000
"""Labels, or milestones, up to which reading them does not hold up the commands of others."""
FRESH = 10_000
"""Milliseconds: a repository's names are read again for an unknown one at most so often, whoever mistypes."""


class KnownNames:
    """Nothing is read twice, unless it is told to be."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._names: dict[int, Names] = {}
        self._read_at: dict[int, int] = {}

    def look(self, conn: Connection, known: KnownRepository) -> None:
        """Take them along with another look at the database, where they are few: they are wanted next."""
        id_ = known.repository.id
        if id_ not in self._names and None not in (known.labels_at, known.milestones_at):
            names = mirror.few_names(conn, id_, FEW)
            if names is not None:
                self._names[id_] = names

    async def of(self, known: KnownRepository, *, looked: bool = True) -> Names:
        """Many are read in a thread. `looked`: `look` was called for this repository before."""
        id_ = known.repository.id
        if not looked and id_ not in self._names:
            await self._services.database.look(lambda conn: self.look(conn, known))
        if id_ in self._names:
            return self._names[id_]
        if known.labels_at is None or known.milestones_at is None:
            return await self.read(known)
        self._names[id_] = await self._services.database.read(
            lambda conn: (mirror.labels(conn, id_), mirror.milestones(conn, id_))
        )
        return self._names[id_]

    def old(self, known: KnownRepository) -> bool:
        """Whether a name that is not among them may have been made since."""
        read_at = self._read_at.get(known.repository.id, min(known.labels_at or 0, known.milestones_at or 0))
        return read_at < self._services.clock() - FRESH

    async def read(self, known: KnownRepository) -> Names:
        """From GitHub, into the mirror."""
        repository, now = known.repository, self._services.clock()
        installation = self._services.github.installation(known.installation_id)
        labels = tuple(await installation.labels(repository.full_name))
        milestones = tuple(await installation.milestones(repository.full_name))

        def keep(conn: Connection) -> None:
            mirror.put_labels(conn, repository.id, labels, whole=True, now=now)
            mirror.put_milestones(conn, repository.id, milestones, whole=True, now=now)

        await self._services.database.run(keep)
        self._read_at[repository.id] = now
        self._names[repository.id] = labels, milestones
        return labels, milestones
