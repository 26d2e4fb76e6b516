"""`/help`: which commands there are, or how one is used."""

from __future__ import annotations

from collections.abc import Mapping

from app.commands import table
from app.commands.card import Card, Command
from app.commands.facts import Facts
from app.commands.mistakes import unknown
from app.core import arguments
from app.core.invocation import Invocation
from app.core.names import Names
from app.core.replies import Answer

CARD = Card(
    verb="help",
    usage="/help [command]",
    help="Show the commands, or how one is used.",
    who=("anyone",),
    examples=("/help", "/help milestone"),
)

HOW = "One command a line. Names with spaces need no quotes; `#12 #13 /close` acts on other issues; `because …` gives a reason."


def command(others: Mapping[str, Command]) -> Command:
    """`/help` for itself and the `others`."""
    cards = {"help": CARD, **{verb: other.card for verb, other in others.items()}}

    def plan(invocation: Invocation, facts: Facts) -> Answer:
        return Answer("+1", _text(cards, invocation, facts))

    return Command(CARD, plan)


def _text(cards: Mapping[str, Card], invocation: Invocation, facts: Facts) -> str:
    words = arguments.read(invocation.arguments).words
    if not words:
        more = f"\n\n[With examples, rules and labels]({facts.page})" if facts.page else ""
        return f"{table.rows(cards.values(), facts.config)}\n\n{HOW}{more}"
    names = Names(cards, {f"/{verb}": verb for verb in cards})
    verb = names.find(words[0].text)
    if verb is None:
        raise unknown("command", words[0].text, names)
    return table.detail(cards[verb], facts.config)
