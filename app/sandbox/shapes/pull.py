"""JSON of pull requests as in `pull_request` events and `GET …/pulls/{number}`."""

from __future__ import annotations

from app.sandbox.shapes import issue as issues
from app.sandbox.shapes import repository
from app.sandbox.shapes.basics import Json, account, node_id, time
from app.sandbox.state import State
from app.sandbox.things import Issue, Pull

_FIXED = {
    "auto_merge": None,
    "mergeable": None,
    "rebaseable": None,
    "mergeable_state": "unknown",
    "review_comments": 0,
    "maintainer_can_modify": False,
    "commits": 1,
    "additions": 1,
    "deletions": 0,
    "changed_files": 1,
    "requested_reviewers": (),
    "requested_teams": (),
}

_COUNTED = frozenset({
    "commits", "additions", "deletions", "changed_files", "comments", "review_comments", "merged", "merged_by", "mergeable",
    "mergeable_state", "rebaseable", "maintainer_can_modify",
})  # fmt: skip


def pull(world: State, it: Issue) -> Json:
    """Most of the issue's keys under the pull request's own id, and where it comes from and goes to."""
    assert it.pull is not None
    shared = issues.issue(world, it)
    dropped = (
        "pull_request", "state_reason", "reactions", "performed_via_github_app", "type", "labels_url", "timeline_url",
        "events_url", "repository_url",
    )  # fmt: skip
    base = {key: value for key, value in shared.items() if key not in dropped}
    first = account(world, it.assignees[0]) if it.assignees else None
    return base | _FIXED | _merge(world, it.pull) | _addresses(world, it) | {
        "id": it.pull.id,
        "node_id": node_id("PR", it.pull.id),
        "assignee": first,
        "head": _side(world, it, it.pull.head, it.pull.sha),
        "base": _side(world, it, it.repository.default_branch, it.repository.head),
    }  # fmt: skip


def short_pull(world: State, it: Issue) -> Json:
    """As in lists: without what GitHub would have to count or try."""
    return {key: value for key, value in pull(world, it).items() if key not in _COUNTED}


def _merge(world: State, it: Pull) -> Json:
    by = account(world, it.merged_by) if it.merged_by else None
    return {
        "merged": it.merged_at is not None, "merged_at": time(it.merged_at), "merged_by": by, "draft": it.draft,
        "merge_commit_sha": None,
    }  # fmt: skip


def _side(world: State, it: Issue, ref: str, sha: str) -> Json:
    repo = it.repository
    gone = it.pull is not None and it.pull.orphan and ref == it.pull.head
    owner = account(world, repo.owner)
    label = f"{repo.owner.login}:{ref}"
    return {
        "label": label,
        "ref": ref,
        "sha": sha,
        "user": owner,
        "repo": None if gone else repository.repository(world, repo),
    }


def _addresses(world: State, it: Issue) -> Json:
    assert it.pull is not None
    root, html = f"{repository.url(world, it.repository)}/pulls/{it.number}", issues.page(world, it)
    urls = {
        "url": root,
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issues.url(world, it),
        "commits_url": f"{root}/commits",
        "comments_url": f"{issues.url(world, it)}/comments",
        "review_comments_url": f"{root}/comments",
        "review_comment_url": f"{repository.url(world, it.repository)}/pulls/comments{{/number}}",
        "statuses_url": f"{repository.url(world, it.repository)}/statuses/{it.pull.sha}",
    }
    kinds = ("html", "issue", "comments", "commits", "review_comments", "review_comment", "statuses")
    links = {kind: {"href": urls[f"{kind}_url"]} for kind in kinds}
    return urls | {"_links": links | {"self": {"href": root}}}
