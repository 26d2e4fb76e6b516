"""The JSON Schema agrees with the reader, and what is published is fresh."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from app.config import guard
from app.config.document import json_schema, reference
from app.config.schema import RepositoryConfig
from tests.config.examples import GOOD, MISTAKES

ROOT = Path(__file__).parents[2]
VALIDATOR = jsonschema_rs.Draft202012Validator(json_schema())

BEYOND = {
    *("two actions", "empty label", "long label"),
    *(
        "nothing",
        "unquoted template",
        "template",
        "template of a label",
        "template of a milestone",
        "a reply with a hole",
    ),
    *("permission for no verb", "off for no family", "command is a family", "condition", "duplicate of"),
    *("reserved argument", "argument after an optional one", "argument after the rest"),
}
"""Mistakes that a JSON Schema can't see."""


def value(text: str) -> object:
    found = guard.parse(text, "f.yml").value
    return {} if found is None else found


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_the_reader_accepts_the_schema_accepts(text):
    assert [error.message for error in VALIDATOR.iter_errors(value(text))] == []


@pytest.mark.parametrize("name", ["defaults.yml", "commands.yml", "rules.yml"])
def test_the_shipped_configuration_fits_the_schema(name):
    assert VALIDATOR.is_valid(value((ROOT / "config" / name).read_text()))


@pytest.mark.parametrize("name", [name for name in MISTAKES if name not in BEYOND])
def test_what_the_schema_can_see_it_refuses_too(name):
    assert not VALIDATOR.is_valid(value(MISTAKES[name][0]))


def test_the_published_schema_is_fresh():
    """To write it again: python -c "import json; from app.config.document import json_schema as made;
    print(json.dumps(made(), indent=2, ensure_ascii=False))" > docs/schema/rounds.json
    """
    assert json.loads((ROOT / "docs/schema/rounds.json").read_text()) == json_schema()


def test_the_schema_is_one():
    assert jsonschema_rs.meta.is_valid(json_schema())
    assert "\\u0000" not in json.dumps(json_schema())


def test_every_key_is_explained():
    schema = json_schema()
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        assert all(key["description"] for key in part["properties"].values())


def test_the_reference_names_every_key():
    text = reference()
    keys = {field.alias or name for name, field in RepositoryConfig.model_fields.items() if name not in {"off", "on"}}
    assert all(f"\n| `{key}` | " in text for key in keys)
    assert text.count("\n### ") == len(json_schema()["$defs"])
    assert "| `close` | `true` or [CloseAction](#closeaction) | – | `true`, or how to close. |" in text
