"""The rules between the keys of one declared command: its arguments, its steps, its templates."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from typing import Any

from app.config.finding import Finding, Path, items, section
from app.config.nearest import did_you_mean
from app.config.schema import Step
from app.core import template

SEEN = ("issue", "sender", "repository")
"""What every template sees, besides the arguments."""
SEEN_BY_RULES = (*SEEN, "author", "title", "label", "milestone", "field")
"""What the templates of a rule see."""
RESERVED = frozenset({*SEEN, "loop", "true", "false", "none", *map(str.lower, keyword.kwlist)})
"""Names that an argument can't have: a template could not mention it."""

MOST_TEMPLATES = 64_000
"""Characters of all templates of one file."""

ACTIONS = tuple(name for name in Step.model_fields if name != "if_")
_LISTS = ("add_labels", "remove_labels", "assign", "unassign")
_TEXTS = (
    ("set_milestone",),
    ("set_type",),
    ("retitle",),
    ("comment",),
    ("comment", "text"),
    ("clear_milestone", "if_matches"),
    ("close", "duplicate_of"),
    ("add_to_agenda",),
    ("add_todo", "text"),
    ("add_todo", "due"),
)


def findings(path: Path, command: object) -> Iterator[Finding]:
    """All that is wrong between the keys of the command at `path`."""
    arguments = section(command, "args")
    if path[0] == "commands" and isinstance(command, Mapping) and not {"do", "reply"} & command.keys():
        yield Finding(path, "the key `do` is missing", "or give a `reply`")
    yield from _arguments((*path, "args"), arguments)
    for place, step in items(command, "do"):
        if isinstance(step, Mapping):
            yield from step_findings((*path, *place), step, arguments)


def findings_in_templates(
    commands: Mapping[str, Any], rules: Mapping[str, Any], phrases: Mapping[str, Any]
) -> Iterator[Finding]:
    """What is wrong in the templates of all commands, rules and phrases; their common size is bounded, and so is the time."""
    size = 0
    for path, source, names in _templates(commands, rules, phrases):
        size += len(source)
        if size > MOST_TEMPLATES:
            yield Finding(path, f"the templates have more than {MOST_TEMPLATES} characters together", at="value")
            return
        for mistake in template.check(source, names):
            yield Finding(path, mistake, at="value")


def _arguments(path: Path, arguments: Mapping[str, Any]) -> Iterator[Finding]:
    optional = greedy = ""
    for name, given in arguments.items():
        argument = given if isinstance(given, Mapping) else {}
        kind = argument.get("type", "word")
        if name in RESERVED:
            yield Finding((*path, name), f"an argument can't be called `{name}`", "choose another name")
        yield from _choices((*path, name), argument, kind)
        if kind == "reason":
            continue
        if greedy:
            yield Finding(
                (*path, name), f"nothing can follow `{greedy}`, which takes the rest of the line", "move it up"
            )
        elif optional and argument.get("optional") is not True:
            yield Finding(
                (*path, name), f"it follows `{optional}`, which may be left out", "make it optional, or move it up"
            )
        optional = optional or (name if argument.get("optional") is True else "")
        greedy = greedy or (name if kind == "rest" else "")


def _choices(path: Path, argument: Mapping[str, Any], kind: object) -> Iterator[Finding]:
    if kind == "choice" and not argument.get("choices"):
        yield Finding(path, "an argument of the type `choice` needs `choices`", "as `choices: [ux, funding]`")
    elif kind != "choice" and "choices" in argument:
        yield Finding((*path, "choices"), "`choices` stand only with `type: choice`", "add `type: choice`")


def step_findings(path: Path, step: Mapping[str, Any], arguments: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong with one step of a command or a rule."""
    actions = [key for key in step if key in ACTIONS]
    if not actions and set(step) <= {"if"}:
        yield Finding(path, "a step needs an action", f"one of {', '.join(ACTIONS)}", at="value")
    elif len(actions) > 1:
        yield Finding(
            path, f"a step has one action, this one has {' and '.join(actions)}", "begin each with `- `", at="value"
        )
    yield from _comment_condition(path, step, arguments)
    yield from _duplicate(path, step)


def _comment_condition(path: Path, step: Mapping[str, Any], arguments: Mapping[str, Any]) -> Iterator[Finding]:
    name = section(step, "comment").get("if")
    if isinstance(name, str) and name not in arguments:
        known = did_you_mean(name, arguments) or "name one of `args`"
        yield Finding((*path, "comment", "if"), f"there is no argument `{name[:60]}`", known, at="value")


def _duplicate(path: Path, step: Mapping[str, Any]) -> Iterator[Finding]:
    close = section(step, "close")
    if "duplicate_of" in close and close.get("reason") != "duplicate":
        yield Finding((*path, "close", "duplicate_of"), "it needs `reason: duplicate` beside it")


def _templates(
    commands: Mapping[str, Any], rules: Mapping[str, Any], phrases: Mapping[str, Any]
) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """(path, template, names that it sees) of every text in a step."""
    for name, rule in rules.items():
        for place, step in items(rule, "do"):
            for inner, text in _texts(step):
                yield ("rules", name, *place, *inner), text, SEEN_BY_RULES
    for key, declared in (("commands", commands), ("phrases", phrases)):
        for name, one in declared.items():
            names = (*SEEN, *section(one, "args"))
            if isinstance(reply := one.get("reply") if isinstance(one, Mapping) else None, str):
                yield (key, name, "reply"), reply, names
            for place, step in items(one, "do"):
                for inner, text in _texts(step):
                    yield (key, name, *place, *inner), text, names


def _texts(step: object) -> Iterator[tuple[Path, str]]:
    for key in _LISTS:
        yield from ((place, item) for place, item in items(step, key) if isinstance(item, str))
    yield from (
        (("add_todo", *place), who) for place, who in items(section(step, "add_todo"), "who") if isinstance(who, str)
    )
    for path in _TEXTS:
        value = step
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            yield path, value
