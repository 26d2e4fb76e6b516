"""What the shape of rounds.yml looks like to others: a JSON Schema for editors, tables for the reference page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.config import verbs
from app.config.rules_schema import Conditions, RoleBound, Speaker
from app.config.schema import OFF, ON, Off, RepositoryConfig, Rule

Schema = dict[str, Any]

_OFF: Schema = {"const": OFF, "description": "Switches it off."}
_ON: Schema = {"const": ON, "description": "Switches it on."}
_NULLABLE = frozenset({"low_water"})
_EITHER: Schema = {"oneOf": [{"required": ["labels"]}, {"required": ["prefix"]}]}
_CHOICES: Schema = {
    "if": {"properties": {"type": {"const": "choice"}}, "required": ["type"]},
    "then": {"required": ["choices"]},
    "else": {"not": {"required": ["choices"]}},
}
_ON_OR_EVERY: Schema = {
    "oneOf": [
        {"required": ["on"], "not": {"required": ["limit"]}},
        {"required": ["every", "if"], "properties": {"if": {"minProperties": 1}}},
    ]
}
_ONE_MEANING: Schema = {"oneOf": [{"required": [key]} for key in ("run", "do", "as")]}
_ONE_KEY: Schema = {
    "minProperties": 1,
    "if": {"required": ["if"]},
    "then": {"minProperties": 2, "maxProperties": 2},
    "else": {"maxProperties": 1},
}
_DO_OR_REPLY: Schema = {"anyOf": [{"required": ["do"]}, {"required": ["reply"]}]}


def json_schema() -> Schema:
    """JSON Schema (2020-12) of rounds.yml; what it refuses, `check.read` refuses too."""
    made = RepositoryConfig.model_json_schema()
    root: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "rounds.yml"}
    definitions = {name: tidy(part) for name, part in root.pop("$defs").items() if name != Off.__name__}
    definitions["Family"].update(_EITHER)
    definitions["Argument"].update(_CHOICES)
    definitions["Step"].update(_ONE_KEY)
    definitions["Command"].update(_DO_OR_REPLY)
    definitions["Rule"].update(_ON_OR_EVERY)
    definitions["Phrase"].update(_ONE_MEANING)
    for name in ("RoleBound", "Speaker"):
        definitions[name].update({"minProperties": 1})
    root = tidy(root)
    root["properties"] = {key: part for key, part in root["properties"].items() if key.isprintable()}
    for section in Off.model_fields:
        _may_be_off(root["properties"][section])
    _may_be_on(root["properties"]["rules"])
    _reserve_verbs(root["properties"])
    return {**root, "$defs": definitions}


def tidy(schema: Schema) -> Schema:
    """A copy without pydantic's titles of keys, and without null where YAML must not have it."""
    tidy = dict(schema)
    for key, part in tidy.get("properties", {}).items():
        tidy["properties"][key] = _property(key, part)
    return tidy


def _property(key: str, schema: Schema) -> Schema:
    tidy = {name: value for name, value in schema.items() if name != "title"}
    if key not in _NULLABLE:
        others = [part for part in tidy.pop("anyOf", []) if part != {"type": "null"}]
        tidy = {**(others[0] if len(others) == 1 else {"anyOf": others} if others else {}), **tidy}
    if tidy.get("default", "") is None:
        del tidy["default"]
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy


def _may_be_off(section: Schema) -> None:
    section["patternProperties"] = {
        pattern: {"anyOf": [_OFF, inner]} for pattern, inner in section["patternProperties"].items()
    }


def _may_be_on(section: Schema) -> None:
    section["patternProperties"] = {
        pattern: {"anyOf": [_ON, *inner["anyOf"]]} for pattern, inner in section["patternProperties"].items()
    }


def _reserve_verbs(properties: Schema) -> None:
    """GitHub's verbs can't be declared; built-in ones can only be switched off, as commands."""
    properties["families"]["propertyNames"] = {"not": {"enum": sorted(verbs.GITHUB | verbs.BUILT_IN)}}
    properties["commands"]["propertyNames"] = {"not": {"enum": sorted(verbs.GITHUB)}}
    properties["commands"]["properties"] = dict.fromkeys(sorted(verbs.BUILT_IN), _OFF)


def reference() -> str:
    """Markdown: a table of keys for rounds.yml and for each kind of value in it."""
    schema = json_schema()
    parts = [("`rounds.yml`", schema), *((name, part) for name, part in schema["$defs"].items())]
    return "\n\n".join("\n".join(table(name, part)) for name, part in parts) + "\n"


def conditions() -> str:
    """Markdown: the tables of what may stand under `if` of a rule."""
    parts = json_schema()["$defs"]
    names = (Conditions.__name__, RoleBound.__name__, Speaker.__name__)
    return "\n\n".join("\n".join(table(name, parts[name])) for name in names)


def shipped_rules(rules: Mapping[str, Rule]) -> str:
    """Markdown: a table of rules."""
    lines = ["| rule | when | does |", "|---|---|---|"]
    for name, rule in rules.items():
        when = f"every {rule.every}" if rule.every else ", ".join(f"`{trigger}`" for trigger in rule.on or ())
        lines.append(f"| `{name}` | {when} | {rule.help} |")
    return "\n".join(lines)


def table(name: str, schema: Schema) -> Iterator[str]:
    """Lines of Markdown: heading, and a table of the keys."""
    yield f"### {name}\n\n{schema['description']}\n"
    yield "| key | value | when left out | meaning |\n|---|---|---|---|"
    for key, part in schema["properties"].items():
        absent = "must be given" if key in schema.get("required", ()) else _absent(part)
        meaning = part["description"].replace("|", r"\|")
        yield f"| `{key}` | {_words(part)} | {absent} | {meaning} |"


def _absent(part: Schema) -> str:
    default = part.get("default")
    if isinstance(default, dict) or default is None or default in ((), [], ""):
        return "–"
    return f"`{json.dumps(default).strip(chr(34))}`"


def _words(part: Schema) -> str:
    """What may be written, in words; kinds with a table of their own are links."""
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in part:
        return f"`{json.dumps(part['const']).strip(chr(34))}`"
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if "anyOf" in part:
        return " or ".join(_words(inner) for inner in part["anyOf"])
    if "items" in part:
        return f"list of {_words(part['items'])}"
    if "patternProperties" in part:
        return " or ".join(f"name: {_words(inner)}" for inner in part["patternProperties"].values())
    return _SIMPLE[part.get("type", "object")]


_SIMPLE = {
    "string": "text",
    "integer": "number",
    "boolean": "`true`, `false`",
    "object": "keys and values",
    "null": "`null`",
}
