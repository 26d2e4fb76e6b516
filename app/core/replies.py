"""The answer to a comment: a reaction, and words only where a reaction can't say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.plan import Outcome
from app.core.text import clip, code, defang, listed, one_line

Reaction = Literal["+1", "confused"]

ALL_DONE = "All done now."
"""What an answer that named failures says once its comment was mended."""

MOST_TEXT = 1_500
MOST_BODY = 60_000
"""Characters of the body, so that the engine's hidden marker fits into GitHub's 65,536."""
MOST_NAMED = 25
"""Targets that one line of the answer names."""

_WORDS = {"done": "done", "already": "already so", "failed": "failed: ", "partly": "done in part: "}
_WRONG = frozenset({"refused", "misunderstood", "failed", "partly"})


@dataclass(frozen=True, slots=True)
class Answer:
    """`reaction` to the comment, and the `body` of the one reply; None where there is none."""

    reaction: Reaction | None = None
    body: str | None = None


def answer(outcomes: Sequence[Outcome], *, login: str) -> Answer:
    """One answer for all commands of one comment. `login`: the sender's, named (not mentioned) where something went wrong."""
    said = [outcome for outcome in outcomes if outcome.status != "foreign"]
    if not said:
        return Answer()
    wrong = any(outcome.status in _WRONG for outcome in said)
    parts = [_report(said, login)] if wrong else [_notes(said)]
    parts += dict.fromkeys(outcome.text for outcome in said if outcome.status == "answer")
    return Answer("confused" if wrong else "+1", clip("\n\n".join(part for part in parts if part), MOST_BODY) or None)


def _report(outcomes: Sequence[Outcome], login: str) -> str:
    """A heading and the lines of each command."""
    told = [outcome for outcome in outcomes if outcome.status != "answer"]
    wrong = sum(outcome.status in _WRONG for outcome in told)
    whole = (
        "this was not done" if len(told) == 1 else f"{wrong} of {len(told)} {'was' if wrong == 1 else 'were'} not done"
    )
    if all(outcome.status == "partly" for outcome in told if outcome.status in _WRONG):
        whole = "not all of this was done"
    address = f"{defang(login)}, {whole}" if login else whole[0].upper() + whole[1:]
    return f"{address}:\n\n" + _fitting([line for command in _by_line(told) for line in _lines(command)])


def _notes(outcomes: Sequence[Outcome]) -> str:
    """What is to be said about commands that were done."""
    told = [outcome for outcome in outcomes if outcome.text and outcome.status != "answer"]
    return _fitting([line for command in _by_line(told) for line in _lines(command)])


def _by_line(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    found: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.line, []).append(outcome)
    return list(found.values())


def _lines(command: list[Outcome]) -> list[str]:
    """A line for a command; with several targets one below it for each way in which it ended, with the targets of that."""
    first = command[0]
    if len(command) == 1:
        return [f"- {code(first.typed or f'/{first.command}')}: {_ending(first)}"]
    # the targets come below, and before a long line is clipped its verb should stand
    head = f"- {code(first.typed[max(first.typed.lower().find(f' /{first.command}'), 0) :] or f'/{first.command}')}"
    endings: dict[str, list[str]] = {}
    for outcome in command:
        endings.setdefault(_ending(outcome), []).append(str(outcome.target))
    return [head, *(f"  - {_named(targets)}: {ending}" for ending, targets in endings.items())]


def _ending(outcome: Outcome) -> str:
    if outcome.status == "done" and outcome.text:
        return _said(outcome)
    return f"{_WORDS.get(outcome.status, '')}{_said(outcome)}"


def _said(outcome: Outcome) -> str:
    return defang(one_line(clip(outcome.text, MOST_TEXT)))


def _named(targets: list[str]) -> str:
    return code(targets[0], 150) if len(targets) == 1 else listed(tuple(targets), MOST_NAMED)


def _fitting(lines: list[str]) -> str:
    """As many whole lines as a body can hold, and how many are missing."""
    size = kept = 0
    while kept < len(lines) and (size := size + len(lines[kept]) + 1) < MOST_BODY - 5_000:
        kept += 1
    missing = [f"- … and {len(lines) - kept} more"] if kept < len(lines) else []
    return "\n".join([*lines[:kept], *missing])
