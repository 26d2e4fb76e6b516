"""What lives in the sandbox's repositories: issues, pull requests, comments, labels, milestones, files. State, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from app.sandbox.accounts import Account, IssueType

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


@dataclass(slots=True, eq=False)
class Label:
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None
    default: bool = False


@dataclass(slots=True, eq=False)
class Milestone:
    id: int
    number: int
    title: str
    creator: Account
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    due_on: datetime | None = None
    closed_at: datetime | None = None

    @property
    def state(self) -> Literal["open", "closed"]:
        return "closed" if self.closed_at else "open"


@dataclass(slots=True, eq=False)
class Reaction:
    id: int
    user: Account
    content: str
    created_at: datetime


@dataclass(slots=True, eq=False)
class Event:
    """A line of an issue's timeline. `kind`: GitHub's word (labeled, milestoned, closed …); `detail`: the label, title, login.

    `order`: among events and comments of the world; their times have whole seconds.
    """

    id: int
    order: int
    kind: str
    actor: Account
    created_at: datetime
    detail: str = ""
    color: str = ""


@dataclass(slots=True, eq=False)
class Pull:
    """What a pull request has beyond an issue; its `id` is another number than the issue's.

    `files`: the text of each that it changes, None where it removes one. `orphan`: its fork was deleted.
    """

    id: int
    head: str
    sha: str
    draft: bool = False
    files: dict[str, str | None] = field(default_factory=dict)
    orphan: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None


@dataclass(slots=True, eq=False)
class CheckRun:
    """A check of the App on a commit. `annotations`: as they were sent."""

    id: int
    name: str
    sha: str
    started_at: datetime
    external_id: str = ""
    status: str = "queued"
    conclusion: str | None = None
    completed_at: datetime | None = None
    title: str | None = None
    summary: str | None = None
    annotations: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Issue:
    """An issue, or a pull request when `pull` is set. `via_app`: the App opened it."""

    id: int
    number: int
    repository: Repository
    author: Account
    title: str
    body: str | None
    created_at: datetime
    updated_at: datetime
    via_app: bool = False
    state: Literal["open", "closed"] = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    closed_by: Account | None = None
    duplicate_of: Issue | None = None
    locked: bool = False
    lock_reason: str | None = None
    labels: list[Label] = field(default_factory=list)
    milestone: Milestone | None = None
    assignees: list[Account] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    timeline: list[Event] = field(default_factory=list)
    pull: Pull | None = None
    type: IssueType | None = None
    parent: Issue | None = None
    sub_issues: list[Issue] = field(default_factory=list)
    blocked_by: list[Issue] = field(default_factory=list)
    blocking: list[Issue] = field(default_factory=list)

    @property
    def label_names(self) -> list[str]:
        """In the order in which they were added."""
        return [label.name for label in self.labels]

    @property
    def milestone_title(self) -> str | None:
        return self.milestone.title if self.milestone else None

    @property
    def pinned(self) -> bool:
        """Whether it is on top of the repository's list."""
        return self in self.repository.pinned

    @property
    def by_bot(self) -> list[Comment]:
        """The comments that the App wrote."""
        return [comment for comment in self.comments if comment.via_app]


@dataclass(slots=True, eq=False)
class Comment:
    """`order`: as of an event."""

    id: int
    order: int
    issue: Issue
    author: Account
    body: str
    created_at: datetime
    updated_at: datetime
    via_app: bool = False
    reactions: list[Reaction] = field(default_factory=list)

    def reacted(self, login: str) -> list[str]:
        """What this account reacted with, in order."""
        return [reaction.content for reaction in self.reactions if reaction.user.login == login]


@dataclass(slots=True, frozen=True)
class Moved:
    """Where a transferred issue went."""

    repository_id: int
    number: int


@dataclass(slots=True, eq=False)
class Branch:
    """Another branch than the default one: its files, the commit at its head, and the commit that it began from."""

    head: str
    began: str
    files: dict[str, str]


@dataclass(slots=True, eq=False)
class Repository:
    """`labels` by lower-case name; `gone`: numbers of deleted (None) and transferred issues; `files`: of the default branch."""

    id: int
    owner: Account
    name: str
    created_at: datetime
    updated_at: datetime
    pushed_at: datetime
    private: bool = False
    archived: bool = False
    has_issues: bool = True
    description: str = ""
    default_branch: str = "main"
    head: str = "0" * 40
    last_number: int = 0
    roles: dict[int, str] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    milestones: dict[int, Milestone] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    pinned: list[Issue] = field(default_factory=list)
    gone: dict[int, Moved | None] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    check_runs: list[CheckRun] = field(default_factory=list)

    def files_at(self, ref: str) -> dict[str, str] | None:
        """Of the branches and of the heads of pull requests; None for any other commit."""
        ref = ref.removeprefix("refs/heads/")
        if ref in {self.default_branch, self.head}:
            return self.files
        for name, branch in self.branches.items():
            if ref in {name, branch.head}:
                return branch.files
        for issue in self.issues.values():
            if issue.pull and ref in {f"refs/pull/{issue.number}/head", "" if issue.pull.orphan else issue.pull.sha}:
                merged = self.files | issue.pull.files
                return {path: text for path, text in merged.items() if text is not None}
        return None

    @property
    def full_name(self) -> str:
        return f"{self.owner.login}/{self.name}"
