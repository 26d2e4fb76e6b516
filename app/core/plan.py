"""What was decided: for each command line its outcome, and for all of them together the writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.actions import Action
from app.core.values import Issue, Ref

Status = Literal["done", "already", "partly", "refused", "misunderstood", "failed", "answer", "foreign"]
"""done: writes follow · already: nothing to do · partly: writes follow, and the text says what can't be done · refused: not
allowed · misunderstood: can't be read or can't be done · failed: GitHub would not (set when performing) · answer: text was
asked for · foreign: not ours, say nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one command line on one target. `text`: a sentence for the reply, "" where a reaction says it all.

    `command`: the verb, fit for logs. `typed`: the line as typed, for the reply only. `about`: of a question about another
    command, what would become of that one, and `would`: what it would do. `undoes`: the lines, as (seq, line), that it takes
    back.
    """

    line: int
    command: str
    target: Ref
    status: Status
    text: str = ""
    actions: tuple[Action, ...] = ()
    typed: str = ""
    about: Status | None = None
    would: tuple[Action, ...] = ()
    undoes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`outcomes` in the order of the lines; `actions`: the smallest set of writes that performs them all; `before`: the
    issues that will change, as they stood."""

    outcomes: tuple[Outcome, ...] = ()
    actions: tuple[Action, ...] = ()
    before: tuple[Issue, ...] = ()
