"""One date of a series, and what was said about it in comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Change:
    """What a comment (`/meeting skip|move|cancel`) says about one date: kept in the store, it outweighs the file.

    `day`: the original date. `to`: aware, for `moved`.
    """

    day: date
    status: Literal["skipped", "cancelled", "moved"]
    to: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`day`: the original date, its identity. `start`, `end`, `opens_at`: aware, in the series' zone, after a move the new ones.

    `number`: also of one that is not held: the number that it has or would have. `reason`: why it is not held or was moved.
    `roles`: who does what, empty where all of a rota are away.
    """

    series: str
    day: date
    start: datetime
    end: datetime
    number: int
    status: Literal["planned", "skipped", "cancelled"]
    reason: str
    moved: bool
    variant: str
    place: str
    roles: Mapping[str, tuple[str, ...]]
    opens_at: datetime
