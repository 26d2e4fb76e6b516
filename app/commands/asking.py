"""The command that a question (`/preview`, `/can-i`) is about."""

from __future__ import annotations

from collections.abc import Mapping

from app.commands.card import Command
from app.commands.mistakes import Misunderstood, missing, unknown
from app.core import grammar
from app.core.invocation import Invocation
from app.core.names import Names
from app.core.text import code

QUESTIONS = frozenset({"preview", "can-i"})


def meant(invocation: Invocation) -> Invocation:
    """The command that a question is about, where it is about one; any other line is meant itself."""
    inner = grammar.within(invocation) if invocation.verb in QUESTIONS else None
    return inner if inner is not None and inner.verb not in QUESTIONS else invocation


def asked(invocation: Invocation, others: Mapping[str, Command], example: str) -> tuple[Invocation, Command]:
    """The command that the question is about, and what is known of it. Raises Misunderstood where it is about none of ours."""
    if not invocation.arguments:
        raise missing("a command", example)
    inner = grammar.within(invocation)
    if inner is None:
        raise Misunderstood(f"{code(invocation.arguments)} is no command. Write it as in {code(example)}.")
    if inner.verb in QUESTIONS:
        raise Misunderstood(f"{code('/' + inner.verb)} changes nothing and is for anyone: just use it.")
    if inner.verb not in others:
        raise unknown("command", f"/{inner.verb}", Names(f"/{verb}" for verb in others))
    return inner, others[inner.verb]
