"""`/can-i`: whether the sender may use a command, and the rule that decides."""

from __future__ import annotations

from collections.abc import Mapping

from app.commands import permission
from app.commands.asking import asked
from app.commands.card import Card, Command, Told
from app.commands.facts import Facts
from app.core.invocation import Invocation
from app.core.text import code

CARD = Card(
    verb="can-i",
    usage="/can-i command",
    help="Say whether you may use a command, and which rule decides.",
    who=("anyone",),
    examples=("/can-i close", "/can-i #12 /milestone next"),
)


def command(others: Mapping[str, Command]) -> Command:
    """`/can-i` for each of the `others`."""

    def plan(invocation: Invocation, facts: Facts) -> Told:
        _, about = asked(invocation, others, CARD.examples[0])
        may = permission.may(about.card, facts)
        verb = code(f"/{about.card.verb}")
        text = f"{verb} on {code(str(facts.issue.ref), 150)}: {'yes' if may else 'no'}. {_why(about.card, facts)}"
        return Told(text, "answer", about="done" if may else "refused")

    return Command(CARD, plan)


def _why(card: Card, facts: Facts) -> str:
    origin = "`permissions` of the configuration" if card.verb in facts.config.permissions else "the command's own rule"
    who = f"By {origin} it is for {permission.in_words(permission.rule(card, facts.config))}."
    return f"{who} {permission.standing(facts)}"
