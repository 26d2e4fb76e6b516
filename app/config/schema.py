"""The shape of `.github/rounds.yml`: strict models, frozen once read. Source: the reference page docs/configuration.md.

Unknown keys are refused; `app.config.check` turns every refusal into file, line, column and a suggestion.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Model(BaseModel):
    """Base: frozen, strict, no unknown keys; keys are GitHub's words in snake case."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def _listed(value: object) -> object:
    """A single value where a list is meant: `add_labels: confirmed`."""
    return [value] if isinstance(value, str | dict) else value


Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(_listed(v)) if isinstance(_listed(v), list) else v)]
"""One name or a list of names."""


class Family(Model):
    """Labels that belong together; `/name value` sets one of them. Exactly one of `labels` and `prefix`."""

    labels: Names = ()
    prefix: str | None = None
    exclusive: bool = False
    required: bool = False
    who: Names | None = None
    help: str | None = None


class Argument(Model):
    """An argument of a declared command. `reason` takes `because …`, `rest` all that is left."""

    type: Literal["word", "choice", "label", "milestone", "person", "issue", "reason", "rest"] = "word"
    optional: bool = False
    choices: Names = ()


class ClearMilestone(Model):
    """`if_matches`: a glob (after templating); the milestone is cleared only when its title matches, ignoring case."""

    if_matches: str | None = None


class CommentAction(Model):
    """`text`: a template. `if`: name of an argument that must have been given."""

    text: str
    if_: str | None = Field(default=None, alias="if")


class CloseAction(Model):
    reason: Literal["completed", "not_planned", "duplicate"] = "completed"
    duplicate_of: str | None = None


class Step(Model):
    """One action of a declared command: exactly one key is set."""

    add_labels: Names | None = None
    remove_labels: Names | None = None
    set_milestone: str | None = None
    clear_milestone: ClearMilestone | Literal[True] | None = None
    close: CloseAction | Literal[True] | None = None
    reopen: Literal[True] | None = None
    assign: Names | None = None
    unassign: Names | None = None
    comment: CommentAction | str | None = None


class Command(Model):
    """A declared command."""

    help: str = ""
    who: Names | None = None
    args: dict[str, Argument] = Field(default_factory=dict)
    do: tuple[Step, ...]
    examples: Names = ()


class RepositoryConfig(Model):
    """One `rounds.yml`, merged over the defaults it extends."""

    version: Literal[1] = 1
    extends: Literal["defaults", "none"] = "defaults"
    bots: tuple[int, ...] = ()
    foreign_commands: Names = ()
    commands_in_body: bool = True
    families: dict[str, Family] = Field(default_factory=dict)
    permissions: dict[str, Names] = Field(default_factory=dict)
    commands: dict[str, Command] = Field(default_factory=dict)
