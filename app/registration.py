"""What the GitHub App must be registered with: permissions and events. The README shows them, `rounds doctor` checks them.

Source: docs.github.com/en/rest/authentication/permissions-required-for-github-apps.
"""

from __future__ import annotations

from collections.abc import Mapping

PERMISSIONS = {
    "issues": ("write", "labels, milestones, assignees, states, comments and reactions"),
    "pull_requests": ("write", "the same on pull requests"),
    "contents": ("read", "`.github/rounds.yml` and `.github/meetings/`"),
    "metadata": ("read", "mandatory; roles of people in a repository"),
}
"""Repository permissions: least level, and what for."""

OPTIONAL_PERMISSIONS = {
    "checks": ("write", "only for the check of pull requests that change the configuration"),
    "contents": ("write", "only for the archive of meetings: the branch and the file of its pull request"),
    "members": ("read", "only for `team:org/slug` in the configuration, and for meetings that a team attends"),
}
"""What one feature each needs; all else works without. The last is an organization permission."""

EVENTS = {
    "issues": "commands in the body at opening; the mirror",
    "issue_comment": "commands in comments",
    "pull_request": "commands in the body at opening; the check of a changed configuration; the mirror",
    "label": "names of labels",
    "milestone": "names of milestones",
    "repository": "renamed, transferred, archived",
    "push": "a change of `.github/rounds.yml` and `.github/meetings/`",
}
"""Events to tick, and what for. `installation`, `installation_repositories` and `ping` come by themselves."""

OPTIONAL_EVENTS = {
    "member": "a changed role counts at once, not within a minute",
    "team": "the same for a team's access; needs the permission for members",
    "membership": "the same for who is in a team; needs the permission for members",
    "organization": "the same for who is in the organization; needs the permission for members",
}

_LEVELS = ("none", "read", "write", "admin")


def lacking(granted: dict[str, str], wanted: Mapping[str, tuple[str, str]] = PERMISSIONS) -> dict[str, str]:
    """Permissions below what is needed, or below others that are `wanted`: name → level."""
    return {
        name: level
        for name, (level, _) in wanted.items()
        if _LEVELS.index(level) > _LEVELS.index(granted.get(name, "none"))
    }
