"""The configuration that holds in a repository, by the files as last read, for who may read those files."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.errors import Mistake
from app.store import tables as t
from app.store.visibility import PATH, Visitor, visible

if TYPE_CHECKING:
    from app.config.schema import RepositoryConfig

_one = threading.Lock()
"""To parse a file takes up to a third of a second: once, whoever asks."""


def text(conn: sa.Connection, visitor: Visitor, repository_id: int) -> tuple[bool, str | None]:
    """Of one repository, as `texts`: whether the visitor may know what holds there, and its good text."""
    found = texts(conn, visitor, [repository_id])
    return repository_id in found, found.get(repository_id)


def texts(conn: sa.Connection, visitor: Visitor, repositories: Iterable[int]) -> dict[int, str | None]:
    """The good text that holds in each of these repositories, which the visitor sees; None is the server's.

    One is not there where its organization's file holds: that is shown only to those who see its repository.
    """
    of, lower = t.repository.c, sa.func.lower(t.repository.c.full_name)
    names = conn.execute(sa.select(of.id, lower).where(of.id.in_(list(repositories))))
    homes = {id_: f"{name.partition('/')[0]}/.github" for id_, name in names}
    query = (
        sa.select(of.id, lower, t.config_file.c.good_text, of.id.in_(visible(visitor)))
        .join(t.config_file, t.config_file.c.repository_id == of.id)
        .where(t.config_file.c.path == PATH, t.config_file.c.good_text.is_not(None), of.removed.is_(False))
        .where(of.id.in_(list(homes)) | lower.in_(sorted(set(homes.values()))))
    )
    own: dict[int, str] = {}
    shared: dict[str, tuple[str | None, bool]] = {}
    for id_, name, good, seen in conn.execute(query.order_by(of.id)):
        own[id_], shared[name] = good, (good, seen)
    held = {id_: (own[id_], True) if id_ in own else shared.get(home, (None, True)) for id_, home in homes.items()}
    return {id_: good for id_, (good, seen) in held.items() if seen}


def config(text: str | None, folder: Path | None) -> RepositoryConfig:
    """What a good text says over the server's configuration in `folder`; None: the server's alone."""
    with _one:
        return _whole(text, folder)


@lru_cache(maxsize=64)
def _whole(text: str | None, folder: Path | None) -> RepositoryConfig:
    from app.config.check import read
    from app.config.merge import extend

    server = _server(folder)
    own = read(text, filename=PATH, base=server).config if text is not None else None
    return extend(server, own) if own is not None else server


@lru_cache(maxsize=4)
def _server(folder: Path | None) -> RepositoryConfig:
    """The server's own configuration, read once, as workers do; an empty one where it has mistakes."""
    from app.config.defaults import load
    from app.config.schema import RepositoryConfig

    try:
        return load(folder)
    except Mistake:
        return RepositoryConfig()
