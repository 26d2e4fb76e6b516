"""JSON of accounts and of what is the same everywhere: times and node ids."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from typing import Any

from app.sandbox.accounts import Account
from app.sandbox.state import State

Json = dict[str, Any]


def time(value: datetime | None) -> str | None:
    """`2026-03-10T12:00:00Z`, or null."""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def node_id(prefix: str, number: int) -> str:
    """Opaque, unique among all kinds: the prefix is part of it."""
    return f"{prefix}_{b64encode(str(number).encode()).decode().rstrip('=')}"


def account(world: State, who: Account) -> Json:
    """A "simple user". An App's bot has its login with `[bot]`, percent-encoded in addresses."""
    login = who.login.replace("[", "%5B").replace("]", "%5D")
    url = f"{world.api_url}/users/{login}"
    page = f"{world.web_url}/apps/{who.login[:-5]}" if who.type == "Bot" else f"{world.web_url}/{login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node_id({"User": "U", "Organization": "O", "Bot": "BOT"}[who.type], who.id),
        "avatar_url": f"{world.web_url}/avatars/u/{who.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": page,
        "followers_url": f"{url}/followers",
        "following_url": f"{url}/following{{/other_user}}",
        "gists_url": f"{url}/gists{{/gist_id}}",
        "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
        "subscriptions_url": f"{url}/subscriptions",
        "organizations_url": f"{url}/orgs",
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events{{/privacy}}",
        "received_events_url": f"{url}/received_events",
        "type": who.type,
        "user_view_type": "public",
        "site_admin": False,
    }


def organization(world: State, who: Account) -> Json:
    """The `organization` of a webhook."""
    url = f"{world.api_url}/orgs/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node_id("O", who.id),
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.web_url}/avatars/u/{who.id}",
        "description": who.name,
    }
