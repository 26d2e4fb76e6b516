"""What is known of a meeting while its issue is opened."""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.meetings.agenda import Gathered
from app.engine.meetings.files import Described
from app.meetings.occurrence import Occurrence
from app.store.meetings import Key, Meeting
from app.store.mirror import KnownRepository


@dataclass(frozen=True, slots=True)
class Scene:
    """`at`: the repository of its issue; `previous_at`: of the issue of the previous meeting. `following`: the next date."""

    described: Described
    at: KnownRepository
    occurrence: Occurrence
    previous: Meeting | None
    previous_at: KnownRepository | None
    following: Occurrence | None
    gathered: Gathered

    @property
    def key(self) -> Key:
        return Key(self.described.repository_id, self.described.series.id, self.occurrence.day)
