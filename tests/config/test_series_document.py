"""The JSON Schema of a series agrees with the reader, and what is published is fresh."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from app.config import guard
from app.config.series import read_series
from app.config.series_document import json_schema, reference
from app.config.series_schema import Series
from tests.config.test_series import BEGIN, WHOLE

ROOT = Path(__file__).parents[2]
VALIDATOR = jsonschema_rs.Draft202012Validator(json_schema())


def fits(text: str) -> bool:
    return VALIDATOR.is_valid(guard.parse(text, "w.yml").value)


@pytest.mark.parametrize(
    "text", [BEGIN, WHOLE, *(path.read_text() for path in (ROOT / "config/meetings").glob("*.yml"))]
)
def test_what_the_reader_accepts_the_schema_accepts(text):
    assert read_series(text, filename="w.yml").series is not None
    assert fits(text)


@pytest.mark.parametrize(
    "line",
    [
        "labels: [x]",
        "zones: [3]",
        "roles: {a: {}}",
        "roles: {a: {people: x, away: []}}",
        "roles: {a: {rote: x}}",
        "variants: [{when: every Friday}]",
        "open: {before: soon}",
        "reminders: [{}]",
        "agenda: {queries: [{heading: all}]}",
        "agenda: {link: somewhere}",
        "issue: {repo: name}",
        "archive: {pull_request: true}",
        "numbering: {width: 11}",
        "  skip: [tomorrow]",
        "  changes: [{from: 2020-10-01}]",
        "  duration: 90",
        "version: 2",
        "id: x",
    ],
)
def test_what_the_schema_can_see_it_refuses_too(line):
    text = f"{BEGIN}{line}\n"
    assert read_series(text, filename="w.yml").series is None
    assert not fits(text)


@pytest.mark.parametrize("change", [('"10:30"', "1030"), ("2020-09-11", "soon"), ("name: Weekly\n", "")])
def test_and_what_is_missing_or_of_another_kind(change):
    assert not fits(BEGIN.replace(*change))


def test_the_published_schema_is_fresh():
    """To write it again: python -c "import json; from app.config.series_document import json_schema as made;
    print(json.dumps(made(), indent=2, ensure_ascii=False))" > docs/schema/meeting.json
    """
    assert json.loads((ROOT / "docs/schema/meeting.json").read_text()) == json.loads(json.dumps(json_schema()))


def test_the_schema_is_one():
    assert jsonschema_rs.meta.is_valid(json_schema())
    assert "\\u0000" not in json.dumps(json_schema())


def test_every_key_is_explained():
    schema = json_schema()
    assert schema["properties"].keys() == Series.model_fields.keys() - {"id"}
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        assert all(key["description"] for key in part["properties"].values())
        for key in part["properties"]:
            assert f"| `{key}` |" in reference()


def test_durations_are_told_as_people_write_them():
    assert "| `catch_up` | text | `1d` |" in reference()
    assert "| `duration` | text | `1h` |" in reference()
