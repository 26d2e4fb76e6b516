"""What a command may raise instead of acting: sentences that begin small, because the answer puts the command before them."""

from __future__ import annotations

from app.core.invocation import Invocation
from app.core.names import Names
from app.core.text import code, listed
from app.errors import Mistake


class Refused(Mistake):
    """This person may not. Says who may."""


class Misunderstood(Mistake):
    """The words can't be read as a use of the command, or name what does not exist."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"not understood: {sentence}")


class Impossible(Mistake):
    """Understood, but it can't be done as things are."""


def nothing_more(invocation: Invocation) -> None:
    """Raises Misunderstood for words behind a verb that takes none."""
    if invocation.arguments:
        raise Misunderstood(
            f"{code('/' + invocation.verb)} takes no {code(invocation.arguments)}; nothing may follow it."
        )


def unknown(kind: str, typed: str, names: Names) -> Misunderstood:
    """There is no such name; the nearest ones are suggested."""
    near = names.near(typed)
    guess = f" Did you mean {' or '.join(code(name) for name in near)}?" if near else ""
    return Misunderstood(f"there is no {kind} {code(typed)}.{guess}")


def missing(kind: str, example: str, choices: tuple[str, ...] = ()) -> Misunderstood:
    """Nothing was named where something must be."""
    offered = f" Choose from {listed(choices)}." if choices else ""
    return Misunderstood(f"name {kind}, as in {code(example)}.{offered}")
