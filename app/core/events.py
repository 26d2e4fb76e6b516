"""Deliveries, typed once at the edge. `read` turns GitHub's JSON into one of these, or `Ignored` with the reason.

Unknown events and actions are normal (GitHub adds some every month) and are never an error.
Source of the shapes: docs.github.com, webhook events and payloads.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core.objects import (
    GHOST,
    App,
    Changes,
    Comment,
    From,
    Installation,
    Issue,
    IssueType,
    Json,
    Label,
    Milestone,
    PullRequest,
    PullRequestLink,
    Repository,
    ShortRepository,
    User,
)

__all__ = [
    "GHOST",
    "KNOWN",
    "Account",
    "App",
    "Changes",
    "Comment",
    "CommentEvent",
    "Commit",
    "Envelope",
    "Event",
    "From",
    "FullInstallation",
    "Ignored",
    "Installation",
    "InstallationEvent",
    "InstallationRepositoriesEvent",
    "Issue",
    "IssueEvent",
    "IssueType",
    "Label",
    "LabelEvent",
    "MemberEvent",
    "Milestone",
    "MilestoneEvent",
    "PullRequest",
    "PullRequestEvent",
    "PullRequestLink",
    "PushEvent",
    "Repository",
    "RepositoryEvent",
    "ShortRepository",
    "TeamEvent",
    "User",
    "read",
]


class _Event(Json, frozen=True):
    action: str
    repository: Repository
    sender: User
    installation: Installation | None = None


class IssueEvent(_Event, frozen=True, kw_only=True):
    """`issues`: opened, edited, closed, labeled, milestoned, transferred, deleted … `label`: of labeled and unlabeled, None
    also where that label was deleted."""

    issue: Issue
    label: Label | None = None
    changes: Changes | None = None


class PullRequestEvent(_Event, frozen=True, kw_only=True):
    """`pull_request`: opened, edited, closed, labeled … `label`: as of an issue."""

    pull_request: PullRequest
    label: Label | None = None
    changes: Changes | None = None


class CommentEvent(_Event, frozen=True, kw_only=True):
    """`issue_comment`, on issues and on pull requests: created, edited, deleted."""

    issue: Issue
    comment: Comment
    changes: Changes | None = None


class LabelEvent(_Event, frozen=True, kw_only=True):
    """`label`: created, edited, deleted."""

    label: Label
    changes: Changes | None = None


class MilestoneEvent(_Event, frozen=True, kw_only=True):
    """`milestone`: created, edited, closed, opened, deleted."""

    milestone: Milestone
    changes: Changes | None = None


class RepositoryEvent(_Event, frozen=True, kw_only=True):
    """`repository`: renamed, transferred, archived, unarchived, privatized, publicized, edited, deleted."""


class MemberEvent(_Event, frozen=True, kw_only=True):
    """`member`: somebody's role in the repository changed."""

    member: User | None = None


class Commit(Json, frozen=True):
    added: list[str] = msgspec.field(default_factory=list)
    modified: list[str] = msgspec.field(default_factory=list)
    removed: list[str] = msgspec.field(default_factory=list)


class PushEvent(Json, frozen=True):
    """`push`: to know when configuration changed. At most 20 commits are listed: more count as "perhaps"."""

    ref: str
    repository: Repository
    sender: User
    installation: Installation | None = None
    commits: list[Commit] = msgspec.field(default_factory=list)
    head_commit: Commit | None = None

    action: str = ""

    def touches(self, prefix: str) -> bool:
        """Whether a path that begins with `prefix` changed on the default branch, or may have."""
        if self.ref != f"refs/heads/{self.repository.default_branch}":
            return False
        paths = [p for c in self.commits for group in (c.added, c.modified, c.removed) for p in group]
        return len(self.commits) >= 20 or any(path.startswith(prefix) for path in paths)


class Account(Json, frozen=True):
    id: int
    login: str = ""
    type: str = "User"


class FullInstallation(Json, frozen=True):
    id: int
    account: Account
    suspended_at: datetime | None = None


class InstallationEvent(Json, frozen=True):
    """`installation`: created, deleted, suspend, unsuspend, new_permissions_accepted."""

    action: str
    installation: FullInstallation
    sender: User
    repositories: list[ShortRepository] = msgspec.field(default_factory=list)


class InstallationRepositoriesEvent(Json, frozen=True):
    """`installation_repositories`: added, removed."""

    action: str
    installation: FullInstallation
    sender: User
    repositories_added: list[ShortRepository] = msgspec.field(default_factory=list)
    repositories_removed: list[ShortRepository] = msgspec.field(default_factory=list)


class TeamEvent(Json, frozen=True):
    """`membership`, `team`, `organization`: who belongs where changed; remembered roles are forgotten."""

    action: str
    sender: User
    installation: Installation | None = None


class AuthorizationEvent(Json, frozen=True):
    """`github_app_authorization`: revoked. The sender authorizes the App no more: their tokens and sessions are over."""

    action: str
    sender: User


class Ignored(Json, frozen=True):
    """Nothing for Rounds to do. `why` is a short stable phrase, counted and shown."""

    why: str


Event = (
    IssueEvent | PullRequestEvent | CommentEvent | LabelEvent | MilestoneEvent | RepositoryEvent | MemberEvent | PushEvent
    | InstallationEvent | InstallationRepositoriesEvent | TeamEvent | AuthorizationEvent | Ignored
)  # fmt: skip

_DECODERS: dict[str, msgspec.json.Decoder[Event]] = {
    name: msgspec.json.Decoder(kind)
    for name, kind in {
        "issues": IssueEvent,
        "pull_request": PullRequestEvent,
        "issue_comment": CommentEvent,
        "label": LabelEvent,
        "milestone": MilestoneEvent,
        "repository": RepositoryEvent,
        "member": MemberEvent,
        "push": PushEvent,
        "installation": InstallationEvent,
        "installation_repositories": InstallationRepositoriesEvent,
        "membership": TeamEvent,
        "team": TeamEvent,
        "organization": TeamEvent,
        "github_app_authorization": AuthorizationEvent,
    }.items()
}

KNOWN = frozenset(_DECODERS)


def read(name: str, body: bytes) -> Event:
    """The event called `name` in X-GitHub-Event. A payload of another shape than documented is Ignored, never raised."""
    decoder = _DECODERS.get(name)
    if decoder is None:
        return Ignored(why=f"unknown event {name[:40]}")
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        return Ignored(why=f"payload of another shape: {str(error)[:120]}")


class Envelope(Json, frozen=True):
    """What the receiver must know before anything else: whose delivery it is and what it is about."""

    class _Number(Json, frozen=True):
        number: int = 0

    action: str | None = None
    installation: Installation | None = None
    repository: ShortRepository | None = None
    issue: _Number | None = None
    pull_request: _Number | None = None

    @property
    def number(self) -> int:
        about = self.issue or self.pull_request
        return about.number if about else 0
