"""A command: its card, from which help and documentation are made, and its plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.commands.facts import Facts
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.replies import Answer
from app.core.values import Ref

DEFAULT_WHO = ("triage",)
"""Who may change labels, milestone, people and state, unless something else is said."""


@dataclass(frozen=True, slots=True)
class Card:
    """Describes a command. `usage` and `examples` as typed; `who`: any of these suffices, unless `permissions` says otherwise."""

    verb: str
    usage: str
    help: str
    who: tuple[str, ...] = DEFAULT_WHO
    examples: tuple[str, ...] = ()
    source: Literal["built-in", "family", "declared"] = "built-in"


def no_mentions(_invocation: Invocation) -> tuple[Ref, ...]:
    """For commands whose arguments name no issue."""
    return ()


@dataclass(frozen=True, slots=True)
class Command:
    """`plan` says what is wanted (what is so already is left out later), or answers; it raises a Mistake where it can't.

    `mentions`: the issues named in the arguments, which must be looked up before `plan`.
    """

    card: Card
    plan: Callable[[Invocation, Facts], tuple[Action, ...] | Answer]
    mentions: Callable[[Invocation], tuple[Ref, ...]] = no_mentions
