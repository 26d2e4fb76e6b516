"""What a rule may look at, besides its own words: the facts of a command, and what went before on the issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.commands.facts import Facts
from app.core.values import Person, Role
from app.rules.happening import Happening


@dataclass(frozen=True, slots=True)
class History:
    """What people and rules did to the issue before.

    `removed`: labels that a person took off and nobody put back, folded. `turns`: how often rules added or removed a label
    (folded) within the last hour. `done`: (rule, kind of action) of all that rules did here. `acted_at`: when a rule did
    something last, UTC.
    """

    removed: frozenset[str] = frozenset()
    turns: Mapping[str, int] = field(default_factory=dict)
    done: frozenset[tuple[str, str]] = frozenset()
    acted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """`happening`: what set the rules off, None in a sweep. `answers`: of the issue's form. `comments`: how many there are.

    `speaker`: who wrote the last comment that is not ours, None where that is not known or there is none. `roles` by the id
    of a person, as far as they were asked for.
    """

    facts: Facts
    happening: Happening | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    comments: int = 0
    speaker: Person | None = None
    roles: Mapping[int, Role | None] = field(default_factory=dict)
    history: History = History()

    @property
    def last_speaker(self) -> Person | None:
        """Who spoke last: where nobody commented, the author by opening it. None: that must be asked for."""
        return self.speaker or (None if self.comments else self.facts.issue.author)
