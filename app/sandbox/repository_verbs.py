"""What people do with repositories: milestones, roles, renaming, archiving."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.sandbox.accounts import FOLDED, Account
from app.sandbox.file_verbs import FileVerbs
from app.sandbox.refused import invalid
from app.sandbox.things import Milestone, Repository

KEEP = object()
"""In `edit_milestone`: leave the due date as it is (None takes it away)."""


class RepositoryVerbs(FileVerbs):
    """Makers of repositories are quiet: nobody is told of what was there before the App came."""

    def repository(
        self, full_name: str, *, private: bool = False, description: str = "", has_issues: bool = True,
        labels: Sequence[str | tuple[str, str] | tuple[str, str, str]] = (), milestones: Sequence[str] = (),
        roles: Mapping[str, str] | None = None, files: Mapping[str, str] | None = None,
    ) -> Repository:  # fmt: skip
        """A repository of an existing account. Labels as `name`, `(name, color)` or `(name, color, description)`."""
        owner_name, _, name = full_name.partition("/")
        owner, now = self.account(owner_name), self.clock()
        repo = Repository(self.new_id("repository"), owner, name, now, now, now, private, has_issues=has_issues)
        repo.description, repo.files = description, dict(files or {})
        repo.head = hashlib.sha1(full_name.encode(), usedforsecurity=False).hexdigest()
        self.repositories[repo.id] = repo
        self._names[full_name.lower()] = repo.id
        repo.roles = {self.account(login).id: role for login, role in (roles or {}).items()}
        for label in labels:
            self.create_label(full_name, *((label,) if isinstance(label, str) else label), by=owner_name)
        for title in milestones:
            self.create_milestone(full_name, title, by=owner_name)
        return repo

    # -- milestones --------------------------------------------------------------------------------------------

    def create_milestone(
        self, repository: str, title: str, *, by: str, description: str | None = None, due_on: datetime | None = None
    ) -> Milestone:
        repo = self.writable(repository)
        actor, now = self.demand(repo, self.account(by), "write"), self.clock()
        _check_milestone_title(repo, title)
        number = max(repo.milestones, default=0) + 1
        milestone = Milestone(self.new_id("milestone"), number, title, actor, now, now, description, due_on)
        repo.milestones[number] = milestone
        self.emit("milestone", "created", repo, actor, milestone=milestone)
        return milestone

    def edit_milestone(
        self, repository: str, milestone: Milestone, *, by: str,
        title: str | None = None, description: str | None = None, due_on: Any = KEEP,
    ) -> Milestone:  # fmt: skip
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        changes: dict[str, Any] = {}
        if title is not None and title != milestone.title:
            _check_milestone_title(repo, title)
            changes["title"], milestone.title = {"from": milestone.title}, title
        if description is not None and description != milestone.description:
            changes["description"], milestone.description = {"from": milestone.description or ""}, description
        if due_on is not KEEP and due_on != milestone.due_on:
            changes["due_on"], milestone.due_on = {"from": str(milestone.due_on or "")}, due_on
        if changes:
            self._tell_milestone(repo, milestone, "edited", actor, changes=changes)
        return milestone

    def close_milestone(self, repository: str, milestone: Milestone, *, by: str) -> None:
        repo = self.writable(repository)
        actor, milestone.closed_at = self.demand(repo, self.account(by), "write"), self.clock()
        self._tell_milestone(repo, milestone, "closed", actor)

    def open_milestone(self, repository: str, milestone: Milestone, *, by: str) -> None:
        """Opens a closed one again."""
        repo = self.writable(repository)
        actor, milestone.closed_at = self.demand(repo, self.account(by), "write"), None
        self._tell_milestone(repo, milestone, "opened", actor)

    def delete_milestone(self, repository: str, milestone: Milestone, *, by: str) -> None:
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        del repo.milestones[milestone.number]
        for issue in repo.issues.values():
            issue.milestone = None if issue.milestone is milestone else issue.milestone
        self._tell_milestone(repo, milestone, "deleted", actor)

    def _tell_milestone(self, repo: Repository, milestone: Milestone, action: str, by: Account, **about: Any) -> None:
        milestone.updated_at = self.clock()
        self.emit("milestone", action, repo, by, milestone=milestone, **about)

    # -- roles, the repository itself --------------------------------------------------------------------------

    def set_role(self, repository: str, login: str, role: str, *, by: str) -> None:
        """`none` removes the collaborator."""
        repo = self.find_repository(repository)
        actor, person = self.demand(repo, self.account(by), "admin"), self.account(login)
        old = repo.roles.pop(person.id, None)
        if role != "none":
            repo.roles[person.id] = role
        action = "removed" if role == "none" else "edited" if old else "added"
        self.emit("member", action, repo, actor, member=person, changes=_role_change(action, old, role))

    def rename_repository(self, repository: str, name: str, *, by: str) -> Repository:
        """The old name answers 301 from then on."""
        repo = self.find_repository(repository)
        actor, old = self.demand(repo, self.account(by), "admin"), repo.name
        self.former_names[repo.full_name.lower()] = self._names.pop(repo.full_name.lower())
        repo.name = name
        self._names[repo.full_name.lower()] = repo.id
        self.emit("repository", "renamed", repo, actor, changes={"repository": {"name": {"from": old}}})
        return repo

    def archive_repository(self, repository: str, *, by: str, archived: bool = True) -> None:
        repo = self.find_repository(repository)
        actor, repo.archived = self.demand(repo, self.account(by), "admin"), archived
        self.emit("repository", "archived" if archived else "unarchived", repo, actor)


def _role_change(action: str, old: str | None, new: str) -> dict[str, Any] | None:
    """GitHub says the folded permission here; only `added` has the role's own name."""
    permission: dict[str, Any] = {"to": FOLDED[new]}
    if action == "added":
        return {"permission": permission, "role_name": {"to": new}}
    return {"permission": permission | {"from": FOLDED[old or "none"]}} if action == "edited" else None


def _check_milestone_title(repo: Repository, title: str) -> None:
    if not title.strip():
        raise invalid("Milestone", "title", "missing_field")
    if any(milestone.title == title for milestone in repo.milestones.values()):
        raise invalid("Milestone", "title", "already_exists")
