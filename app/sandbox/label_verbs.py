"""What people and the App do with labels: those of a repository and those on an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from app.sandbox.accounts import Account
from app.sandbox.duty import Duty
from app.sandbox.refused import Refused, invalid
from app.sandbox.things import Issue, Label, Repository

MAX_LABELS = 100


class LabelVerbs(Duty):
    """Names compare case-insensitively and keep the spelling of the repository's label."""

    def create_label(
        self, repository: str, name: str, color: str = "ededed", description: str | None = None, *, by: str
    ) -> Label:
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        check_label(name, color, description)
        if name.lower() in repo.labels:
            raise invalid("Label", "name", "already_exists")
        label = Label(self.new_id("label"), name, color.lower(), description)
        repo.labels[name.lower()] = label
        self.emit("label", "created", repo, actor, label=label)
        return label

    def edit_label(
        self, repository: str, name: str, *, by: str,
        new_name: str | None = None, color: str | None = None, description: str | None = None,
    ) -> Label:  # fmt: skip
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        label = self.find_label(repo, name)
        check_label(new_name or label.name, color or label.color, description)
        if new_name and new_name.lower() != label.name.lower() and new_name.lower() in repo.labels:
            raise invalid("Label", "name", "already_exists")
        wanted = {"name": new_name, "color": color, "description": description}
        changes = {key: {"from": getattr(label, key) or ""} for key, value in wanted.items() if value is not None}
        del repo.labels[label.name.lower()]
        for key in changes:
            setattr(label, key, wanted[key])
        repo.labels[label.name.lower()] = label
        self.emit("label", "edited", repo, actor, label=label, changes=changes)
        return label

    def delete_label(self, repository: str, name: str, *, by: str) -> None:
        """Each issue that had it sends `unlabeled`, and that one carries no `label`."""
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        label = self.find_label(repo, name)
        del repo.labels[label.name.lower()]
        self.emit("label", "deleted", repo, actor, label=label)
        for issue in repo.issues.values():
            if label in issue.labels:
                issue.labels.remove(label)
                self.tell(issue, "unlabeled", actor)

    def find_label(self, repo: Repository, name: str) -> Label:
        label = repo.labels.get(name.lower())
        if label is None:
            raise Refused(404, "Not Found")
        return label

    def add_labels(self, issue: Issue, names: Iterable[str], *, by: str) -> Issue:
        """One `labeled` for each label that was not there; an unknown name becomes a new label."""
        actor = self._may_label(issue, by)
        for name in names:
            label = self.label_named(issue.repository, name, actor)
            if label not in issue.labels:
                self._put(issue, label, actor)
        return issue

    def remove_label(self, issue: Issue, name: str, *, by: str) -> Issue:
        """404 "Label does not exist" when the issue has no such label."""
        actor = self._may_label(issue, by)
        label = issue.repository.labels.get(name.lower())
        if label is None or label not in issue.labels:
            raise Refused(404, "Label does not exist")
        self._take(issue, label, actor)
        return issue

    def replace_labels(self, issue: Issue, names: Iterable[str], *, by: str) -> Issue:
        """What was not named goes, what is new comes; an empty list takes them all."""
        actor = self._may_label(issue, by)
        wanted = [self.label_named(issue.repository, name, actor) for name in names]
        for label in [label for label in issue.labels if label not in wanted]:
            self._take(issue, label, actor)
        return self.add_labels(issue, [label.name for label in wanted], by=by)

    def _may_label(self, issue: Issue, by: str) -> Account:
        return self.demand(self.writable(issue.repository.full_name), self.account(by), "triage")

    def _put(self, issue: Issue, label: Label, actor: Account) -> None:
        if len(issue.labels) >= MAX_LABELS:
            raise invalid("Issue", "labels", "custom", f"an issue can have at most {MAX_LABELS} labels")
        issue.labels.append(label)
        self.record(issue, "labeled", actor, label.name, label.color)
        self.tell(issue, "labeled", actor, label=label)

    def _take(self, issue: Issue, label: Label, actor: Account) -> None:
        issue.labels.remove(label)
        self.record(issue, "unlabeled", actor, label.name, label.color)
        self.tell(issue, "unlabeled", actor, label=label)


def check_label(name: str, color: str, description: str | None) -> None:
    """Names of 1 to 50 characters, descriptions of at most 100, colours of six hexadecimal digits without `#`."""
    problems: Any = None
    if not name.strip():
        problems = invalid("Label", "name", "missing_field")
    elif len(name) > 50:
        problems = invalid("Label", "name", "custom", "name is too long (maximum is 50 characters)")
    elif not re.fullmatch(r"[0-9a-fA-F]{6}", color):
        problems = invalid("Label", "color", "invalid")
    elif len(description or "") > 100:
        problems = invalid("Label", "description", "custom", "description is too long (maximum is 100 characters)")
    if problems:
        raise problems
