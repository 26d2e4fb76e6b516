"""The steps of declared verbs and of rules that are about meetings: on an agenda, something to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.commands import agenda, meetings, todo
from app.commands.card import Need, Told
from app.commands.facts import Facts
from app.commands.mistakes import Impossible
from app.config.schema import Step
from app.core.actions import Action
from app.core.dates import FORMS, understood
from app.core.invocation import Invocation
from app.core.text import clip, code, one_line


@dataclass(frozen=True, slots=True)
class Plain:
    """The texts of a step, rendered."""

    text: str
    due: str = ""


def needs(steps: Iterable[Step]) -> frozenset[Need]:
    """What must be asked before."""
    about = any(step.add_to_agenda is not None or step.add_todo is not None for step in steps)
    return frozenset({"meeting"}) if about else frozenset()


def listed(name: str, invocation: Invocation, facts: Facts, place: str) -> tuple[Action, ...]:
    """The issue comes on the next agenda of that series, or of the only one."""
    wanted = agenda.added(meetings.series(name, facts), invocation, facts, place)
    return wanted.actions if isinstance(wanted, Told) else wanted


def noted(
    plain: Plain, owners: tuple[str, ...], invocation: Invocation, facts: Facts, place: str
) -> tuple[Action, ...]:
    """Nothing where an argument that names the owners, or the text, was left out."""
    text = clip(one_line(plain.text), todo.LONGEST)
    if not owners or not text:
        return ()
    due = understood(plain.due, facts.now.date()) if plain.due else None
    if plain.due and due is None:
        raise Impossible(f"{code(plain.due)} is no day that I know; days look like {FORMS}.")
    found = todo.noted(todo.Wish(owners, text, due), invocation, facts, place)
    return (found,) if found is not None else ()
