"""What was looked up before deciding: the only thing, besides what was typed, that a command may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.config.schema import RepositoryConfig
from app.core.effect import NOTHING, Undoing
from app.core.meeting import NO_MEETINGS, MeetingFacts
from app.core.values import Issue, Label, Milestone, Person, Ref, Repository, Role


@dataclass(frozen=True, slots=True)
class Facts:
    """One target issue and all that deciding about it needs.

    `home`: the repository of the comment; `config`, `repository`, `labels`, `milestones`, `role`, `teams`: those of the target,
    because whoever owns another repository must not decide who commands in this one.
    `role` is None when GitHub could not say: then everybody but `anyone` is refused. `teams`: "org/slug" of the teams named
    in the configuration to which the sender belongs. `issues`: other issues that the arguments mention; None where GitHub
    has no such issue (or it can't be seen). `now`: UTC.
    Only for `/undo`: `undoing`, what it is to take back on this issue.
    Only for commands that need them: `types`, the names of the issue types that there are; `roles`, the sender's in other
    repositories with issues that are mentioned, or linked already, by their names in lower case. `people`: the roles here of
    those whom Wants names, by their logins in lower case. `repositories`: those that it names, by their names in lower case,
    and None where there is none for the sender; their roles are among `roles`.
    `mentioned`: whom earlier lines of the same text mention, and where. `locking`: one of them locks this issue, which is
    open to the others until all is done. `meeting`: what is known of meetings, for commands that are about them. `page`:
    address of the page that shows the commands; "" where there is none.
    """

    config: RepositoryConfig
    home: Repository
    repository: Repository
    issue: Issue
    sender: Person
    role: Role | None
    labels: tuple[Label, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    teams: frozenset[str] = frozenset()
    issues: Mapping[Ref, Issue | None] = field(default_factory=dict)
    bot_login: str = "rounds[bot]"
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    undoing: Undoing = NOTHING
    types: tuple[str, ...] = ()
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    people: Mapping[str, Role | None] = field(default_factory=dict)
    repositories: Mapping[str, Repository | None] = field(default_factory=dict)
    mentioned: tuple[tuple[Ref, str], ...] = ()
    locking: bool = False
    meeting: MeetingFacts = NO_MEETINGS
    page: str = ""


@dataclass(frozen=True, slots=True)
class Wants:
    """People and repositories ("owner/name") that the arguments name and that must be looked up before deciding."""

    people: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
