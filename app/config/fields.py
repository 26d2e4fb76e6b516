"""The kinds of value that keys of a configuration take: names, verbs, people, and the short forms people write."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

ROLES = ("read", "triage", "write", "maintain", "admin")
LABEL_LENGTH = 50
"""Characters of a label's name. Source: github-rules.md section 9 (not documented by GitHub)."""


class Model(BaseModel):
    """Base: frozen, strict, no unknown keys; keys are GitHub's words in snake case."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def refusal(message: str, *choices: str) -> PydanticCustomError:
    """A sentence of ours, to be raised in a validator; the nearest of `choices` becomes the suggestion."""
    return PydanticCustomError("rounds", "{message}", {"message": message, "choices": choices})


@dataclass(frozen=True)
class Matching:
    """The text matches `pattern` whole, or the mistake says what was `expected`."""

    pattern: str
    expected: str
    choices: tuple[str, ...] = ()

    def check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise refusal(f"expected {self.expected}, got `{value[:60]}`", *self.choices)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^({self.pattern})$"}


@dataclass(frozen=True)
class Short:
    """A short form: `expand` makes the long one of it; `schema` describes it, given the JSON Schema of the long one.

    Without `schema` the two look alike in YAML.
    """

    expand: Callable[[Any], Any]
    schema: Callable[[JsonSchemaValue], JsonSchemaValue] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        long = handler(schema)
        return {"anyOf": [self.schema(long), long]} if self.schema else long


def _listed(value: object) -> object:
    if isinstance(value, str | Mapping | int):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _label(value: str) -> str:
    if not value.strip():
        raise refusal("a label's name is empty")
    if len(value) > LABEL_LENGTH:
        raise refusal(f"a label's name has at most {LABEL_LENGTH} characters, this one has {len(value)}")
    return value


def _label_or_template(value: str) -> str:
    return value if "{" in value else _label(value)


MANY = Short(_listed, lambda array: array["items"])
"""One value where a list is meant: `add_labels: confirmed`. Lists become tuples."""

SWITCH = Short(lambda value: {} if value is True else value, lambda _: {"const": True})
"""`true` where there is nothing more to say: `close: true`."""

TEXT = Short(
    lambda value: {"text": value} if isinstance(value, str) else value, lambda _: {"type": "string", "minLength": 1}
)
"""Only the text: `comment: Thank you.`"""

LIST = Short(lambda value: tuple(value) if isinstance(value, list) else value)
"""A list, and nothing but a list; it becomes a tuple."""

Verb = Annotated[str, Matching(r"[a-z][a-z0-9-]*", "a verb of small letters, digits and hyphens, as `out-of-scope`")]
Slug = Annotated[str, Matching(r"[a-z][a-z0-9-]*", "a name of small letters, digits and hyphens, as `needs-triage`")]
ArgumentName = Annotated[
    str, Matching(r"[a-z][a-z0-9_]*", "the name of an argument: small letters, digits and underscores")
]
Who = Annotated[
    str,
    Matching(
        rf"anyone|author|{'|'.join(ROLES)}|team:[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9_-]*|user:[A-Za-z0-9][A-Za-z0-9-]*(\[bot\])?",
        f"anyone, author, {', '.join(ROLES)}, team:org/slug or user:login",
        ("anyone", "author", *ROLES),
    ),
]
LabelName = Annotated[str, AfterValidator(_label), Field(min_length=1, max_length=LABEL_LENGTH)]
LabelTemplate = Annotated[str, AfterValidator(_label_or_template)]
Account = Annotated[int, Field(ge=1)]

Names = Annotated[tuple[str, ...], MANY]
"""One name or a list of names; always a tuple once read."""
Some = Annotated[tuple[str, ...], Field(min_length=1), MANY]
Labels = Annotated[tuple[LabelName, ...], MANY]
LabelTemplates = Annotated[tuple[LabelTemplate, ...], Field(min_length=1), MANY]
Whos = Annotated[tuple[Who, ...], MANY]
Verbs = Annotated[tuple[Verb, ...], MANY]
