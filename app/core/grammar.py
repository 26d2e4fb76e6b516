"""From text to invocations: what was asked for, before anybody looks whether it can be done. Source: docs/commands.md."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from app.core.invocation import Invocation
from app.core.markdown import command_lines
from app.core.references import reference
from app.core.text import one_line, unmarked
from app.core.values import Ref

MOST_COMMANDS = 20
MOST_TARGETS = 25
LONGEST_LINE = 1_000
"""Characters of a command and its arguments."""
LONGEST_TARGETS = 5_000
"""Characters before it: as many addresses of issues as may stand there."""

TOO_MANY = f"only the first {MOST_COMMANDS} commands of a comment run; put this one and the rest into another comment."
TOO_LONG = f"a command has at most {LONGEST_LINE:,} characters; make it shorter, or several."
TOO_WIDE = f"a command can name at most {MOST_TARGETS} issues before its verb; split it into several."

_WORD = re.compile(r"\S+")
_VERB = re.compile(r"/([a-z][a-z0-9-]*)", re.IGNORECASE | re.ASCII)
_QUOTES = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")


@dataclass(frozen=True, slots=True)
class _Where:
    home: str
    bot: str
    web_url: str


def parse(text: str, home: str, bot_login: str, web_url: str = "https://github.com") -> tuple[Invocation, ...]:
    """The commands of a comment or body, in order. `home`: "owner/name" of its repository. Never raises.

    After the twentieth at most one more is returned, with its `trouble`, so that the answer can say that the rest is not run.
    """
    where = _Where(home, bot_login.removesuffix("[bot]").lower(), web_url)
    found = [i for number, line in command_lines(text) if (i := _read(number, line, where)) is not None]
    return (*found[:MOST_COMMANDS], *(replace(i, trouble=TOO_MANY) for i in found[MOST_COMMANDS : MOST_COMMANDS + 1]))


def added(new: tuple[Invocation, ...], old: tuple[Invocation, ...]) -> tuple[Invocation, ...]:
    """Those of `new` that an edit brought: not in `old`, wherever in the text it stood and however it was spaced."""
    known = Counter(_same(invocation) for invocation in old)
    fresh = []
    for invocation in new:
        key = _same(invocation)
        if known[key] > 0:
            known[key] -= 1
        else:
            fresh.append(invocation)
    return tuple(fresh)


def within(invocation: Invocation) -> Invocation | None:
    """The command that the arguments of another one are, as of `/preview #12 /close`; there the slash may be left out.

    Without targets of its own it has those of the outer one. None where the arguments are no command.
    """
    where = _Where(invocation.home, "", invocation.web_url)
    found = _read(invocation.line, invocation.arguments, where, bare=True)
    return replace(found, targets=found.targets or invocation.targets) if found else None


def _same(invocation: Invocation) -> tuple[object, ...]:
    targets = tuple((ref.repository.lower(), ref.number) for ref in invocation.targets)
    arguments = one_line(unmarked(invocation.arguments)).translate(_QUOTES).casefold()
    return targets, invocation.verb, arguments, bool(invocation.trouble)


def _read(number: int, line: str, where: _Where, *, bare: bool = False) -> Invocation | None:
    """The invocation that a line is, or None. `bare`: its slash may be missing."""
    if len(line) > LONGEST_LINE + LONGEST_TARGETS:
        return None
    typed = unmarked(line).strip()
    targets, rest = _targets(typed, where)
    verb, arguments = _verb(
        f"/{rest}" if bare and not rest.startswith(("/", "@")) else rest, where, addressed=not targets
    )
    if not verb:
        return None
    trouble = TOO_WIDE if len(targets) > MOST_TARGETS else TOO_LONG if len(rest) > LONGEST_LINE else ""
    return Invocation(
        number, verb, arguments[:LONGEST_LINE], () if trouble else targets, typed, where.home, where.web_url, trouble
    )


def _targets(typed: str, where: _Where) -> tuple[tuple[Ref, ...], str]:
    """The references at the beginning, each once, and what follows them."""
    found: dict[tuple[str, int], Ref] = {}
    for word in _WORD.finditer(typed):
        ref = reference(word[0].rstrip(","), where.home, where.web_url)
        if ref is None:
            return tuple(found.values()), typed[word.start() :]
        found.setdefault((ref.repository.lower(), ref.number), ref)
    return (), ""


def _verb(rest: str, where: _Where, *, addressed: bool) -> tuple[str, str]:
    """`/verb arguments` or, with `addressed`, `@rounds verb arguments`; ("", "") if it is neither."""
    first, _, arguments = _parted(rest)
    if addressed and first.rstrip(",:").removesuffix("[bot]").lower() == f"@{where.bot}":
        first, _, arguments = _parted(arguments)
        first = first if first.startswith("/") else f"/{first}"
    match = _VERB.fullmatch(first)
    return (match[1].lower(), arguments) if match else ("", "")


def _parted(text: str) -> tuple[str, str, str]:
    """The first word, and the rest, whatever white space is between."""
    parts = text.split(None, 1)
    return (parts[0] if parts else "", " ", parts[1].strip() if len(parts) > 1 else "")
