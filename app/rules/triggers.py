"""What sets off the rules of a configuration, in a line of text: so short that the relay can ask it for every delivery.

Nine of ten deliveries need no effects. The relay must know which do without reading configurations: the line is stored
beside each configuration file when that is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.config.schema import RepositoryConfig
from app.core.names import fits
from app.rules.happening import Happening


@dataclass(frozen=True, slots=True)
class Triggers:
    """`on`: patterns for the label by trigger, () where any will do. `bots`: ids of bots that may set rules off."""

    on: dict[str, tuple[str, ...]]
    bots: frozenset[int] = frozenset()

    def set_off_by(self, happenings: Iterable[Happening]) -> bool:
        """Whether one of these may set off a rule; the conditions are looked at later."""
        return any(self._one(happening) for happening in happenings)

    def _one(self, happening: Happening) -> bool:
        patterns = self.on.get(happening.trigger)
        if patterns is None or (happening.sender.bot and happening.sender.id not in self.bots):
            return False
        return not patterns or fits(patterns, happening.label)


def of(config: RepositoryConfig) -> str:
    """The line; "" where no rule waits for any event."""
    on: dict[str, list[str] | None] = {}
    for rule in config.rules.values():
        for trigger in (rule.on or ()) if rule.enabled else ():
            known = on.get(trigger, [])
            on[trigger] = None if known is None or not rule.if_.label else [*known, *rule.if_.label]
    if not on:
        return ""
    return json.dumps({"on": {name: sorted(set(on[name] or ())) for name in sorted(on)}, "bots": sorted(config.bots)})


@lru_cache(maxsize=2000)
def read(line: str) -> Triggers:
    """What `of` wrote."""
    found = json.loads(line) if line else {"on": {}, "bots": []}
    return Triggers({name: tuple(patterns) for name, patterns in found["on"].items()}, frozenset(found["bots"]))
