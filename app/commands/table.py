"""Cards as Markdown: for `/help`, for README.md and for the documentation."""

from __future__ import annotations

from collections.abc import Iterable

from app.commands.card import Card
from app.commands.permission import in_words, rule
from app.config.schema import RepositoryConfig
from app.core.text import clip, defang, one_line, verbatim


def rows(cards: Iterable[Card], config: RepositoryConfig) -> str:
    """A table of all commands: usage, what it does, who may."""
    lines = ["| command | what it does | who |", "|---|---|---|"]
    lines += [_row(verbatim(card.usage), _prose(card.help), in_words(rule(card, config))) for card in cards]
    return "\n".join(lines)


def detail(card: Card, config: RepositoryConfig) -> str:
    """One command with its examples."""
    examples = [f"- {verbatim(example)}" for example in card.examples]
    told = [
        f"{verbatim(card.usage)}: {_prose(card.help)}",
        f"Who may: {in_words(rule(card, config))}.",
        "\n".join(examples),
    ]
    return "\n\n".join(part for part in told if part)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _prose(text: str) -> str:
    return defang(clip(one_line(text), 300))
