"""The keys of a call page: those of what every team does, and one for each of the team's own commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase

import sqlalchemy as sa

from app.core.text import clip, one_line
from app.store.visibility import Visitor
from app.web import holding

NEXT, BEFORE, LIST = "j", "k", "?"
USUAL = (
    ("d", "decision", "Decided", " "),
    ("n", "note", "Note", " "),
    ("t", "todo", "To-do", " @"),
    ("l", "label", "Label", " "),
    ("m", "milestone", "Milestone", " "),
    ("a", "assign", "Assign", " @"),
    ("c", "carry", "Carry over", ""),
    ("x", "close", "Close", " "),
)
"""(key, verb, what the button says, what follows the verb) of commands that are built in."""
MOST = 40
"""Of the team's own commands; the line takes all of them."""


@dataclass(frozen=True, slots=True)
class Key:
    """A command that a button begins. `key`: a small letter, "" where none was left; `line`: how the command's line begins."""

    key: str
    name: str
    line: str
    help: str
    own: bool


def of(conn: sa.Connection, visitor: Visitor, repository_id: int, folder: Path | None) -> tuple[Key, ...]:
    """Of the commands that hold in that repository; only the server's where the visitor may not know what holds."""
    seen, text = holding.text(conn, visitor, repository_id)
    return _of_text(text if seen else None, folder)


@lru_cache(maxsize=256)
def _of_text(text: str | None, folder: Path | None) -> tuple[Key, ...]:
    from app.commands import registry

    verbs = {verb: command.card for verb, command in registry.verbs(holding.config(text, folder)).items()}
    usual = [
        Key(key, name, f"/{verb}{more}", clip(one_line(verbs[verb].help), 200), own=False)
        for key, verb, name, more in USUAL
        if verb in verbs
    ]
    own = {verb: verbs[verb] for verb in _own(text, folder) if verb in verbs}
    letters = lettered(list(own)[:MOST])
    return (
        *usual,
        *(
            Key(key, f"/{verb}", f"/{verb} ", clip(one_line(own[verb].help), 200), own=True)
            for verb, key in letters.items()
        ),
    )


def _own(text: str | None, folder: Path | None) -> list[str]:
    """Verbs that are declared, and families: first those of the team's file, then those of the server, each in its order."""
    config, server = holding.config(text, folder), holding.config(None, folder)
    told = {**config.families, **config.commands}
    usual = {**server.families, **server.commands}
    return sorted(told, key=lambda verb: told[verb] == usual.get(verb))


def lettered(verbs: Iterable[str]) -> dict[str, str]:
    """A letter for each verb: the first of its own that is free; for those left then the first free of the alphabet, or ""."""
    found: dict[str, str] = dict.fromkeys(verbs, "")
    free = [one for one in ascii_lowercase if one not in {NEXT, BEFORE, *(key for key, *_ in USUAL)}]
    for wanted in (lambda verb: verb.lower(), lambda _: ascii_lowercase):
        for verb in [verb for verb, letter in found.items() if not letter]:
            found[verb] = next((one for one in wanted(verb) if one in free), "")
            free = [one for one in free if one != found[verb]]
    return found
