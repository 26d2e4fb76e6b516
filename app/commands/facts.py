"""What was looked up before deciding: the only thing, besides what was typed, that a command may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.config.schema import RepositoryConfig
from app.core.values import Issue, Label, Milestone, Person, Ref, Repository, Role


@dataclass(frozen=True, slots=True)
class Facts:
    """One target issue and all that deciding about it needs.

    `home`: the repository of the comment; `config`, `repository`, `labels`, `milestones`, `role`, `teams`: those of the target,
    because whoever owns another repository must not decide who commands in this one.
    `role` is None when GitHub could not say: then everybody but `anyone` is refused. `teams`: "org/slug" of the teams named
    in the configuration to which the sender belongs. `issues`: other issues that the arguments mention; None where GitHub
    has no such issue (or it can't be seen). `now`: UTC.
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
