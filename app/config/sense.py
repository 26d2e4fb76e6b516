"""The rules between keys, which no single field can see.

They work on the plain values, so that they speak even where a field is wrong: every mistake is found at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from app.config import sense_commands, sense_labels, sense_phrases, sense_queues, sense_rules, verbs
from app.config.finding import Finding, items, section
from app.config.nearest import did_you_mean
from app.config.schema import OFF, Off, RepositoryConfig


def findings(root: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """All that is wrong between the keys of a file. `base`: the configuration that it extends, where that is known."""
    yield from _families(root)
    yield from _taken_names(root)
    yield from _unknown_verbs(root, base)
    yield from _foreign(root)
    for verb, command in section(root, "commands").items():
        yield from sense_commands.findings(("commands", verb), command)
    yield from sense_commands.findings_in_templates(
        section(root, "commands"), section(root, "rules"), section(root, "phrases")
    )
    yield from sense_rules.findings(root, base)
    yield from sense_labels.findings(root, base)
    yield from sense_phrases.findings(root, base)
    yield from sense_queues.findings(root, base)


def _families(root: Mapping[str, Any]) -> Iterator[Finding]:
    for name, family in section(root, "families").items():
        if isinstance(family, Mapping) and ("labels" in family) == ("prefix" in family):
            yield Finding(("families", name), "a family has either `labels` or `prefix`: exactly one of them")


def _declared(root: Mapping[str, Any], name: str) -> set[str]:
    return {verb for verb, value in section(root, name).items() if value != OFF}


def _taken_names(root: Mapping[str, Any]) -> Iterator[Finding]:
    families = _declared(root, "families")
    for name in ("families", "commands"):
        for verb in sorted(_declared(root, name)):
            why = _taken(verb) or (f"`/{verb}` is a family already" if name == "commands" and verb in families else "")
            if why:
                yield Finding((name, verb), why, "choose another name")


def _taken(verb: str) -> str:
    if verb in verbs.GITHUB:
        return f"`/{verb}` belongs to GitHub's own editor"
    return f"`/{verb}` is built in" if verb in verbs.BUILT_IN else ""


def _unknown_verbs(root: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """Permissions, and names that are switched off, must be verbs. Without a base they may be the server's: a note."""
    base = RepositoryConfig() if root.get("extends") == "none" else base
    families = _declared(root, "families") | (set(base.families) if base else set())
    known = families | verbs.BUILT_IN | _declared(root, "commands") | (set(base.commands) if base else set())
    for name in Off.model_fields.keys() - {"rules", "phrases", "queues"}:
        among = families if name == "families" else known
        for verb, value in section(root, name).items():
            if (name == "permissions" or value == OFF) and verb not in among:
                yield _unknown_verb(name, verb, among, certain=base is not None or verb in verbs.GITHUB)


def _unknown_verb(name: str, verb: str, among: AbstractSet[str], *, certain: bool) -> Finding:
    what, suggestion = "family" if name == "families" else "verb", did_you_mean(verb, among)
    if certain:
        return Finding((name, verb), f"there is no {what} `{verb[:60]}`", suggestion)
    message = f"no {what} `{verb[:60]}` here; right only if the server's configuration has it"
    return Finding((name, verb), message, suggestion, severity="note")


def _foreign(root: Mapping[str, Any]) -> Iterator[Finding]:
    ours = verbs.BUILT_IN | _declared(root, "families") | _declared(root, "commands")
    for path, verb in items(root, "foreign_commands"):
        if isinstance(verb, str) and verb in ours:
            yield Finding(path, f"Rounds has a verb `{verb}` too; it will not answer it", at="value", severity="note")
