"""What people and the App do with issues and pull requests: open, edit, close, assign, delete."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from app.sandbox.accounts import Account
from app.sandbox.label_verbs import LabelVerbs
from app.sandbox.refused import Refused, invalid
from app.sandbox.things import Issue, Milestone, Moved, Pull, Repository

MAX_BODY = 65_536
MAX_TITLE = 256
CLOSE_REASONS = ("completed", "not_planned", "duplicate")


class IssueVerbs(LabelVerbs):
    """Every verb names the person by login (`by`), checks the role, changes the state and sends the webhooks GitHub sends."""

    def open_issue(
        self,
        repository: str,
        title: str,
        body: str | None = None,
        *,
        by: str,
        labels: Sequence[str] = (),
        milestone: str | None = None,
        assignees: Sequence[str] = (),
        number: int | None = None,
    ) -> Issue:
        """`number` picks a number that is still free (for look-alikes of real issues)."""
        repo = self.writable(repository)
        author = self.demand(repo, self.account(by), "read")
        if not repo.has_issues:
            raise Refused(410, "Issues has been disabled in this repository.")
        issue = self._new_issue(repo, author, title, body, number)
        return self._opened(issue, labels, milestone, assignees)

    def open_pull(
        self, repository: str, title: str, body: str | None = None, *, by: str, labels: Sequence[str] = (),
        number: int | None = None, draft: bool = False, head: str = "patch-1", files: Mapping[str, str | None] | None = None,
        orphan: bool = False, commit: str = "",
    ) -> Issue:  # fmt: skip
        """`files`: what it changes (None: removed). `orphan`: from a fork that is gone. `commit`: its head, if there is one."""
        repo = self.writable(repository)
        issue = self._new_issue(repo, self.demand(repo, self.account(by), "read"), title, body, number)
        issue.pull = Pull(self.new_id("pull"), head, commit or f"{issue.id:040x}", draft, dict(files or {}), orphan)
        return self._opened(issue, labels, None, ())

    def push_to_pull(self, issue: Issue, files: Mapping[str, str | None], *, by: str) -> None:
        """Another commit: from then on the pull request changes these files."""
        assert issue.pull is not None
        issue.pull.files, issue.updated_at = dict(files), self.clock()
        issue.pull.sha = hashlib.sha1(f"{issue.pull.sha}{files}".encode(), usedforsecurity=False).hexdigest()
        self.tell(issue, "synchronize", self.account(by))

    def edit_issue(self, issue: Issue, *, by: str, title: str | None = None, body: str | None = None) -> Issue:
        """New title or body; the author may, else triage (title) or write (body), taken together as triage here."""
        actor = self.account(by)
        if actor is not issue.author:
            self.demand(issue.repository, actor, "triage")
        changes: dict[str, Any] = {}
        if title is not None and title != issue.title:
            changes["title"] = {"from": issue.title}
            issue.title = check_title(title)
            self.record(issue, "renamed", actor, title)
        if body is not None and body != issue.body:
            changes["body"] = {"from": issue.body or ""}
            issue.body = check_body(body, "Issue")
        if changes:
            issue.updated_at = self.clock()
            self.tell(issue, "edited", actor, changes=changes)
        return issue

    def close_issue(
        self, issue: Issue, *, by: str, reason: str = "completed", duplicate_of: Issue | None = None
    ) -> Issue:
        """Closing what is closed changes nothing: GitHub ignores `state_reason` unless `state` changes."""
        actor = self._may_turn(issue, by)
        if issue.state == "closed":
            return issue
        if reason not in CLOSE_REASONS:
            raise invalid("Issue", "state_reason", "invalid")
        issue.state, issue.closed_at, issue.closed_by = "closed", self.clock(), actor
        issue.state_reason = None if issue.pull else reason
        issue.duplicate_of = duplicate_of
        self.record(issue, "closed", actor, "" if issue.pull else reason)
        if duplicate_of is not None:
            self.record(issue, "marked_as_duplicate", actor, f"#{duplicate_of.number}")
        self.tell(issue, "closed", actor)
        return issue

    def reopen_issue(self, issue: Issue, *, by: str) -> Issue:
        actor = self._may_turn(issue, by)
        if issue.state == "open":
            return issue
        issue.state, issue.closed_at, issue.closed_by = "open", None, None
        issue.state_reason, issue.duplicate_of = (None if issue.pull else "reopened"), None
        self.record(issue, "reopened", actor)
        self.tell(issue, "reopened", actor)
        return issue

    def merge_pull(self, issue: Issue, *, by: str) -> Issue:
        actor = self.demand(self.writable(issue.repository.full_name), self.account(by), "write")
        if issue.pull is None or issue.state == "closed":
            raise Refused(405, "Pull Request is not mergeable")
        issue.pull.merged_at, issue.pull.merged_by = self.clock(), actor
        self.record(issue, "merged", actor)
        return self.close_issue(issue, by=by)

    def set_milestone(self, issue: Issue, milestone: Milestone | str | None, *, by: str) -> Issue:
        """GitHub tells a change of milestone as `demilestoned` and then `milestoned`."""
        actor = self.demand(self.writable(issue.repository.full_name), self.account(by), "triage")
        new = self.milestone(issue.repository.full_name, milestone) if isinstance(milestone, str) else milestone
        old = issue.milestone
        if new is old:
            return issue
        issue.milestone = None
        if old is not None:
            self.record(issue, "demilestoned", actor, old.title)
            self.tell(issue, "demilestoned", actor, milestone=old)
        issue.milestone = new
        if new is not None:
            self.record(issue, "milestoned", actor, new.title)
            self.tell(issue, "milestoned", actor, milestone=new)
        return issue

    def assign(self, issue: Issue, logins: Iterable[str], *, by: str) -> Issue:
        """Those who can't be assigned are left out in silence, and so is everybody after the tenth: as GitHub does."""
        actor = self.demand(self.writable(issue.repository.full_name), self.account(by), "triage")
        for login in logins:
            person = self.accounts.get(login.lower())
            if person is None or person in issue.assignees or not self.assignable(issue, person):
                continue
            if len(issue.assignees) < 10:
                issue.assignees.append(person)
                self.record(issue, "assigned", actor, person.login)
                self.tell(issue, "assigned", actor, assignee=person)
        return issue

    def unassign(self, issue: Issue, logins: Iterable[str], *, by: str) -> Issue:
        actor = self.demand(self.writable(issue.repository.full_name), self.account(by), "triage")
        for person in [self.accounts.get(login.lower()) for login in logins]:
            if person is not None and person in issue.assignees:
                issue.assignees.remove(person)
                self.record(issue, "unassigned", actor, person.login)
                self.tell(issue, "unassigned", actor, assignee=person)
        return issue

    def assignable(self, issue: Issue, person: Account) -> bool:
        """Source: docs, assigning issues: write access, members who can read, and who commented on the issue."""
        member = person.id in issue.repository.owner.members
        commented = any(comment.author is person for comment in issue.comments)
        known = self.may(issue.repository, person, "triage") or member or commented
        return person.type == "User" and known and self.may(issue.repository, person, "read")

    def delete_issue(self, issue: Issue, *, by: str) -> None:
        """Afterwards the number answers 410."""
        repo = issue.repository
        actor = self.demand(repo, self.account(by), "admin")
        self._leave(issue, None)
        self._forget_comments(issue)
        self.tell(issue, "deleted", actor)

    def _new_issue(self, repo: Repository, author: Account, title: str, body: str | None, number: int | None) -> Issue:
        if number is not None and (number in repo.issues or number in repo.gone):
            raise invalid("Issue", "number", "already_exists")
        number = number or repo.last_number + 1
        repo.last_number = max(repo.last_number, number)
        now, mine = self.clock(), author is self.app.bot
        text = check_body(body, "Issue") if body else None
        issue = Issue(self.new_id("issue"), number, repo, author, check_title(title), text, now, now, mine)
        repo.issues[number] = issue
        return issue

    def _opened(self, issue: Issue, labels: Sequence[str], milestone: str | None, assignees: Sequence[str]) -> Issue:
        """GitHub sends `opened` with the labels already in place and then one `labeled`, `milestoned`, `assigned` each."""
        repo, author = issue.repository, issue.author
        if self.may(repo, author, "triage") or author is self.app.bot:
            issue.labels = list(dict.fromkeys(self.label_named(repo, name, author) for name in labels))
            issue.milestone = self.milestone(repo.full_name, milestone) if milestone else None
            people = [self.account(login) for login in assignees]
            issue.assignees = [person for person in people if self.assignable(issue, person)]
        self.tell(issue, "opened", author)
        self._tell_first_values(issue, author)
        return issue

    def _tell_first_values(self, issue: Issue, author: Account) -> None:
        for label in issue.labels:
            self.record(issue, "labeled", author, label.name, label.color)
            self.tell(issue, "labeled", author, label=label)
        if issue.milestone:
            self.record(issue, "milestoned", author, issue.milestone.title)
            self.tell(issue, "milestoned", author, milestone=issue.milestone)
        for person in issue.assignees:
            self.record(issue, "assigned", author, person.login)
            self.tell(issue, "assigned", author, assignee=person)

    def _may_turn(self, issue: Issue, by: str) -> Account:
        """Closing and reopening: the author may, else triage."""
        actor = self.account(by)
        self.writable(issue.repository.full_name)
        return actor if actor is issue.author else self.demand(issue.repository, actor, "triage")

    def _leave(self, issue: Issue, moved: Moved | None) -> None:
        """The issue is not there any more."""
        repo = issue.repository
        del repo.issues[issue.number]
        repo.gone[issue.number] = moved
        repo.pinned = [other for other in repo.pinned if other is not issue]

    def _forget_comments(self, issue: Issue) -> None:
        for comment in issue.comments:
            self.comments.pop(comment.id, None)


def check_title(title: str) -> str:
    if not title.strip():
        raise invalid("Issue", "title", "missing_field")
    if len(title) > MAX_TITLE:
        raise invalid("Issue", "title", "custom", f"title is too long (maximum is {MAX_TITLE} characters)")
    return title


def check_body(body: str, resource: Literal["Issue", "IssueComment"]) -> str:
    """GitHub's limit of 65,536 characters."""
    if len(body) > MAX_BODY:
        raise invalid(resource, "body", "custom", f"body is too long (maximum is {MAX_BODY} characters)")
    return body
