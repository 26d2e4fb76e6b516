"""What people and the App do with an issue's conversation: lock it, pin it, move it into another repository."""

from __future__ import annotations

from app.sandbox.accounts import Account
from app.sandbox.issue_verbs import IssueVerbs
from app.sandbox.refused import Refused, invalid
from app.sandbox.things import Issue, Moved, Repository

LOCK_REASONS = ("off-topic", "too heated", "resolved", "spam")
MOST_PINS = 3


class ConversationVerbs(IssueVerbs):
    """Everything here takes the write role."""

    def lock(self, issue: Issue, *, by: str, reason: str | None = None) -> Issue:
        """What is locked stays as it is."""
        actor = self._writer(issue, by)
        if reason is not None and reason not in LOCK_REASONS:
            raise invalid("Issue", "lock_reason", "invalid")
        if not issue.locked:
            issue.locked, issue.lock_reason = True, reason
            self.record(issue, "locked", actor, reason or "")
            self.tell(issue, "locked", actor)
        return issue

    def unlock(self, issue: Issue, *, by: str) -> Issue:
        actor = self._writer(issue, by)
        if issue.locked:
            issue.locked, issue.lock_reason = False, None
            self.record(issue, "unlocked", actor)
            self.tell(issue, "unlocked", actor)
        return issue

    def pin(self, issue: Issue, *, by: str) -> Issue:
        """Three to a repository, and no pull requests."""
        actor, pinned = self._writer(issue, by), issue.repository.pinned
        if issue.pull is not None:
            raise invalid("Issue", "issue", "invalid")
        if issue not in pinned:
            if len(pinned) >= MOST_PINS:
                raise Refused(422, f"Maximum {MOST_PINS} pinned issues per repository")
            pinned.append(issue)
            self.record(issue, "pinned", actor)
            self.tell(issue, "pinned", actor)
        return issue

    def unpin(self, issue: Issue, *, by: str) -> Issue:
        actor = self._writer(issue, by)
        if issue.pinned:
            issue.repository.pinned.remove(issue)
            self.record(issue, "unpinned", actor)
            self.tell(issue, "unpinned", actor)
        return issue

    def transfer_issue(self, issue: Issue, to: str, *, by: str) -> Issue:
        """The same issue with a new id and number elsewhere; labels go along where the name exists, no milestone does."""
        old, new = issue.repository, self.writable(to)
        actor = self.demand(new, self._writer(issue, by), "write")
        _check_transfer(issue, new)
        copy = self._new_issue(new, issue.author, issue.title, issue.body, None)
        copy.labels = [new.labels[name.lower()] for name in issue.label_names if name.lower() in new.labels]
        copy.assignees = [person for person in issue.assignees if self.assignable(copy, person)]
        copy.state, copy.state_reason = issue.state, issue.state_reason
        copy.comments, copy.timeline, copy.reactions = issue.comments, issue.timeline, issue.reactions
        for comment in copy.comments:
            comment.issue = copy
        self._leave(issue, Moved(new.id, copy.number))
        self.record(copy, "transferred", actor, old.full_name)
        self.tell(issue, "transferred", actor, changes={"new_issue": copy, "new_repository": new})
        self.tell(copy, "opened", actor, changes={"old_issue": issue, "old_repository": old})
        return copy

    def _writer(self, issue: Issue, by: str) -> Account:
        return self.demand(self.writable(issue.repository.full_name), self.account(by), "write")


def _check_transfer(issue: Issue, to: Repository) -> None:
    """Source: docs, transferring an issue to another repository."""
    if issue.pull is not None or not to.has_issues:
        raise Refused(422, "The issue could not be transferred")
    if to.owner is not issue.repository.owner:
        raise Refused(422, "Issues can only be transferred between repositories of the same owner")
    if issue.repository.private and not to.private:
        raise Refused(422, "Issues can't be transferred from a private to a public repository")
