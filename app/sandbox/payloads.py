"""The bodies of webhooks: a happening as GitHub's payload. Source: docs, webhook events and payloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sandbox.accounts import Account, Installation, Team
from app.sandbox.shapes import installation as installations
from app.sandbox.shapes import issue as issues
from app.sandbox.shapes import team as teams
from app.sandbox.shapes.basics import Json, account, organization, time
from app.sandbox.shapes.pull import pull
from app.sandbox.shapes.repository import page, repository, short_repository
from app.sandbox.state import Happening, State, covers
from app.sandbox.things import Issue, Repository


def payload(world: State, happening: Happening) -> Json:
    """The whole body, rendered now: what changes later does not change it."""
    body: Json = {} if happening.action is None else {"action": happening.action}
    special = {"ping": _ping, "push": _push, "installation": _installation, "membership": _membership}
    maker: Callable[[State, Happening], Json] = special.get(happening.event, _about)
    body |= maker(world, happening)
    repo, installation = happening.repository, happening.installation
    if repo is not None:
        body.setdefault("repository", repository(world, repo))
        if repo.owner.type == "Organization":
            body["organization"] = organization(world, repo.owner)
        if installation is not None:
            body["installation"] = installations.short_installation(installation)
    return body | {"sender": account(world, happening.sender)}


def _about(world: State, happening: Happening) -> Json:
    body: Json = {}
    for name, value in happening.about.items():
        body |= _thing(world, happening, name, value)
    if happening.event == "installation_repositories":
        body |= _repository_change(world, happening)
    return body


def _thing(world: State, happening: Happening, name: str, value: Any) -> Json:
    if value is None:
        return {}
    if name == "issue" and happening.event == "pull_request":
        return {"number": value.number, "pull_request": pull(world, value)}
    if isinstance(value, Account):
        return {name: account(world, value)}
    makers: dict[str, Callable[[], Json]] = {
        "issue": lambda: issues.hook_issue(world, value),
        "comment": lambda: issues.comment(world, value),
        "changes": lambda: _changes(world, value),
        "label": lambda: issues.label(world, _repository(happening), value),
        "type": lambda: issues.issue_type(value),
        "milestone": lambda: issues.milestone(world, _repository(happening), value),
    }
    return {name: makers[name]()} if name in makers else {}


def _repository(happening: Happening) -> Repository:
    assert happening.repository is not None
    return happening.repository


def _changes(world: State, changes: Json) -> Json:
    """`from` values as they are; of a transfer the issue and repository on the other side."""

    def render(value: Any) -> Any:
        if isinstance(value, Issue):
            return issues.hook_issue(world, value)
        return repository(world, value) if isinstance(value, Repository) else value

    return {key: render(value) for key, value in changes.items()}


def _ping(world: State, _happening: Happening) -> Json:
    return {
        "zen": "Half measures are as bad as nothing at all.",
        "hook_id": world.app.hook_id,
        "hook": installations.hook(world),
    }


def _installation(world: State, happening: Happening) -> Json:
    assert happening.installation is not None
    body: Json = {"installation": installations.installation(world, happening.installation)}
    if happening.action in {"created", "deleted"}:
        mine = [repo for repo in world.repositories.values() if covers(happening.installation, repo)]
        body["repositories"] = [short_repository(repo) for repo in mine]
    return body | ({"requester": None} if happening.action == "created" else {})


def _membership(world: State, happening: Happening) -> Json:
    team, installation = happening.about["team"], happening.installation
    assert isinstance(team, Team)
    assert installation is not None
    return {
        "scope": "team",
        "member": account(world, happening.about["member"]),
        "team": teams.team(world, team),
        "organization": organization(world, team.organization),
        "installation": installations.short_installation(installation),
    }


def _repository_change(world: State, happening: Happening) -> Json:
    assert isinstance(happening.installation, Installation)
    moved = {key: [short_repository(repo) for repo in repos] for key, repos in happening.about.items()}
    return {
        "installation": installations.installation(world, happening.installation),
        "repository_selection": installations.selection(happening.installation),
        "repositories_added": moved.get("repositories_added", []),
        "repositories_removed": moved.get("repositories_removed", []),
        "requester": None,
    }


def _push(world: State, happening: Happening) -> Json:
    """One commit. GitHub gives the repository's times as epoch seconds here."""
    repo, commit = happening.repository, happening.about["commit"]
    assert repo is not None
    whole = repository(world, repo) | {
        "created_at": int(repo.created_at.timestamp()),
        "pushed_at": int(repo.pushed_at.timestamp()),
        "stargazers": 0,
        "master_branch": repo.default_branch,
    }
    one = _commit(world, happening, commit)
    return {
        "ref": f"refs/heads/{commit['branch']}",
        "before": commit["before"],
        "after": commit["after"],
        "base_ref": None,
        "created": commit.get("created", False),
        "deleted": False,
        "forced": False,
        "compare": f"{page(world, repo)}/compare/{commit['before'][:12]}...{commit['after'][:12]}",
        "commits": [] if commit.get("created") else [one],
        "head_commit": one,
        "pusher": {"name": happening.sender.login, "email": f"{happening.sender.login}@users.noreply.example"},
        "repository": whole,
    }


def _commit(world: State, happening: Happening, commit: Json) -> Json:
    repo, sender = happening.repository, happening.sender
    assert repo is not None
    who = {"name": sender.name, "email": f"{sender.login}@users.noreply.example", "username": sender.login}
    paths = {kind: commit.get(kind, []) for kind in ("added", "modified", "removed")}
    return {
        "id": commit["after"],
        "tree_id": commit["after"],
        "distinct": True,
        "message": commit.get("message") or "Update configuration",
        "timestamp": time(world.clock()),
        "url": f"{page(world, repo)}/commit/{commit['after']}",
        "author": who,
        "committer": who,
        **paths,
    }
