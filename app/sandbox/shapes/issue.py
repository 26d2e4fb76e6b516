"""JSON of issues and of what hangs on them: labels, milestones, comments, reactions."""

from __future__ import annotations

from urllib.parse import quote

from app.sandbox.accounts import Account, IssueType
from app.sandbox.shapes import repository
from app.sandbox.shapes.basics import Json, account, node_id, time
from app.sandbox.shapes.installation import integration
from app.sandbox.state import State
from app.sandbox.things import REACTIONS, Comment, Issue, Label, Milestone, Reaction, Repository


def url(world: State, it: Issue) -> str:
    return f"{repository.url(world, it.repository)}/issues/{it.number}"


def page(world: State, it: Issue) -> str:
    return f"{repository.page(world, it.repository)}/{'pull' if it.pull else 'issues'}/{it.number}"


def association(repo: Repository, who: Account) -> str:
    """`author_association`: says little about rights, as on GitHub (a private member shows as NONE there)."""
    if who is repo.owner:
        return "OWNER"
    if who.id in repo.owner.members:
        return "MEMBER"
    return "COLLABORATOR" if who.id in repo.roles else "NONE"


def label(world: State, repo: Repository, it: Label) -> Json:
    return {
        "id": it.id,
        "node_id": node_id("LA", it.id),
        "url": f"{repository.url(world, repo)}/labels/{quote(it.name, safe='')}",
        "name": it.name,
        "color": it.color,
        "default": it.default,
        "description": it.description,
        "archived_at": None,
        "archived_by": None,
    }


def milestone(world: State, repo: Repository, it: Milestone) -> Json:
    mine = [issue for issue in repo.issues.values() if issue.milestone is it]
    still_open = sum(issue.state == "open" for issue in mine)
    root = f"{repository.url(world, repo)}/milestones/{it.number}"
    return {
        "id": it.id,
        "node_id": node_id("MI", it.id),
        "url": root,
        "html_url": f"{repository.page(world, repo)}/milestone/{it.number}",
        "labels_url": f"{root}/labels",
        "number": it.number,
        "title": it.title,
        "state": it.state,
        "description": it.description,
        "creator": account(world, it.creator),
        "open_issues": still_open,
        "closed_issues": len(mine) - still_open,
        "created_at": time(it.created_at),
        "updated_at": time(it.updated_at),
        "due_on": time(it.due_on),
        "closed_at": time(it.closed_at),
    }


def reaction(world: State, it: Reaction) -> Json:
    base = {"id": it.id, "node_id": node_id("REA", it.id), "user": account(world, it.user)}
    return {**base, "content": it.content, "created_at": time(it.created_at)}


def rollup(root: str, all_of_them: list[Reaction]) -> Json:
    """The counts of reactions on an issue or a comment."""
    counts = {content: sum(r.content == content for r in all_of_them) for content in REACTIONS}
    return {"url": f"{root}/reactions", "total_count": len(all_of_them), **counts}


def comment(world: State, it: Comment) -> Json:
    root = f"{repository.url(world, it.issue.repository)}/issues/comments/{it.id}"
    return {
        "id": it.id,
        "node_id": node_id("IC", it.id),
        "url": root,
        "html_url": f"{page(world, it.issue)}#issuecomment-{it.id}",
        "issue_url": url(world, it.issue),
        "user": account(world, it.author),
        "body": it.body,
        "created_at": time(it.created_at),
        "updated_at": time(it.updated_at),
        "author_association": association(it.issue.repository, it.author),
        "performed_via_github_app": integration(world) if it.via_app else None,
        "reactions": rollup(root, it.reactions),
    }


def issue(world: State, it: Issue) -> Json:
    """As REST gives it; a pull request has the key `pull_request` and the issue's id."""
    root, repo = url(world, it), it.repository
    shape = {
        "id": it.id,
        "node_id": node_id("PR" if it.pull else "I", it.id),
        "url": root,
        "repository_url": repository.url(world, repo),
        "labels_url": f"{root}/labels{{/name}}",
        "comments_url": f"{root}/comments",
        "events_url": f"{root}/events",
        "timeline_url": f"{root}/timeline",
        "html_url": page(world, it),
        "number": it.number,
        "title": it.title,
        "body": it.body,
        "user": account(world, it.author),
        "state": it.state,
        "state_reason": it.state_reason,
        "labels": [label(world, repo, one) for one in it.labels],
        "assignees": [account(world, person) for person in it.assignees],
        "milestone": milestone(world, repo, it.milestone) if it.milestone else None,
        "locked": it.locked,
        "active_lock_reason": it.lock_reason,
        "comments": len(it.comments),
        "created_at": time(it.created_at),
        "updated_at": time(it.updated_at),
        "closed_at": time(it.closed_at),
        "author_association": association(repo, it.author),
        "performed_via_github_app": integration(world) if it.via_app else None,
        "reactions": rollup(root, it.reactions),
        "type": issue_type(it.type) if it.type else None,
    }
    return shape | (_pull_link(world, it) if it.pull else _relations(world, it))


def issue_type(it: IssueType) -> Json:
    made = time(it.created_at)
    return {
        "id": it.id,
        "node_id": node_id("IT", it.id),
        "name": it.name,
        "description": None,
        "color": None,
        "created_at": made,
        "updated_at": made,
        "is_enabled": True,
    }


def _relations(world: State, it: Issue) -> Json:
    """Counts of what is linked with an issue, and the address of its parent's issue where it has one."""
    done = sum(one.state == "closed" for one in it.sub_issues)
    percent = done * 100 // len(it.sub_issues) if it.sub_issues else 0
    return {
        "sub_issues_summary": {"total": len(it.sub_issues), "completed": done, "percent_completed": percent},
        "issue_dependencies_summary": {
            "blocked_by": sum(one.state == "open" for one in it.blocked_by),
            "blocking": sum(one.state == "open" for one in it.blocking),
            "total_blocked_by": len(it.blocked_by),
            "total_blocking": len(it.blocking),
        },
    } | ({"parent_issue_url": url(world, it.parent)} if it.parent else {})


def whole_issue(world: State, it: Issue) -> Json:
    """As `GET …/issues/{number}` gives it: with who closed it."""
    return issue(world, it) | {"closed_by": account(world, it.closed_by) if it.closed_by else None}


def hook_issue(world: State, it: Issue) -> Json:
    """As in webhooks: these still carry `assignee`, which REST dropped in 2026-03-10."""
    return issue(world, it) | {"assignee": account(world, it.assignees[0]) if it.assignees else None}


def _pull_link(world: State, it: Issue) -> Json:
    if it.pull is None:
        return {}
    html = page(world, it)
    link = {
        "url": f"{repository.url(world, it.repository)}/pulls/{it.number}",
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": time(it.pull.merged_at),
    }
    return {"pull_request": link, "draft": it.pull.draft}
