"""Configuration files as last read from repositories, with the last good text of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import config_file, repository


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """`text` None: the repository has no such file. `good_text`: the last text without mistakes. `stale`: read it again.

    `triggers`: what sets off the rules of `good_text`, `dashboard`: whom it lets see the dashboard ("" leaves that to the
    server); None where that is not known.
    """

    repository_id: int
    path: str
    sha: str | None
    text: str | None
    good_text: str | None
    problems: str
    read_at: int
    triggers: str | None = None
    dashboard: str | None = None

    @property
    def stale(self) -> bool:
        return self.read_at == 0


_GET = sa.select(config_file).where(
    config_file.c.repository_id == sa.bindparam("repository"), config_file.c.path == sa.bindparam("path")
)


def get(conn: sa.Connection, repository_id: int, path: str) -> ConfigFile | None:
    """The file as last read; None when it never was."""
    row = conn.execute(_GET, {"repository": repository_id, "path": path}).one_or_none()
    return ConfigFile(**row._mapping) if row else None


def put(conn: sa.Connection, file: ConfigFile) -> None:
    """Remember a file as read, unless it was read again since (`read_at` is when the reading began)."""
    row = {name: _storable(getattr(file, name)) for name in (column.name for column in config_file.c)}
    written = insert(conn, config_file).values(row)
    keys = ["repository_id", "path"]
    changed = {name: value for name, value in row.items() if name not in keys}
    newer = written.excluded.read_at >= config_file.c.read_at
    conn.execute(written.on_conflict_do_update(index_elements=keys, set_=changed, where=newer))


def _storable(value: Any) -> Any:
    """Neither NUL, which PostgreSQL refuses, nor half a surrogate, which YAML's escapes can make."""
    return value.replace("\0", "\ufffd").encode(errors="replace").decode() if isinstance(value, str) else value


def put_triggers(conn: sa.Connection, file: ConfigFile, triggers: str) -> None:
    """What sets off the rules of that file's good text, unless another one was read meanwhile."""
    here = (config_file.c.repository_id == file.repository_id, config_file.c.path == file.path)
    same = config_file.c.good_text == _storable(file.good_text)
    conn.execute(sa.update(config_file).where(*here, same).values(triggers=triggers))


_TRIGGERS = sa.select(
    config_file.c.repository_id, config_file.c.read_at, config_file.c.good_text.is_not(None), config_file.c.triggers
).where(
    config_file.c.path == sa.bindparam("path"), config_file.c.repository_id.in_(sa.bindparam("ids", expanding=True))
)
_SHARED = sa.select(sa.func.lower(repository.c.full_name), repository.c.id).where(
    sa.func.lower(repository.c.full_name).in_(sa.bindparam("names", expanding=True)), repository.c.removed.is_(False)
)


def triggers(conn: sa.Connection, repositories: Mapping[int, str], path: str, server: str) -> dict[int, str | None]:
    """What sets off the rules in force, by the repository's id (given with its full name); None where it must be read first.

    `server`: that of repositories without a file of their own or of their organization.
    """
    found = _triggers_of(conn, repositories, path)
    without = {
        id_: f"{repositories[id_].partition('/')[0]}/.github".lower() for id_, told in found.items() if told == ""
    }
    shared = (
        dict(tuple(row) for row in conn.execute(_SHARED, {"names": sorted(set(without.values()))})) if without else {}
    )
    theirs = _triggers_of(conn, shared.values(), path) if shared else {}
    for id_, name in without.items():
        told = theirs[shared[name]] if name in shared else ""
        found[id_] = server if told == "" else told
    return found


def _triggers_of(conn: sa.Connection, ids: Iterable[int], path: str) -> dict[int, str | None]:
    """Of the file of each; "" where there is none that works, None where it was not read, or not since it changed."""
    wanted = list(ids)
    rows = conn.execute(_TRIGGERS, {"path": path, "ids": wanted})
    known = {id_: (told if good else "") if read_at else None for id_, read_at, good, told in rows}
    return {id_: known.get(id_) for id_ in wanted}


def mark_stale(conn: sa.Connection, repository_id: int, prefix: str = "") -> None:
    """A push may have changed those whose path begins so: read them again before the next use."""
    those = (config_file.c.repository_id == repository_id, config_file.c.path.startswith(prefix, autoescape=True))
    conn.execute(sa.update(config_file).where(*those).values(read_at=0))


def stale(conn: sa.Connection, path: str) -> list[int]:
    """Repositories whose file of that path is to be read again."""
    query = sa.select(config_file.c.repository_id).where(config_file.c.path == path, config_file.c.read_at == 0)
    return list(conn.execute(query.order_by(config_file.c.repository_id)).scalars())


def under(conn: sa.Connection, prefix: str, repository_id: int | None = None) -> list[ConfigFile]:
    """Those whose path begins so, of one repository or of all."""
    query = sa.select(config_file).where(config_file.c.path.startswith(prefix, autoescape=True))
    if repository_id is not None:
        query = query.where(config_file.c.repository_id == repository_id)
    rows = conn.execute(query.order_by(config_file.c.repository_id, config_file.c.path))
    return [ConfigFile(**row._mapping) for row in rows]


def forget(conn: sa.Connection, repository_id: int, paths: Iterable[str]) -> None:
    """They are there no more."""
    gone = (config_file.c.repository_id == repository_id, config_file.c.path.in_(list(paths)))
    conn.execute(sa.delete(config_file).where(*gone))


def broken(conn: sa.Connection) -> list[ConfigFile]:
    """Files with mistakes: an older text is at work, or none."""
    return [
        ConfigFile(**row._mapping) for row in conn.execute(sa.select(config_file).where(config_file.c.problems != ""))
    ]
