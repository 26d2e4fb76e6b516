"""The queues of a repository as its configuration says them, by the files as last read, for who may read those files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core import filter as filters
from app.core.filter import Filter
from app.core.text import clip, one_line
from app.store.visibility import Visitor
from app.web import holding

if TYPE_CHECKING:
    from app.config.dashboard import Queue


@dataclass(frozen=True, slots=True)
class QueueRule:
    """`words`: the filter as it is written. `low_water`: with fewer than that many a supply runs dry."""

    id: str
    title: str
    words: str
    resolution: str
    filter: Filter
    low_water: int | None = None

    @property
    def spelled(self) -> dict[str, str]:
        """Names as whoever wrote the rule spells them."""
        return filters.spellings(self.words)


def of(conn: sa.Connection, visitor: Visitor, repository_id: int, folder: Path | None) -> tuple[QueueRule, ...]:
    """Those of a repository that the visitor may see; of its organization's file only where they may see that too."""
    seen, text = holding.text(conn, visitor, repository_id)
    return parsed(text, folder) if seen else ()


@lru_cache(maxsize=256)
def parsed(text: str | None, folder: Path | None) -> tuple[QueueRule, ...]:
    """Those of a good text over the server's configuration; None: the server's alone."""
    return tuple(
        QueueRule(
            id_,
            clip(one_line(queue.title or id_), 100),
            queue.filter,
            clip(one_line(queue.resolution or ""), 300),
            _filter(queue),
            queue.low_water,
        )
        for id_, queue in holding.config(text, folder).queues.items()
    )


def _filter(queue: Queue) -> Filter:
    wanted = filters.from_words(queue.filter).filter
    return wanted.put(sort=queue.sort) if queue.sort else wanted
