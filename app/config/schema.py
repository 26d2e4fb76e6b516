"""The shape of `.github/rounds.yml`: strict models, frozen once read. Source: the reference page docs/configuration.md.

Unknown keys are refused; `app.config.check` turns every refusal into file, line, column and a suggestion.
Rules between keys (a family has labels or a prefix, an argument that is mentioned exists …) are in `app.config.sense`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from app.config.dashboard import Queue, Visibility
from app.config.fields import (
    LIST,
    MANY,
    SWITCH,
    TEXT,
    Account,
    ArgumentName,
    LabelName,
    Labels,
    LabelTemplates,
    Model,
    Names,
    Slug,
    Some,
    Verb,
    Verbs,
    Whos,
)
from app.config.labels import Rows
from app.config.rules_schema import MOST_ISSUES, Conditions, Interval, IssueConditions, Trigger
from app.core.values import LockReason


class Family(Model):
    """Labels that belong together; `/name value` sets one of them. Exactly one of `labels` and `prefix`."""

    labels: Labels = Field(default=(), description="The labels of the family, spelled as on GitHub.")
    prefix: LabelName | None = Field(default=None, description="All labels that begin so, as `kind/`.")
    exclusive: bool = Field(
        default=False, description="An issue carries at most one: setting one takes the others away."
    )
    required: bool = Field(default=False, description="An issue without one of them is not triaged yet.")
    who: Whos | None = Field(default=None, description="Who may use it; the default is [triage].")
    help: str | None = Field(default=None, description="One line for `/help`.")


class Argument(Model):
    """An argument of a declared command. `reason` takes `because …` and may always be left out; `rest` takes all that is left."""

    type: Literal["word", "choice", "label", "milestone", "person", "issue", "reason", "rest"] = Field(
        default="word", description="What is expected; templates see it as text."
    )
    optional: bool = Field(default=False, description="It may be left out; templates then see an empty text.")
    choices: Names = Field(default=(), description="The words that are allowed, for the type `choice`.")


class ClearMilestone(Model):
    """`if_matches`: a glob (after templating); the milestone is cleared only when its title matches, ignoring case."""

    if_matches: str | None = Field(default=None, description="A glob; a milestone whose title does not match stays.")


class CommentAction(Model):
    """`text`: a template. `if`: name of an argument that must have been given."""

    text: str = Field(min_length=1, description="The comment, a template.")
    if_: str | None = Field(
        default=None, alias="if", description="Name of an argument; without it there is no comment."
    )


class CloseAction(Model):
    """How an issue is closed. `duplicate_of`: a template that names the canonical issue, as `#12`."""

    reason: Literal["completed", "not_planned", "duplicate"] = Field(
        default="completed", description="GitHub's reason."
    )
    duplicate_of: str | None = Field(default=None, description="The canonical issue, as `#12`; a template.")


class LockAction(Model):
    """How a conversation is locked."""

    reason: LockReason | None = Field(default=None, description="One of GitHub's reasons.")


class TodoAction(Model):
    """Something to do, noted."""

    who: Some = Field(description="Logins; one may be an argument of the type `person`.")
    text: str = Field(min_length=1, description="What is to be done.")
    due: str | None = Field(default=None, min_length=1, description="A day, as `in 2 weeks`.")


class Step(Model):
    """One action of a declared command: exactly one key besides `if`. All texts are templates.

    Short forms (`close: true`, `comment: text`) are read as long ones.
    """

    add_labels: LabelTemplates | None = Field(default=None, description="Labels to add.")
    remove_labels: LabelTemplates | None = Field(default=None, description="Labels to take away.")
    set_milestone: str | None = Field(default=None, min_length=1, description="Title of a milestone.")
    clear_milestone: Annotated[ClearMilestone, SWITCH] | None = Field(
        default=None, description="`true`, or the condition for taking the milestone away."
    )
    close: Annotated[CloseAction, SWITCH] | None = Field(default=None, description="`true`, or how to close.")
    reopen: Literal[True] | None = Field(default=None, description="`true`.")
    assign: Some | None = Field(default=None, description="Logins to assign.")
    unassign: Some | None = Field(default=None, description="Logins to take off.")
    set_type: str | None = Field(
        default=None, min_length=1, description="An issue type of the organization; `none` clears it."
    )
    retitle: str | None = Field(default=None, min_length=1, description="The new title.")
    lock: Annotated[LockAction, SWITCH] | None = Field(default=None, description="`true`, or the reason of the lock.")
    unlock: Literal[True] | None = Field(default=None, description="`true`.")
    pin: Literal[True] | None = Field(
        default=None, description="`true`: to the top of the repository's list of issues."
    )
    unpin: Literal[True] | None = Field(default=None, description="`true`.")
    comment: Annotated[CommentAction, TEXT] | None = Field(
        default=None, description="A text, or a text and its condition."
    )
    add_to_agenda: str | Literal[True] | None = Field(
        default=None, description="A series of meetings; `true`: the only one that is about this repository."
    )
    add_todo: TodoAction | None = Field(default=None, description="Something to do: who, and what.")
    if_: IssueConditions | None = Field(
        default=None, alias="if", description="What the issue must be like; else this step is left out."
    )


class Command(Model):
    """A declared command."""

    help: str = Field(default="", description="One line for `/help`.")
    who: Whos | None = Field(default=None, description="Who may use it; the default is [triage].")
    args: dict[ArgumentName, Argument] = Field(
        default_factory=dict, description="Arguments, in the order they are typed."
    )
    if_: IssueConditions | None = Field(
        default=None, alias="if", description="What the issue must be like; else the command is refused in words."
    )
    do: Annotated[tuple[Step, ...], Field(min_length=1), MANY] = Field(
        default=(), description="What happens, in order."
    )
    reply: str | None = Field(
        default=None, min_length=1, description="What Rounds answers to whoever typed it, a template."
    )
    examples: Names = Field(default=(), description="Uses, for `/help`.")


class Rule(Model):
    """A rule for an event (`on`) or a sweep (`every`): exactly one of them."""

    help: str = Field(default="", description="One line for `rounds rules list`.")
    enabled: bool = Field(
        default=True, description="`false`: it rests until a configuration over this one says `name: on`."
    )
    on: Annotated[tuple[Trigger, ...], Field(min_length=1), MANY] | None = Field(
        default=None, description="Events, as `issue.opened`; one of them suffices."
    )
    every: Interval | None = Field(default=None, description="How often it looks through the issues: a sweep.")
    if_: Conditions = Field(default=Conditions(), alias="if", description="Conditions, all of which must hold.")
    limit: int = Field(
        default=20, ge=1, le=MOST_ISSUES, description="A sweep changes at most so many issues in one run."
    )
    do: Annotated[tuple[Step, ...], Field(min_length=1), MANY] = Field(
        description="What happens, in order: the actions of declared commands."
    )


class Phrase(Model):
    """What people say in a meeting, and what is proposed, or understood, when the minutes are read: one of `run`, `do`, `as`.

    In `says` a `{name}` stands for an argument, `[…]` may be missing, `a|b` is either, `...` is up to five words.
    """

    help: str = Field(default="", description="One line that explains it.")
    says: Some = Field(description="Ways to say it, as `out of scope [for {scope}]`.")
    args: dict[ArgumentName, Argument] = Field(default_factory=dict, description="What the places in `says` take.")
    sure: bool = Field(
        default=True, description="`false`: what is proposed is never ticked beforehand, except in a decision."
    )
    run: str | None = Field(
        default=None,
        min_length=1,
        description="A command, as `/close not-planned`; a template that sees the arguments.",
    )
    do: Annotated[tuple[Step, ...], Field(min_length=1), MANY] | None = Field(
        default=None, description="What is proposed, in order: the actions of declared commands."
    )
    as_: Literal["note", "carry", "private"] | None = Field(
        default=None,
        alias="as",
        description="`note`: the line is a note; `carry`: its topic is carried over; `private`: nothing more of it is told.",
    )


class Off(Model):
    """Names that are switched off with `name: off`. A verb in `commands` is not Rounds' any more: no answer, no suggestion."""

    families: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    commands: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    phrases: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()


