"""JSON of teams."""

from __future__ import annotations

from app.sandbox.accounts import Team
from app.sandbox.shapes.basics import Json, node_id
from app.sandbox.state import State


def team(world: State, it: Team) -> Json:
    """As in `membership` events."""
    root = f"{world.api_url}/organizations/{it.organization.id}/team/{it.id}"
    return {
        "id": it.id,
        "node_id": node_id("T", it.id),
        "name": it.slug,
        "slug": it.slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "parent": None,
        "url": root,
        "html_url": f"{world.web_url}/orgs/{it.organization.login}/teams/{it.slug}",
        "members_url": f"{root}/members{{/member}}",
        "repositories_url": f"{root}/repos",
    }
