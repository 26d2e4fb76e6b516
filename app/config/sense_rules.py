"""The rules between the keys of rules: what sets one off, which conditions go with that, and rules that set each other off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from app.config import sense_commands
from app.config.finding import Finding, Path, items, section
from app.config.nearest import did_you_mean
from app.config.schema import OFF, ON, RepositoryConfig
from app.core.names import fold

MOST_RULES = 100
"""Rules in one file, so that looking for loops takes a bounded time."""
_ABOUT_LABELS = frozenset({"labeled", "unlabeled"})
_OTHERS = frozenset({"labels", "no_labels", "any", "not"})
_OPPOSITE = {"labeled": "unlabeled", "unlabeled": "labeled", "closed": "reopened", "reopened": "closed"}


def findings(root: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """All that is wrong in `rules`. `base`: the configuration that the file extends, where that is known."""
    rules = section(root, "rules")
    yield from _switched(rules, RepositoryConfig() if root.get("extends") == "none" else base)
    declared = {name: rule for name, rule in rules.items() if isinstance(rule, Mapping)}
    if len(declared) > MOST_RULES:
        yield Finding(("rules",), f"there are {len(declared)} rules, at most {MOST_RULES} are allowed")
        return
    for name, rule in declared.items():
        yield from _one(("rules", name), rule)
    yield from _loops(declared)


def _switched(rules: Mapping[str, Any], base: RepositoryConfig | None) -> Iterator[Finding]:
    """`name: on` and `name: off` are about the rules of what the file extends."""
    known: AbstractSet[str] = base.rules.keys() if base else set()
    for name, value in rules.items():
        if value not in (ON, OFF) or name in known:
            continue
        hint = did_you_mean(name, known)
        if base is None:
            message = f"no rule `{name[:60]}` here; right only if the server's configuration has it"
            yield Finding(("rules", name), message, hint, severity="note")
        else:
            yield Finding(("rules", name), f"there is no rule `{name[:60]}`", hint)


def _one(path: Path, rule: Mapping[str, Any]) -> Iterator[Finding]:
    if ("on" in rule) == ("every" in rule):
        yield Finding(path, "a rule has either `on` or `every`: exactly one of them")
    elif "every" in rule and not section(rule, "if"):
        yield Finding(path, "a sweep without conditions would change every issue", "say which, under `if`")
    if "limit" in rule and "every" not in rule:
        yield Finding((*path, "limit"), "`limit` is for sweeps, which have `every`")
    yield from _conditions((*path, "if"), section(rule, "if"), _happenings(rule))
    for place, step in items(rule, "do"):
        if isinstance(step, Mapping):
            yield from sense_commands.step_findings((*path, *place), step, {})
    yield from _takes_back(path, rule)


def _conditions(path: Path, given: Mapping[str, Any], happenings: AbstractSet[str]) -> Iterator[Finding]:
    if "label" in given and not (happenings and happenings <= _ABOUT_LABELS):
        hint = "`labels` are those that the issue has"
        yield Finding((*path, "label"), "`label` stands only with `on: issue.labeled` or `unlabeled`", hint)
    for key in ("author_role", "last_comment_by"):
        if given.get(key) == {}:
            yield Finding((*path, key), "it says nothing", "as `{below: triage}`")
    if given.get("field") == {}:
        yield Finding((*path, "field"), "it names no field", 'as `field: {"Component": "API*"}`')
    for place, inner in items(given, "any"):
        yield from _conditions((*path, *place), inner if isinstance(inner, Mapping) else {}, happenings)
    if isinstance(given.get("not"), Mapping):
        yield from _conditions((*path, "not"), given["not"], happenings)


def _happenings(rule: Mapping[str, Any]) -> frozenset[str]:
    """What sets it off, without whether that is an issue or a pull request."""
    return frozenset(event.rpartition(".")[2] for _, event in items(rule, "on") if isinstance(event, str))


class _Effect(NamedTuple):
    """What a rule makes happen. `name`: of the label; "" for a label that only a template knows, and for all else."""

    what: str
    name: str


def _effects(rule: Mapping[str, Any]) -> set[_Effect]:
    found: set[_Effect] = set()
    for _, step in items(rule, "do"):
        for key, what in (("add_labels", "labeled"), ("remove_labels", "unlabeled")):
            names = [name for _, name in items(step, key) if isinstance(name, str)]
            found |= {_Effect(what, "" if "{" in name else fold(name)) for name in names}
        if isinstance(step, Mapping):
            pairs = (
                ("close", "closed"),
                ("reopen", "reopened"),
                ("set_milestone", "milestoned"),
                ("assign", "assigned"),
            )
            found |= {_Effect(what, "") for key, what in pairs if key in step}
    return found


def _sets_off(effect: _Effect, rule: Mapping[str, Any]) -> bool:
    """Whether that is surely what the rule waits for: a label that only a template knows, and conditions on other labels,
    may keep it from that. What is not seen here is cut when it happens."""
    if effect.what not in _happenings(rule):
        return False
    conditions = section(rule, "if")
    if effect.what not in _ABOUT_LABELS:
        return True
    if not effect.name or (effect.what == "labeled" and _fits(effect.name, conditions, "no_labels")):
        return False
    return _fits(effect.name, conditions, "label") if "label" in conditions else _OTHERS.isdisjoint(conditions)


def _fits(name: str, conditions: Mapping[str, Any], key: str) -> bool:
    patterns = [fold(pattern) for _, pattern in items(conditions, key) if isinstance(pattern, str)]
    return any(name == pattern or fnmatchcase(name, pattern) for pattern in patterns)


def _takes_back(path: Path, rule: Mapping[str, Any]) -> Iterator[Finding]:
    """A rule that undoes the very thing that sets it off would fight whoever did it."""
    if "label" not in section(rule, "if"):
        return
    for effect in sorted(_effects(rule)):
        cause = _Effect(_OPPOSITE.get(effect.what, ""), effect.name)
        if effect.name and _sets_off(cause, rule):
            yield Finding(path, f"it takes back what sets it off: the label `{effect.name}`")


def _loops(rules: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Rules that set each other off, of which one takes away what the other gives."""
    effects = {name: _effects(rule) for name, rule in rules.items()}
    next_ = {a: {b for b in rules if any(_sets_off(effect, rules[b]) for effect in effects[a])} for a in rules}
    reached = {name: _reached(name, next_) for name in rules}
    for a in rules:
        for b in sorted(reached[a]):
            against = [e for e in sorted(effects[a]) if _Effect(_OPPOSITE.get(e.what, ""), e.name) in effects[b]]
            if a < b and against and a in reached[b]:
                what = f"the label `{against[0].name}`" if against[0].name else "the state"
                yield Finding(("rules", a), f"`{a}` and `{b}` set each other off and turn {what} back and forth")


def _reached(start: str, next_: Mapping[str, AbstractSet[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = next_[waiting.pop()] - found
        found |= new
        waiting += new
    return found