OFF = "off"
OFF_KEY = "\0off"
"""Where `RepositoryConfig.off` comes from: a key that nobody can write, because the guard refuses control characters."""
ON = "on"
ON_KEY = "\0on"
"""As `OFF_KEY`, for `RepositoryConfig.on`."""


class RepositoryConfig(Model):
    """One `rounds.yml`, merged over the defaults it extends."""

    model_config = ConfigDict(populate_by_name=False)

    version: Literal[1] = Field(default=1, description="Version of this format.")
    extends: Literal["defaults", "none"] = Field(
        default="defaults",
        description="`defaults`: what this file leaves open, the server decides; `none`: nothing is set beforehand.",
    )
    bots: Annotated[tuple[Account, ...], LIST] = Field(
        default=(), description="Ids of other bots whose comments may command."
    )
    foreign_commands: Verbs = Field(default=(), description="Verbs of other bots: never answered.")
    commands_in_body: bool = Field(
        default=True, description="Commands count in the body of an issue too, when it is opened."
    )
    families: dict[Verb, Family] = Field(
        default_factory=dict, description="Families of labels; each is a verb. `off` switches one off."
    )
    permissions: dict[Verb, Whos] = Field(
        default_factory=dict,
        description="Who may use a verb, any of the list; the default is [triage]. `off` takes the server's entry away.",
    )
    commands: dict[Verb, Command] = Field(
        default_factory=dict, description="Declared commands. `off` switches any verb off."
    )
    rules: dict[Slug, Rule] = Field(
        default_factory=dict, description="Rules for events and sweeps. `on` and `off` switch one of the server's."
    )
    phrases: dict[Slug, Phrase] = Field(
        default_factory=dict,
        description="What people say in meetings and what it means for the issue. `off` switches one of the server's off.",
    )
    labels: Rows = Field(default=(), description="Labels that shall exist: see the page about labels.")
    labels_sync: Literal["plan", "apply"] = Field(
        default="plan",
        description="What a push that changes this file does about labels: say what would change, or change it.",
    )
    queues: dict[Slug, Queue] = Field(
        default_factory=dict, description="Lists of issues on the dashboard. `off` switches one of the server's off."
    )
    visibility: Visibility = Field(default=Visibility(), description="Who sees what.")
    off: Off = Field(default=Off(), validation_alias=OFF_KEY, description="What `name: off` switched off.")
    on: frozenset[str] = Field(
        default=frozenset(), validation_alias=ON_KEY, description="Rules that `name: on` enables."
    )

    @model_validator(mode="before")
    @classmethod
    def _gather_off(cls, data: object) -> object:
        """Take the `name: off` entries out of the sections and note their names in `off`; likewise `name: on` of the rules."""
        if not isinstance(data, Mapping):
            return data
        kept, off = dict(data), {}
        for section in Off.model_fields:
            names = kept.get(section)
            if isinstance(names, Mapping) and OFF in (values := list(names.values())) and values:
                off[section] = frozenset(name for name, value in names.items() if value == OFF)
                kept[section] = {name: value for name, value in names.items() if value != OFF}
        rules = kept.get("rules")
        if isinstance(rules, Mapping) and ON in list(rules.values()):
            kept[ON_KEY] = frozenset(name for name, value in rules.items() if value == ON)
            kept["rules"] = {name: value for name, value in rules.items() if value != ON}
        return {**kept, OFF_KEY: off} if off else kept
