"""What a delivery is an occasion for: commands in its text, rules that it sets off, or one rule of a sweep on one issue."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.core import events
from app.core.values import Person, Ref, Repository
from app.engine.sorting import Source, source
from app.rules import happening
from app.rules.happening import Happening
from app.store.deliveries import Delivery

SWEEP = "sweep"
"""In the place of GitHub's event: a row of the inbox that a sweep put there itself."""
WEB = "web"
"""Likewise: what a person who is signed in said on a page of ours."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """`sender`: who caused it, a sweep's being ourselves. `sweep`: the rule's name, "" for none."""

    sender: Person
    target: Ref
    source: Source | None = None
    happenings: tuple[Happening, ...] = ()
    sweep: str = ""

    @property
    def text(self) -> str:
        """The id of the text, "" for none."""
        return self.source.id if self.source else ""


def of(delivery: Delivery, event: events.Event, repository: Repository, bot_login: str) -> Occasion | None:
    """None where there is nothing to do. `repository`: as it is called now; it may have been renamed since."""
    target = Ref(repository.full_name, delivery.number)
    if delivery.event == SWEEP:
        name = json.loads(delivery.body or b"{}").get("rule", "")
        return Occasion(Person(0, bot_login, bot=True), target, sweep=name) if name else None
    if delivery.event == WEB:
        said = _said(delivery, repository)
        return Occasion(said.sender, target, said)
    found = source(event)
    told = tuple(replace(one, target=target) for one in happening.of(event))
    if found is not None:
        return Occasion(found.sender, target, replace(found, repository=repository, seq=delivery.seq), told)
    return Occasion(told[0].sender, target, None, told) if told else None


def _said(delivery: Delivery, repository: Repository) -> Source:
    """Command lines as typed on a page, as if they stood in a comment. Only we write these rows: nobody else is the sender."""
    told = json.loads(delivery.body or b"{}")
    return Source(
        id=f"{WEB} {delivery.seq}",
        text=told["text"],
        before=None,
        sender=Person(told["person_id"], told["login"]),
        repository=repository,
        number=delivery.number,
        comment_id=None,
        app=None,
        at=datetime.fromtimestamp(delivery.received_at / 1000, UTC),
        seq=delivery.seq,
        page=True,
    )
