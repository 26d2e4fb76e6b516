"""A command: its card, from which help and documentation are made, and its plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from app.commands.facts import Facts, Wants
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.plan import Status
from app.core.replies import Answer
from app.core.values import Ref

Need = Literal["type", "parent", "blocked_by", "blocking", "related", "due", "pinned", "meeting"]
"""What a command may ask to have looked up freshly, besides what every command gets. All but `meeting` are fields of Issue."""

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


def no_wants(_invocation: Invocation, _facts: Facts) -> Wants:
    """For commands whose arguments name neither people nor repositories that must be looked up."""
    return Wants()


@dataclass(frozen=True, slots=True)
class Told:
    """Words, and the actions that they go with.

    `about`: of a question about another command, what would become of that one; `would`: what it would do.
    """

    text: str
    status: Literal["done", "partly", "answer"]
    actions: tuple[Action, ...] = ()
    about: Status | None = None
    would: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """`plan` says what is wanted (what is so already is left out later), or answers; it raises a Mistake where it can't.

    `mentions`: the issues named in the arguments, which must be looked up before `plan`. `needs`: what of the issue must be
    asked freshly before `plan`; it costs calls, so nobody is asked for what the person may not do anyway. `wants`: what else
    the arguments name; the same holds. `on_locked`: it is heard for a locked issue, too.
    `aims`: issues at the beginning of its arguments are meant as those before the verb are.
    """

    card: Card
    plan: Callable[[Invocation, Facts], tuple[Action, ...] | Answer | Told]
    mentions: Callable[[Invocation], tuple[Ref, ...]] = no_mentions
    needs: frozenset[Need] = frozenset()
    wants: Callable[[Invocation, Facts], Wants] = no_wants
    on_locked: bool = False
    aims: bool = False
