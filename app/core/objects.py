"""GitHub's JSON objects as they stand in deliveries and REST answers, as narrow as Rounds needs them.

Only the fields that Rounds uses are declared: msgspec skips the rest without building objects (12 kB in about 30 µs).
Source: docs.github.com, webhook events and payloads, and the REST reference.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.core import values


class Json(msgspec.Struct, frozen=True, gc=False):
    """Base of GitHub's objects."""


class User(Json, frozen=True):
    id: int
    login: str
    type: str = "User"

    def person(self) -> values.Person:
        return values.Person(self.id, self.login, bot=self.type == "Bot")


GHOST = User(id=10137, login="ghost")
"""GitHub's account for deleted people: `user` is null for their issues and comments."""


class Installation(Json, frozen=True):
    id: int


class Repository(Json, frozen=True):
    id: int
    full_name: str
    private: bool = False
    archived: bool = False
    default_branch: str = "main"
    owner: User | None = None
    has_issues: bool = True
    node_id: str = ""

    def value(self) -> values.Repository:
        org = self.owner is not None and self.owner.type == "Organization"
        return values.Repository(self.id, self.full_name, self.private, self.archived, self.default_branch, org)


class ShortRepository(Json, frozen=True):
    id: int
    full_name: str
    private: bool = False


class Label(Json, frozen=True):
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None

    def value(self) -> values.Label:
        return values.Label(self.id, self.name, self.color, self.description or "")


class Milestone(Json, frozen=True):
    id: int
    number: int
    title: str
    state: str = "open"
    due_on: datetime | None = None

    def value(self) -> values.Milestone:
        return values.Milestone(self.id, self.number, self.title, self.state == "open", self.due_on)


class PullRequestLink(Json, frozen=True):
    url: str | None = None
    merged_at: datetime | None = None


class App(Json, frozen=True):
    id: int


class Reactions(Json, frozen=True):
    total_count: int = 0


class IssueType(Json, frozen=True):
    name: str


class Issue(Json, frozen=True):
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
    node_id: str = ""
    type: IssueType | None = None
    author_association: str = ""
    reactions: Reactions | None = None

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
            type=self.type.name if self.type else None,
        )


class Head(Json, frozen=True):
    """The commit that a pull request brings. `repo`: where its branch is; None when that fork was deleted."""

    class _Where(Json, frozen=True):
        id: int

    sha: str
    repo: _Where | None = None


class PullRequest(Json, frozen=True):
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
    head: Head | None = None
    author_association: str = ""

    def issue(self) -> Issue:
        """The same thing as an issue; the id is 0 because an issue's id is another number."""
        return Issue(
            id=0, number=self.number, title=self.title, created_at=self.created_at, updated_at=self.updated_at,
            user=self.user, body=self.body, state=self.state, locked=self.locked, draft=self.draft, labels=self.labels,
            milestone=self.milestone, assignees=self.assignees, closed_at=self.closed_at, comments=self.comments,
            pull_request=PullRequestLink(merged_at=self.merged_at), author_association=self.author_association,
        )  # fmt: skip


class Comment(Json, frozen=True):
    id: int
    created_at: datetime
    updated_at: datetime
    user: User | None = None
    body: str | None = None
    performed_via_github_app: App | None = None
    author_association: str = ""


class From(Json, frozen=True):
    from_: str | None = msgspec.field(name="from", default=None)


class Changes(Json, frozen=True):
    """`changes` of an edit: the old values. `old_repository`: where an issue that is opened by a transfer comes from."""

    body: From | None = None
    title: From | None = None
    name: From | None = None
    old_repository: ShortRepository | None = None
