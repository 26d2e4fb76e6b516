"""Labels as code: the shape of a row of `labels:`. The rules between rows are in `app.config.sense_labels`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from app.config.fields import LIST, LabelName, Labels, Matching, Model, Verb, refusal

LONGEST_DESCRIPTION = 100
"""Characters of a label's description. Source: docs.github.com, rest/issues/labels."""
STEPS = frozenset({".", ".."})
"""Names that are steps up the path of an address: GitHub's API can't be asked for them."""

Color = Annotated[str, Matching("#?[0-9a-fA-F]{6}", 'six hexadecimal digits in quotes, as "d4c5f9"')]


def _line(value: str) -> str:
    if any(sign < " " or sign == "\x7f" for sign in value):
        raise refusal("line ends and control characters can't stand here")
    if value != value.strip():
        raise refusal("GitHub takes spaces at the beginning and at the end away: leave them out")
    return value


def _addressable(value: str) -> str:
    if value in STEPS:
        raise refusal(f"`{value}` can't be a label's name: GitHub's API can't be asked for it")
    return value


Description = Annotated[str, Field(max_length=LONGEST_DESCRIPTION), AfterValidator(_line)]
OwnName = Annotated[LabelName, AfterValidator(_line), AfterValidator(_addressable)]


class LabelRow(Model):
    """A label that shall exist. What a row leaves open stays on GitHub as it is."""

    name: OwnName = Field(description="Its name, spelled as it shall be on GitHub.")
    color: Color | None = Field(default=None, description="Six hexadecimal digits in quotes.")
    description: Description | None = Field(default=None, description="At most 100 characters.")
    family: Verb | None = Field(default=None, description="The family it belongs to; `rounds check` compares the two.")
    previously: Labels = Field(
        default=(),
        description="Former names: such a label is renamed and keeps its issues, or merged where the new one exists too.",
    )
    archived: bool = Field(
        default=False, description="Not to be used any more: never created, and marked as archived where it exists."
    )


Rows = Annotated[tuple[LabelRow, ...], LIST]
