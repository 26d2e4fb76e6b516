"""JSON of the App, its installations and its hook."""

from __future__ import annotations

from app.sandbox.accounts import Installation
from app.sandbox.shapes.basics import Json, account, node_id, time
from app.sandbox.state import State


def integration(world: State) -> Json:
    """The App itself: `GET /app`, and `performed_via_github_app` in what it wrote."""
    app = world.app
    return {
        "id": app.id,
        "slug": app.slug,
        "node_id": node_id("A", app.id),
        "client_id": app.client_id,
        "owner": account(world, app.owner),
        "name": app.name,
        "description": "",
        "external_url": f"{world.web_url}/apps/{app.slug}",
        "html_url": f"{world.web_url}/apps/{app.slug}",
        "created_at": time(app.created_at),
        "updated_at": time(app.created_at),
        "permissions": app.permissions,
        "events": list(app.events),
    }


def whole_integration(world: State) -> Json:
    return integration(world) | {"installations_count": len(world.installations)}


def installation(world: State, it: Installation) -> Json:
    app, root = world.app, f"{world.api_url}/app/installations/{it.id}"
    return {
        "id": it.id,
        "client_id": app.client_id,
        "account": account(world, it.account),
        "repository_selection": selection(it),
        "access_tokens_url": f"{root}/access_tokens",
        "repositories_url": f"{world.api_url}/installation/repositories",
        "html_url": f"{world.web_url}/settings/installations/{it.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": it.account.id,
        "target_type": it.account.type,
        "permissions": it.permissions,
        "events": list(app.events),
        "created_at": time(it.created_at),
        "updated_at": time(it.updated_at),
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account(world, it.suspended_by) if it.suspended_by else None,
        "suspended_at": time(it.suspended_at),
    }


def selection(it: Installation) -> str:
    return "all" if it.repositories is None else "selected"


def short_installation(it: Installation) -> Json:
    """The `installation` of every event about a repository."""
    return {"id": it.id, "node_id": node_id("MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u", it.id)}


def hook_config(world: State) -> Json:
    app = world.app
    insecure = "1" if app.insecure_ssl else "0"
    return {"content_type": app.content_type, "insecure_ssl": insecure, "secret": "********", "url": app.webhook_url}


def hook(world: State) -> Json:
    """The `hook` of a ping."""
    app = world.app
    return {
        "type": "App",
        "id": app.hook_id,
        "name": "web",
        "active": True,
        "events": list(app.events),
        "config": hook_config(world),
        "created_at": time(app.created_at),
        "updated_at": time(app.created_at),
        "app_id": app.id,
        "deliveries_url": f"{world.api_url}/app/hook/deliveries",
    }
