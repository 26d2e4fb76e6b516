"""Accounts of the sandbox: people, organisations, bots, teams, the one GitHub App and its installations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

ROLES = ("none", "read", "triage", "write", "maintain", "admin")
"""In GitHub's order; a role includes all before it."""

FOLDED = {"none": "none", "read": "read", "triage": "read", "write": "write", "maintain": "write", "admin": "admin"}
"""GitHub's old word for a role (`permission`): six roles in four words."""

EVENTS = (
    "issues", "issue_comment", "label", "member", "membership", "milestone", "pull_request", "push", "repository",
)  # fmt: skip
"""What the App is subscribed to. `installation`, `installation_repositories` and `ping` reach every App unasked."""

PERMISSIONS = {
    "metadata": "read", "issues": "write", "pull_requests": "write", "contents": "write", "checks": "write", "members": "read",
}  # fmt: skip


@dataclass(slots=True, eq=False)
class IssueType:
    """A type of issues that an organisation has made."""

    id: int
    name: str
    created_at: datetime


@dataclass(slots=True, eq=False)
class Account:
    """A person, an organisation or a bot. `id` never changes, `login` may."""

    id: int
    login: str
    type: Literal["User", "Organization", "Bot"]
    created_at: datetime
    name: str = ""
    members: dict[int, Literal["admin", "member"]] = field(default_factory=dict)
    """Of an organisation: account id → role in it."""
    issue_types: list[IssueType] = field(default_factory=list)
    """Of an organisation."""


@dataclass(slots=True, eq=False)
class Team:
    id: int
    organization: Account
    slug: str
    members: set[int] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class GitHubApp:
    """The App that is being tried: settings as on GitHub's page of an App. `private_key`: PEM.

    `webhook_url` "" means the webhook is not active: nothing is sent and nothing is recorded. `callback_urls`: where people may
    be sent after signing in; without any, every address of loopback.
    """

    id: int
    slug: str
    name: str
    client_id: str
    bot: Account
    owner: Account
    private_key: str
    public_key: str
    created_at: datetime
    webhook_secret: str = "sandbox webhook secret"  # noqa: S105  (of a stand-in on loopback; nothing is protected by it)
    client_secret: str = "sandbox client secret"  # noqa: S105  (as above)
    callback_urls: tuple[str, ...] = ()
    webhook_url: str = ""
    content_type: Literal["json", "form"] = "json"
    insecure_ssl: bool = False
    hook_id: int = 400_001
    permissions: dict[str, str] = field(default_factory=lambda: dict(PERMISSIONS))
    events: tuple[str, ...] = EVENTS

    def use_key(self, private_key: str) -> None:
        """Another RSA key (PEM) than the one that was made."""
        key = load_pem_private_key(private_key.encode(), None)
        self.private_key, self.public_key = private_key, _public(key.public_key())


@dataclass(slots=True, eq=False)
class Installation:
    """The App on one account. `repositories`: ids, or None for all of the account."""

    id: int
    account: Account
    created_at: datetime
    updated_at: datetime
    permissions: dict[str, str]
    repositories: set[int] | None = None
    suspended_at: datetime | None = None
    suspended_by: Account | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """What came back to the browser of somebody who signs in, until it is exchanged. `challenge`: of PKCE, S256."""

    account: Account
    redirect_uri: str
    challenge: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class UserToken:
    """`kind`: "access" or "refresh"; both go when the person revokes the authorization."""

    account: Account
    kind: Literal["access", "refresh"]
    expires_at: datetime


@cache
def key_pair() -> tuple[str, str]:
    """A fresh RSA key as (private PEM, public PEM); one per process, because making one takes a tenth of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return private.decode(), _public(key.public_key())


def _public(key: PublicKeyTypes) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
