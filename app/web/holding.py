"""The configuration that holds in a repository, by the files as last read, for who may read those files."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.errors import Mistake
from app.store import configs, mirror_read
from app.store.visibility import PATH, Visitor, sees

if TYPE_CHECKING:
    from app.config.schema import RepositoryConfig

_one = threading.Lock()
"""To parse a file takes up to a third of a second: once, whoever asks."""


def text(conn: sa.Connection, visitor: Visitor, repository_id: int) -> tuple[bool, str | None]:
    """Whether the visitor may know what holds in a repository that they see, and the good text of it: None is the server's.

    The organization's file is shown only to those who see its repository.
    """
    known = mirror_read.repository(conn, repository_id)
    if known is None:
        return False, None
    own = configs.get(conn, repository_id, PATH)
    if own is not None and own.good_text is not None:
        return True, own.good_text
    above = mirror_read.repository_named(conn, f"{known.repository.owner}/.github")
    shared = configs.get(conn, above.repository.id, PATH) if above and not above.removed else None
    if above is None or shared is None or shared.good_text is None:
        return True, None
    return sees(conn, visitor, above.repository.id), shared.good_text


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
