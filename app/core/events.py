"""Deliveries, typed once at the edge. `read` turns GitHub's JSON into one of these, or `Ignored` with the reason.

Only the fields that Rounds uses are declared: msgspec skips the rest without building objects (12 kB in about 30 µs).
Unknown events and actions are normal (GitHub adds some every month) and are never an error.
Source of the shapes: docs.github.com, webhook events and payloads.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core import values


class _Json(msgspec.Struct, frozen=True, gc=False):
    """Base of GitHub's objects."""


class User(_Json, frozen=True):
    id: int
    login: str
    type: str = "User"

    def person(self) -> values.Person:
        return values.Person(self.id, self.login, bot=self.type == "Bot")


GHOST = User(id=10137, login="ghost")
"""GitHub's account for deleted people: `user` is null for their issues and comments."""


class Installation(_Json, frozen=True):
    id: int


class Repository(_Json, frozen=True):
    id: int
    full_name: str
    private: bool = False
    archived: bool = False
    default_branch: str = "main"
    owner: User | None = None
    has_issues: bool = True

    def value(self) -> values.Repository:
        org = self.owner is not None and self.owner.type == "Organization"
        return values.Repository(self.id, self.full_name, self.private, self.archived, self.default_branch, org)


class ShortRepository(_Json, frozen=True):
    id: int
    full_name: str
    private: bool = False


class Label(_Json, frozen=True):
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None

    def value(self) -> values.Label:
        return values.Label(self.id, self.name, self.color, self.description or "")


class Milestone(_Json, frozen=True):
    id: int
    number: int
    title: str
    state: str = "open"
    due_on: datetime | None = None

    def value(self) -> values.Milestone:
        return values.Milestone(self.id, self.number, self.title, self.state == "open", self.due_on)


class PullRequestLink(_Json, frozen=True):
    url: str | None = None
    merged_at: datetime | None = None


class App(_Json, frozen=True):
    id: int


class Issue(_Json, frozen=True):
    """`issue` of issues and issue_comment events, and the REST answer for an issue."""

    id: int
    number: int
    title: str
    created_at: datetime
    updated_at: datetime
    user: User | None = None
    body: str | None = None
    state: str = "open"
    state_reason: str | None = None
    locked: bool = False
    draft: bool = False
    labels: list[Label] = []
    milestone: Milestone | None = None
    assignees: list[User] = []
    closed_at: datetime | None = None
    comments: int = 0
    pull_request: PullRequestLink | None = None
    performed_via_github_app: App | None = None

    def value(self, repository: str) -> values.Issue:
        return values.Issue(
            ref=values.Ref(repository, self.number),
            id=self.id,
            title=self.title,
            author=(self.user or GHOST).person(),
            open=self.state == "open",
            state_reason=self.state_reason,
            locked=self.locked,
            pull_request=self.pull_request is not None,
            draft=self.draft,
            labels=tuple(label.name for label in self.labels),
            milestone=self.milestone.number if self.milestone else None,
            assignees=tuple(user.login for user in self.assignees),
            created_at=self.created_at,
            updated_at=self.updated_at,
        )


class PullRequest(_Json, frozen=True):
    """`pull_request` of pull_request events. Its `id` is not the issue's id."""

    id: int
    number: int
    title: str
    created_at: datetime
    updated_at: datetime
    user: User | None = None
    body: str | None = None
    state: str = "open"
    locked: bool = False
    draft: bool = False
    labels: list[Label] = []
    milestone: Milestone | None = None
    assignees: list[User] = []
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    comments: int = 0

    def issue(self) -> Issue:
        """The same thing as an issue; the id is 0 because an issue's id is another number."""
        return Issue(
            id=0, number=self.number, title=self.title, created_at=self.created_at, updated_at=self.updated_at,
            user=self.user, body=self.body, state=self.state, locked=self.locked, draft=self.draft, labels=self.labels,
            milestone=self.milestone, assignees=self.assignees, closed_at=self.closed_at, comments=self.comments,
            pull_request=PullRequestLink(merged_at=self.merged_at),
        )  # fmt: skip


class Comment(_Json, frozen=True):
    id: int
    created_at: datetime
    updated_at: datetime
    user: User | None = None
    body: str | None = None
    performed_via_github_app: App | None = None


class From(_Json, frozen=True):
    from_: str | None = msgspec.field(name="from", default=None)


class Changes(_Json, frozen=True):
    """`changes` of an edit: the old values."""

    body: From | None = None
    title: From | None = None
    name: From | None = None


class _Event(_Json, frozen=True):
    action: str
    repository: Repository
    sender: User
    installation: Installation | None = None


class IssueEvent(_Event, frozen=True, kw_only=True):
    """`issues`: opened, edited, closed, labeled, milestoned, transferred, deleted …"""

    issue: Issue
    changes: Changes | None = None


class PullRequestEvent(_Event, frozen=True, kw_only=True):
    """`pull_request`: opened, edited, closed, labeled …"""

    pull_request: PullRequest
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


class Commit(_Json, frozen=True):
    added: list[str] = []
    modified: list[str] = []
    removed: list[str] = []


class PushEvent(_Json, frozen=True):
    """`push`: to know when configuration changed. At most 20 commits are listed: more count as "perhaps"."""

    ref: str
    repository: Repository
    sender: User
    installation: Installation | None = None
    commits: list[Commit] = []
    head_commit: Commit | None = None

    action: str = ""

    def touches(self, prefix: str) -> bool:
        """Whether a path that begins with `prefix` changed on the default branch, or may have."""
        if self.ref != f"refs/heads/{self.repository.default_branch}":
            return False
        paths = [p for c in self.commits for group in (c.added, c.modified, c.removed) for p in group]
        return len(self.commits) >= 20 or any(path.startswith(prefix) for path in paths)


class Account(_Json, frozen=True):
    id: int
    login: str = ""
    type: str = "User"


class FullInstallation(_Json, frozen=True):
    id: int
    account: Account
    suspended_at: datetime | None = None


class InstallationEvent(_Json, frozen=True):
    """`installation`: created, deleted, suspend, unsuspend, new_permissions_accepted."""

    action: str
    installation: FullInstallation
    sender: User
    repositories: list[ShortRepository] = []


class InstallationRepositoriesEvent(_Json, frozen=True):
    """`installation_repositories`: added, removed."""

    action: str
    installation: FullInstallation
    sender: User
    repositories_added: list[ShortRepository] = []
    repositories_removed: list[ShortRepository] = []


class TeamEvent(_Json, frozen=True):
    """`membership`, `team`, `organization`: who belongs where changed; remembered roles are forgotten."""

    action: str
    sender: User
    installation: Installation | None = None


class Ignored(_Json, frozen=True):
    """Nothing for Rounds to do. `why` is a short stable phrase, counted and shown."""

    why: str


Event = (
    IssueEvent | PullRequestEvent | CommentEvent | LabelEvent | MilestoneEvent | RepositoryEvent | MemberEvent | PushEvent
    | InstallationEvent | InstallationRepositoriesEvent | TeamEvent | Ignored
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


class Envelope(_Json, frozen=True):
    """What the receiver must know before anything else: whose delivery it is and what it is about."""

    class _Number(_Json, frozen=True):
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
