"""One configuration over another: what a file says wins, what it leaves open comes from what it extends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from app.config.schema import Command, Family, Off, RepositoryConfig

T = TypeVar("T")

_PER_NAME = ("families", "permissions", "commands", "rules", "phrases", "queues")
_VERBS = ("families", "commands")


def extend(base: RepositoryConfig, own: RepositoryConfig) -> RepositoryConfig:
    """`own` over `base`: per name in families, permissions, commands, rules, phrases and queues, per key elsewhere.

    `name: off` in `own` takes the name away, also the `off` of `base` from what `own` declares again. A family of `own`
    replaces a command of `base` that has its name, and the reverse; its `who` wins over a permission of `base`. `name: on`
    enables a rule, whichever of the two declares it. With `extends: none` the base counts for nothing.
    """
    return own if own.extends == "none" else put_over(base, own)


def put_over(base: RepositoryConfig, own: RepositoryConfig) -> RepositoryConfig:
    """As `extend`, whatever `own` says that it extends: the files of one directory."""
    said = {key: getattr(own, key) for key in own.model_fields_set if key not in (*_PER_NAME, "off", "on")}
    named = {key: _merged(base, own, key) for key in _PER_NAME}
    on = (base.on | own.on) - own.off.rules
    merged = base.model_copy(update={**said, **named, "off": _off(base.off, own), "on": on})
    enabled = {name: rule.model_copy(update={"enabled": True}) for name, rule in merged.rules.items() if name in on}
    return merged.model_copy(update={"rules": {**merged.rules, **enabled}})


def _merged(base: RepositoryConfig, own: RepositoryConfig, key: str) -> dict[str, object]:
    gone = _gone(own, key)
    kept = _without(getattr(base, key), gone)
    return {**kept, **getattr(own, key)}


def _gone(own: RepositoryConfig, key: str) -> frozenset[str]:
    """Names of `base` that don't survive: switched off, or said otherwise elsewhere in `own`."""
    off: frozenset[str] = getattr(own.off, key, frozenset())
    if key == "permissions":
        return off | _with_who(own.families) | _with_who(own.commands)
    if key not in _VERBS:
        return off
    other = own.commands if key == "families" else own.families
    return off | own.off.commands | frozenset(other)


def _with_who(verbs: Mapping[str, Family] | Mapping[str, Command]) -> frozenset[str]:
    return frozenset(name for name, verb in verbs.items() if verb.who is not None)


def _without(names: Mapping[str, T], gone: frozenset[str]) -> dict[str, T]:
    return {name: value for name, value in names.items() if name not in gone}


def _off(base: Off, own: RepositoryConfig) -> Off:
    declared = frozenset(own.families) | frozenset(own.commands)
    return Off(
        families=(base.families | own.off.families) - declared,
        permissions=(base.permissions | own.off.permissions) - frozenset(own.permissions),
        commands=(base.commands | own.off.commands) - declared,
        rules=(base.rules | own.off.rules) - frozenset(own.rules) - own.on,
        phrases=(base.phrases | own.off.phrases) - frozenset(own.phrases),
        queues=(base.queues | own.off.queues) - frozenset(own.queues),
    )
