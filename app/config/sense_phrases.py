"""The rules between the keys of phrases: their patterns, their one meaning, and the commands that they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.config import sense_commands
from app.config.finding import Finding, Path, items, section
from app.config.nearest import did_you_mean
from app.config.schema import OFF, RepositoryConfig
from app.config.verbs import BUILT_IN
from app.core import phrase, template
from app.errors import Mistake

MOST_PHRASES = 100
MOST_SAYINGS = 400
"""Patterns in one file, so that reading minutes takes a bounded time."""

_MEANINGS = ("run", "do", "as")


def findings(root: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """All that is wrong in `phrases`. `base`: the configuration that the file extends, where that is known."""
    base = RepositoryConfig() if root.get("extends") == "none" else base
    phrases = section(root, "phrases")
    yield from _switched(phrases, base)
    declared = {name: one for name, one in phrases.items() if isinstance(one, Mapping)}
    if len(declared) > MOST_PHRASES or sum(len(list(items(one, "says"))) for one in declared.values()) > MOST_SAYINGS:
        yield Finding(("phrases",), f"at most {MOST_PHRASES} phrases with {MOST_SAYINGS} ways to say them are allowed")
        return
    for name, one in declared.items():
        yield from _one(("phrases", name), one)
        yield from _run(("phrases", name, "run"), one, root, base)


def _switched(phrases: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """`name: off` is about the phrases of what the file extends."""
    known = base.phrases.keys() if base else set()
    for name, value in phrases.items():
        if value != OFF or name in known:
            continue
        if base is None:
            message = f"no phrase `{name[:60]}` here; right only if the server's configuration has it"
            yield Finding(("phrases", name), message, severity="note")
        else:
            yield Finding(("phrases", name), f"there is no phrase `{name[:60]}`", did_you_mean(name, known))


def _one(path: Path, one: Mapping[str, Any]) -> Iterator[Finding]:
    meanings = [key for key in _MEANINGS if key in one]
    if len(meanings) != 1:
        yield Finding(path, "a phrase means one thing: exactly one of `run`, `do` and `as`")
    arguments = section(one, "args")
    if phrase.TARGET in arguments:
        yield Finding((*path, "args", phrase.TARGET), "`{target}` is known already: the issue that is meant")
    yield from sense_commands.findings(path, {**one, "args": _optional(arguments)})
    for place, source in items(one, "says"):
        if isinstance(source, str):
            yield from _saying((*path, *place), source, arguments)


def _optional(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """A place that nothing fills is empty, so that their order doesn't matter."""
    return {
        name: {"optional": True, **one} if isinstance(one, Mapping) else {"optional": True}
        for name, one in arguments.items()
    }


def _saying(path: Path, source: str, arguments: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        phrase.parse(source, {name: phrase.kind(_type(one)) for name, one in arguments.items()})
    except Mistake as mistake:
        yield Finding(path, str(mistake), at="value")


def _type(argument: object) -> str:
    return str(section({"": argument}, "").get("type", "word"))


def _run(
    path: Path, one: Mapping[str, Any], root: Mapping[str, Any], base: RepositoryConfig | None
) -> Iterator[Finding]:
    line = one.get("run")
    if not isinstance(line, str):
        return
    verb = line.split()[0].removeprefix("/") if line.strip() else ""
    if not line.startswith("/") or "\n" in line or not verb:
        yield Finding(path, "expected one command, as `/close not-planned`", at="value")
        return
    known = {*BUILT_IN, *section(root, "commands"), *section(root, "families")}
    known |= {*base.commands, *base.families} if base else set()
    if verb not in known:
        severity: Any = "error" if base else "note"
        yield Finding(path, f"there is no verb `{verb[:60]}`", did_you_mean(verb, known), at="value", severity=severity)
    for mistake in template.check(line, (*sense_commands.SEEN, *section(one, "args"))):
        yield Finding(path, mistake, at="value")
