"""GitHub's answers that are not the subject of a delivery: shapes for msgspec, as narrow as Rounds needs them.

Issues, labels, milestones and repositories have the same shape as in deliveries: app.core.events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from app.core import events
from app.core.values import Linked, Ref, Role

T = TypeVar("T")


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the shapes."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `next`: opaque, to go on from later; None at the end."""

    items: list[T]
    next: str | None


class AppIdentity(_Answer, frozen=True):
    """GET /app."""

    id: int
    slug: str
    name: str = ""
    client_id: str = ""
    permissions: dict[str, str] = {}
    events: list[str] = []

    @property
    def bot_login(self) -> str:
        return f"{self.slug}[bot]"


class HookConfig(_Answer, frozen=True):
    """GET /app/hook/config. `insecure_ssl`: "1" (or the number) when GitHub does not check the certificate."""

    url: str | None = None
    content_type: str = "form"
    insecure_ssl: str | float = "0"


class _InstalledOn(_Answer, frozen=True):
    """A user, an organization, or an enterprise (which has a slug and no login)."""

    id: int
    login: str = ""
    slug: str = ""
    type: str = ""


class InstallationInfo(_Answer, frozen=True):
    """An entry of GET /app/installations."""

    id: int
    owner: _InstalledOn | None = msgspec.field(name="account", default=None)
    target_type: str = ""
    suspended_at: datetime | None = None

    @property
    def account_id(self) -> int:
        return self.owner.id if self.owner else 0

    @property
    def account(self) -> str:
        return (self.owner.login or self.owner.slug) if self.owner else ""

    @property
    def organization(self) -> bool:
        return "Organization" in {self.target_type, self.owner.type if self.owner else ""}

    @property
    def suspended(self) -> bool:
        return self.suspended_at is not None


class DeliveryRow(_Answer, frozen=True):
    """An entry of GET /app/hook/deliveries: one attempt. `guid` is the same in all attempts of a delivery.

    `status` is "OK" or words of failure; `status_code` of a time-out need not be an error code.
    """

    id: int
    guid: str
    delivered_at: datetime
    redelivery: bool = False
    status: str = ""
    status_code: int = 0
    event: str = ""
    action: str | None = None
    installation_id: int | None = None
    repository_id: int | None = None

    @property
    def ok(self) -> bool:
        return self.status == "OK"


@dataclass(frozen=True, slots=True)
class DeliveryPayload:
    """What GitHub had sent: headers with lower-case names, and the payload as JSON bytes (not those that were signed)."""

    row: DeliveryRow
    headers: dict[str, str]
    payload: bytes


class SentRequest(_Answer, frozen=True):
    headers: dict[str, str] | None = None
    payload: msgspec.Raw = msgspec.Raw(b"null")


class FullDelivery(DeliveryRow, frozen=True):
    """GET /app/hook/deliveries/{id}."""

    request: SentRequest = SentRequest()


class Token(_Answer, frozen=True):
    """POST /app/installations/{id}/access_tokens. The token is opaque: its form changed in 2026 and may again."""

    token: str
    expires_at: datetime


class Permission(_Answer, frozen=True):
    """GET …/collaborators/{login}/permission. `permission` folds maintain into write and triage into read."""

    permission: str = ""
    role_name: str | None = None
    user: events.User | None = None

    def role(self) -> Role:
        """`role_name` when it is one of GitHub's own; a custom role counts as the base role it is folded to."""
        name = (self.role_name or "").upper()
        return Role.named(name if name in Role.__members__ else self.permission)


class Repositories(_Answer, frozen=True):
    """GET /installation/repositories."""

    repositories: list[events.Repository]


class Comment(_Answer, frozen=True):
    id: int
    created_at: datetime
    body: str | None = None
    user: events.User | None = None
    performed_via_github_app: events.App | None = None

    def info(self) -> CommentInfo:
        app = self.performed_via_github_app
        return CommentInfo(
            id=self.id,
            body=self.body or "",
            app_id=app.id if app else None,
            user_login=(self.user or events.GHOST).login,
            created_at=self.created_at,
        )


@dataclass(frozen=True, slots=True)
class CommentInfo:
    """A comment. `app_id`: of the App that wrote it; only then may its hidden markers be believed."""

    id: int
    body: str
    app_id: int | None
    user_login: str
    created_at: datetime


class Content(_Answer, frozen=True):
    """GET …/contents/{path} of a file. `encoding` is "none" and `content` empty above 1 MB."""

    type: str = "file"
    sha: str = ""
    size: int = 0
    encoding: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class FileContent:
    """A text file. `sha`: of the blob, changes with the text."""

    text: str
    sha: str


class IssueType(_Answer, frozen=True):
    """An entry of GET …/issue-types."""

    name: str
    is_enabled: bool = True


class LinkedIssue(_Answer, frozen=True):
    """An issue as the end of a link. `repository_url` ends with "/repos/owner/name"."""

    id: int
    number: int
    repository_url: str

    def value(self) -> Linked:
        return Linked(Ref("/".join(self.repository_url.split("/")[-2:]), self.number), self.id)


class ChangedFile(_Answer, frozen=True):
    """An entry of GET …/pulls/{number}/files. `status`: added, removed, modified, renamed, copied, changed, unchanged."""

    filename: str
    status: str = "modified"
    previous_filename: str = ""


class _AppSlug(_Answer, frozen=True):
    slug: str = ""


class _Output(_Answer, frozen=True):
    annotations_count: int = 0


class CheckRun(_Answer, frozen=True):
    """A check run, as far as it tells whether there is something left to say."""

    id: int
    status: str
    external_id: str | None = None
    app: _AppSlug | None = None
    output: _Output = _Output()

    def by(self, bot_login: str) -> bool:
        """Whether the App with that bot made it."""
        return self.app is not None and f"{self.app.slug}[bot]" == bot_login


class Membership(_Answer, frozen=True):
    """GET /orgs/{org}/teams/{slug}/memberships/{login}; "pending" is an invitation."""

    state: str = ""
