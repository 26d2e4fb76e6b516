"""What anybody may see: public repositories, with the configuration files that hold for them as last read."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.core.values import Repository
from app.store import configs, mirror_read
from app.store.configs import ConfigFile
from app.store.mirror_read import KnownRepository
from app.store.tables import installation, repository


@dataclass(frozen=True, slots=True)
class Shown:
    """A public repository. `own`: its file, None where it was never read; `shared`: that of `shared_repository`.

    `shared_repository`: the organization's `.github`, which may be private; None where there is none.
    """

    repository: Repository
    own: ConfigFile | None = None
    shared_repository: Repository | None = None
    shared: ConfigFile | None = None


def find(conn: sa.Connection, full_name: str, path: str) -> Shown | None:
    """The repository of that name in any case, with its files at `path`; None unless anybody may see it.

    Not one whose installation is suspended either: GitHub does not tell us any more when it becomes private.
    """
    known = mirror_read.repository_named(conn, full_name)
    if known is None or not _is_there(known) or known.repository.private:
        return None
    own = configs.get(conn, known.repository.id, path)
    above = f"{known.repository.owner}/.github"
    shared = mirror_read.repository_named(conn, above) if known.repository.full_name.lower() != above.lower() else None
    if shared is None or shared.removed:
        return Shown(known.repository, own)
    return Shown(known.repository, own, shared.repository, configs.get(conn, shared.repository.id, path))


def _is_there(known: KnownRepository) -> bool:
    return not known.removed and not known.suspended


_NAMES = (
    sa.select(repository.c.full_name)
    .select_from(repository.outerjoin(installation, installation.c.id == repository.c.installation_id))
    .where(repository.c.private.is_(False), repository.c.removed.is_(False), ~mirror_read.SUSPENDED)
    .order_by(sa.func.lower(repository.c.full_name))
)


def names(conn: sa.Connection, part: str, most: int) -> list[str]:
    """Full names that contain `part` in any case, by name, at most `most`."""
    named = sa.func.lower(repository.c.full_name).contains(part.lower(), autoescape=True)
    return list(conn.execute(_NAMES.where(named).limit(most)).scalars())
