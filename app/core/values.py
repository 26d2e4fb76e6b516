"""GitHub's nouns as frozen values: what was read, never what is wished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Literal


class Role(IntEnum):
    """A person's role in a repository, in GitHub's order.

    Source: `role_name` of GET /repos/{owner}/{repo}/collaborators/{username}/permission.
    """

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5

    @classmethod
    def named(cls, name: str | None) -> Role:
        """The role of that name; an unknown or custom name counts as NONE (fail closed)."""
        return cls.__members__.get((name or "").upper(), cls.NONE)


@dataclass(frozen=True, slots=True)
class Granted:
    """What GitHub lets a person do: ids of repositories. `triage`, `admin`: those of `read` with that role or above."""

    read: frozenset[int] = frozenset()
    triage: frozenset[int] = frozenset()
    admin: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """An account. `login` may be renamed, `id` never."""

    id: int
    login: str
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository; `id` is stable, `full_name` ("owner/name") is not."""

    id: int
    full_name: str
    private: bool = False
    archived: bool = False
    default_branch: str = "main"
    owner_is_organization: bool = False

    @property
    def owner(self) -> str:
        return self.full_name.partition("/")[0]

    @property
    def name(self) -> str:
        return self.full_name.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a repository; names compare case-insensitively."""

    id: int
    name: str
    color: str = "ededed"
    description: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone; the API takes `number`, people say `title`. `due_on` is a UTC time or None."""

    id: int
    number: int
    title: str
    open: bool = True
    due_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """Where an issue or pull request lives: `owner/name` and number."""

    repository: str
    number: int

    def __str__(self) -> str:
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class Linked:
    """Another issue, as GitHub links it: where it lives, and by its database id."""

    ref: Ref
    id: int


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue or pull request as last seen. `id`: the issue's database id, also of a pull request; 0 if not known.

    `pinned`: None where it is not known: GitHub tells it in GraphQL only. From `type` on: as they were asked for commands
    that need them, else as if there were none.
    """

    ref: Ref
    id: int
    title: str
    author: Person
    open: bool = True
    state_reason: str | None = None
    locked: bool = False
    pull_request: bool = False
    draft: bool = False
    labels: tuple[str, ...] = ()
    milestone: int | None = None
    assignees: tuple[str, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    pinned: bool | None = None
    type: str | None = None
    parent: Linked | None = None
    blocked_by: tuple[Linked, ...] = ()
    blocking: tuple[Linked, ...] = ()
    related: tuple[Ref, ...] = ()
    due: date | None = None


CloseReason = Literal["completed", "not_planned", "duplicate"]
LockReason = Literal["off-topic", "too heated", "resolved", "spam"]
