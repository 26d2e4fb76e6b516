"""Configuration files as last read from repositories, with the last good text of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import config_file


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """`text` None: the repository has no such file. `good_text`: the last text without mistakes. `stale`: read it again."""

    repository_id: int
    path: str
    sha: str | None
    text: str | None
    good_text: str | None
    problems: str
    read_at: int

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


def mark_stale(conn: sa.Connection, repository_id: int) -> None:
    """A push may have changed them: read them again before the next use."""
    conn.execute(sa.update(config_file).where(config_file.c.repository_id == repository_id).values(read_at=0))


def broken(conn: sa.Connection) -> list[ConfigFile]:
    """Files with mistakes: an older text is at work, or none."""
    return [
        ConfigFile(**row._mapping) for row in conn.execute(sa.select(config_file).where(config_file.c.problems != ""))
    ]
