"""The queues of a repository as its configuration says them, by the files as last read, for who may read those files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core import filter as filters
from app.core.filter import Filter
from app.core.text import clip, one_line
from app.errors import Mistake
from app.store import configs, mirror_read
from app.store.visibility import PATH, Visitor, sees

if TYPE_CHECKING:
    from app.config.dashboard import Queue
    from app.config.schema import RepositoryConfig

_one = threading.Lock()
"""To parse a file takes up to a third of a second: once, whoever asks."""


@dataclass(frozen=True, slots=True)
class QueueRule:
    """`words`: the filter as it is written. `low_water`: with fewer than that many a supply runs dry."""

    id: str
    title: str
    words: str
    resolution: str
    filter: Filter
    low_water: int | None = None


def of(conn: sa.Connection, visitor: Visitor, repository_id: int, folder: Path | None) -> tuple[QueueRule, ...]:
    """Those of a repository that the visitor may see; of its organization's file only where they may see that too."""
    known = mirror_read.repository(conn, repository_id)
    if known is None:
        return ()
    own = configs.get(conn, repository_id, PATH)
    if own is not None and own.good_text is not None:
        return parsed(own.good_text, folder)
    above = mirror_read.repository_named(conn, f"{known.repository.owner}/.github")
    shared = configs.get(conn, above.repository.id, PATH) if above and not above.removed else None
    if above is not None and shared is not None and shared.good_text is not None:
        return parsed(shared.good_text, folder) if sees(conn, visitor, above.repository.id) else ()
    return parsed(None, folder)


def parsed(text: str | None, folder: Path | None) -> tuple[QueueRule, ...]:
    """Those of a good text over the server's configuration; None: the server's alone."""
    with _one:
        return _of_text(text, folder)


@lru_cache(maxsize=256)
def _of_text(text: str | None, folder: Path | None) -> tuple[QueueRule, ...]:
    from app.config.check import read
    from app.config.merge import extend

    server = _server(folder)
    own = read(text, filename=PATH, base=server).config if text is not None else None
    config = extend(server, own) if own is not None else server
    return tuple(
        QueueRule(
            id_,
            clip(one_line(queue.title or id_), 100),
            queue.filter,
            clip(one_line(queue.resolution or ""), 300),
            _filter(queue),
            queue.low_water,
        )
        for id_, queue in config.queues.items()
    )


def _filter(queue: Queue) -> Filter:
    wanted = filters.from_words(queue.filter).filter
    return wanted.put(sort=queue.sort) if queue.sort else wanted


@lru_cache(maxsize=4)
def _server(folder: Path | None) -> RepositoryConfig:
    """The server's own configuration, read once, as workers do; an empty one where it has mistakes."""
    from app.config.defaults import load
    from app.config.schema import RepositoryConfig

    loading: Callable[[Path | None], RepositoryConfig] = load
    try:
        return loading(folder)
    except Mistake:
        return RepositoryConfig()
