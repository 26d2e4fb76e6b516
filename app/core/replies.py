"""The answer to a comment: a reaction, and words only where a reaction can't say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.plan import Outcome
from app.core.text import clip, code, defang, one_line

Reaction = Literal["+1", "confused"]

ALL_DONE = "All done now."
"""What an answer that named failures says once its comment was mended."""

MOST_TEXT = 1_500
MOST_BODY = 60_000
"""Characters of the body, so that the engine's hidden marker fits into GitHub's 65,536."""

_WORDS = {"done": "done", "already": "already so", "failed": "failed: "}
_WRONG = frozenset({"refused", "misunderstood", "failed"})


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
    parts = [_report(said, login)] if wrong else []
    parts += dict.fromkeys(outcome.text for outcome in said if outcome.status == "answer")
    return Answer("confused" if wrong else "+1", clip("\n\n".join(parts), MOST_BODY) or None)


def _report(outcomes: Sequence[Outcome], login: str) -> str:
    """A heading and a line for each command."""
    told = [outcome for outcome in outcomes if outcome.status != "answer"]
    wrong = sum(outcome.status in _WRONG for outcome in told)
    often = Counter(outcome.line for outcome in told)
    lines = [_line(outcome, several=often[outcome.line] > 1) for outcome in told]
    whole = (
        "this was not done" if len(told) == 1 else f"{wrong} of {len(told)} {'was' if wrong == 1 else 'were'} not done"
    )
    address = f"{defang(login)}, {whole}" if login else whole[0].upper() + whole[1:]
    return f"{address}:\n\n" + _fitting(lines)


def _line(outcome: Outcome, *, several: bool) -> str:
    on = f" on {code(str(outcome.target), 150)}" if several else ""
    typed = outcome.typed or f"/{outcome.command}"
    return f"- {code(typed)}{on}: {_WORDS.get(outcome.status, '')}{defang(one_line(clip(outcome.text, MOST_TEXT)))}"


def _fitting(lines: list[str]) -> str:
    """As many whole lines as a body can hold, and how many are missing."""
    size = kept = 0
    while kept < len(lines) and (size := size + len(lines[kept]) + 1) < MOST_BODY - 5_000:
        kept += 1
    missing = [f"- … and {len(lines) - kept} more"] if kept < len(lines) else []
    return "\n".join([*lines[:kept], *missing])
