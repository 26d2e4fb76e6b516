"""`/preview`: what a command would do, in words; nothing is done."""

from __future__ import annotations

from collections.abc import Mapping

from app.commands.asking import asked
from app.commands.card import Card, Command, Told
from app.commands.facts import Facts
from app.commands.permission import in_words, rule
from app.commands.verdict import Verdict, verdict
from app.core.invocation import Invocation
from app.core.merge import merge
from app.core.text import clip, code, defang, one_line
from app.core.wording import deed

CARD = Card(
    verb="preview",
    usage="/preview command",
    help="Say exactly what a command would do, and change nothing.",
    who=("anyone",),
    examples=("/preview /close not-planned", "/preview #12 #13 /milestone next"),
)
_MOST_TEXT = 1_500


def command(others: Mapping[str, Command]) -> Command:
    """`/preview` of each of the `others`."""

    def plan(invocation: Invocation, facts: Facts) -> Told:
        inner, about = asked(invocation, others, CARD.examples[0])
        found = verdict(about, inner, facts)
        who = f"Who may: {in_words(rule(about.card, facts.config))}."
        text = f"{code(inner.typed)} on {code(str(facts.issue.ref), 150)} {_would(found)}\n\n{who}"
        return Told(text, "answer", about=found.status, would=found.actions)

    return Command(CARD, plan)


def _would(found: Verdict) -> str:
    words = defang(one_line(clip(found.text, _MOST_TEXT)))
    match found.status:
        case "done" | "partly":
            writes = [f"- {defang(deed(write, _quoted))}" for write in merge(found.actions)]
            said = [f"- say: {words}"] if words else []
            return "\n".join(["would:\n", *writes, *said])
        case "already":
            return "is so already: nothing would be written."
        case "answer":
            return "would be answered in words: nothing would be written."
        case _:
            return f"would not be done: {words}"


def _quoted(text: str) -> str:
    return code(text, 300)
