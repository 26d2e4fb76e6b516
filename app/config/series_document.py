"""What the shape of a meeting series looks like to others: a JSON Schema for editors, tables for the reference page."""

from __future__ import annotations

from datetime import timedelta

from pydantic import TypeAdapter

from app.config.document import Schema, table, tidy
from app.config.series_schema import ID_KEY, Series

_UNITS = (("w", timedelta(weeks=1)), ("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))


def json_schema() -> Schema:
    """JSON Schema (2020-12) of a series; what it refuses, `series.read_series` refuses too."""
    made = Series.model_json_schema()
    root: Schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": "meetings/<series>.yml"}
    definitions = {name: _written(tidy(part)) for name, part in root.pop("$defs").items()}
    definitions["Role"]["oneOf"] = [{"required": ["people"], "not": {"required": ["away"]}}, {"required": ["rota"]}]
    definitions["Change"]["anyOf"] = [{"required": [key]} for key in ("time", "duration", "rule")]
    definitions["Query"]["anyOf"] = [{"required": [key]} for key in ("labels", "no_labels", "milestone")]
    root = _written(tidy(root))
    root["properties"] = {key: part for key, part in root["properties"].items() if key != ID_KEY}
    return {**root, "$defs": definitions}


def reference() -> str:
    """Markdown: a table of keys for a series and for each kind of value in it."""
    schema = json_schema()
    parts = [("`meetings/<series>.yml`", schema), *((name, part) for name, part in schema["$defs"].items())]
    return "\n\n".join("\n".join(table(name, part)) for name, part in parts) + "\n"


def _written(schema: Schema) -> Schema:
    """Durations as people write them, not as JSON has them."""
    for part in schema.get("properties", {}).values():
        default = part.get("default")
        if isinstance(default, str) and default.startswith("P"):
            part["default"] = _spelled(TypeAdapter(timedelta).validate_python(default))
        elif isinstance(default, dict):
            part.pop("default")
    return schema


def _spelled(duration: timedelta) -> str:
    """As `60m` or `6d`."""
    unit, length = next((unit, length) for unit, length in _UNITS if not duration % length)
    return f"{duration // length}{unit}"
