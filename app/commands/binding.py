"""What was typed behind a declared verb, bound to the arguments that its configuration declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.commands import canonical, milestones, people
from app.commands.facts import Facts
from app.commands.labelling import existing
from app.commands.mistakes import Misunderstood, unknown
from app.config.schema import Argument
from app.core import arguments
from app.core.arguments import Word
from app.core.invocation import Invocation
from app.core.names import Names, fold
from app.core.references import shown
from app.core.text import code, listed
from app.errors import Mistake

LIVE = frozenset({"person", "issue"})
"""Types whose values are checked letter by letter, and are meant to work in a comment: as a mention, as a reference."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one argument from the beginning of the words that are left."""

    invocation: Invocation
    facts: Facts

    def take(self, words: tuple[Word, ...], argument: Argument) -> tuple[str, tuple[Word, ...]]:
        """The value and the words behind it. Raises a Mistake where the words don't fit."""
        match argument.type:
            case "rest":
                return arguments.joined(words), ()
            case "milestone":
                return milestones.find(arguments.joined(words), self.facts, keywords=not words[0].quoted).title, ()
            case "label":
                return self._label(words)
            case _:
                return self._one(words[0], argument), words[1:]

    def _label(self, words: tuple[Word, ...]) -> tuple[str, tuple[Word, ...]]:
        names = existing(self.facts)
        length, found = arguments.longest(words, names)
        if found.name is None:
            raise unknown("label", arguments.pieces(words, names)[0].typed, names)
        return found.name, words[length:]

    def _one(self, word: Word, argument: Argument) -> str:
        match argument.type:
            case "choice":
                return _choice(word.typed, Names(argument.choices))
            case "person":
                return people.login(word.typed, self.facts)
            case "issue":
                return self._issue(word.typed)
            case _:
                return word.typed

    def _issue(self, typed: str) -> str:
        ref = canonical.named(typed, self.invocation)
        if ref is None:
            raise Misunderstood(f"{code(typed)} names no issue; write it as `#12`.")
        return shown(canonical.looked_up(ref, self.facts).ref, self.facts.repository.full_name)


def bind(usage: str, declared: Mapping[str, Argument], invocation: Invocation, facts: Facts) -> dict[str, str]:
    """A text for each declared argument, "" for those left out. Raises a Mistake that says what does not fit.

    An argument may be introduced by its name: `/pr-welcome mentor @nicole`.
    """
    read = arguments.read(invocation.arguments)
    reader, words = _Reader(invocation, facts), read.words
    values = {name: (read.reason or "") if argument.type == "reason" else "" for name, argument in declared.items()}
    misfit: Mistake | None = None
    for name, argument in declared.items():
        if argument.type == "reason":
            continue
        words = _introduced(name, words)
        if not words:
            _may_be_left_out(name, argument, usage)
            continue
        try:
            values[name], words = reader.take(words, argument)
        except Mistake as error:
            if not argument.optional:
                raise
            misfit = misfit or error
    if words:
        raise misfit or Misunderstood(f"{code(arguments.joined(words))} is too much. Write {code(usage)}.")
    return values


def _introduced(name: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
    known = len(words) > 1 and not words[0].quoted and fold(words[0].text).rstrip(":") == fold(name).replace("_", "-")
    return words[1:] if known else words


def _may_be_left_out(name: str, argument: Argument, usage: str) -> None:
    if argument.optional:
        return
    raise Misunderstood(f"{code(name)} is missing. Write {code(usage)}.")


def _choice(typed: str, choices: Names) -> str:
    found = choices.find(typed)
    if found is None:
        raise Misunderstood(f"{code(typed)} is none of {listed(tuple(choices))}.")
    return found
