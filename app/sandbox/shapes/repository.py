"""JSON of repositories."""

from __future__ import annotations

from app.sandbox.shapes.basics import Json, account, node_id, time
from app.sandbox.state import State
from app.sandbox.things import Repository

_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_FIXED = {
    "fork": False,
    "homepage": None,
    "language": None,
    "license": None,
    "mirror_url": None,
    "size": 1,
    "disabled": False,
    "has_pages": False,
    "has_projects": False,
    "has_wiki": False,
    "has_downloads": False,
    "has_discussions": False,
    "allow_forking": True,
    "is_template": False,
    "web_commit_signoff_required": False,
    "forks": 0,
    "forks_count": 0,
    "stargazers_count": 0,
    "watchers": 0,
    "watchers_count": 0,
    "topics": (),
}


def url(world: State, repo: Repository) -> str:
    return f"{world.api_url}/repos/{repo.full_name}"


def page(world: State, repo: Repository) -> str:
    return f"{world.web_url}/{repo.full_name}"


def repository(world: State, repo: Repository) -> Json:
    """As in webhooks and in lists."""
    still_open = sum(issue.state == "open" for issue in repo.issues.values())
    return {
        "id": repo.id,
        "node_id": node_id("R", repo.id),
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
        "visibility": "private" if repo.private else "public",
        "owner": account(world, repo.owner),
        "description": repo.description or None,
        "archived": repo.archived,
        "has_issues": repo.has_issues,
        "default_branch": repo.default_branch,
        "open_issues": still_open,
        "open_issues_count": still_open,
        "created_at": time(repo.created_at),
        "updated_at": time(repo.updated_at),
        "pushed_at": time(repo.pushed_at),
        **_FIXED,
        **_addresses(world, repo),
    }


def full_repository(world: State, repo: Repository) -> Json:
    """As in `GET /repos/{owner}/{repo}`."""
    permissions = {"admin": False, "maintain": False, "push": False, "triage": True, "pull": True}
    return repository(world, repo) | {"network_count": 0, "subscribers_count": 0, "permissions": permissions}


def short_repository(repo: Repository) -> Json:
    """As in the `installation` events."""
    names = {"name": repo.name, "full_name": repo.full_name}
    return {"id": repo.id, "node_id": node_id("R", repo.id), **names, "private": repo.private}


def _addresses(world: State, repo: Repository) -> Json:
    root, html = url(world, repo), page(world, repo)
    host = world.web_url.partition("://")[2]
    links = {key: root + tail for key, tail in _LINKS.items()}
    git = {"git_url": f"git://{host}/{repo.full_name}.git", "ssh_url": f"git@{host}:{repo.full_name}.git"}
    return {"url": root, "html_url": html, "clone_url": f"{html}.git", "svn_url": html, **git, **links}
