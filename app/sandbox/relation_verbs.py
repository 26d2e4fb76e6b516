"""What people and the App do with issue types, sub-issues and dependencies.

The App is subscribed to neither `sub_issues` nor `issue_dependencies`: nothing is sent of those.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.sandbox.accounts import Account, IssueType
from app.sandbox.conversation_verbs import ConversationVerbs
from app.sandbox.refused import Refused, invalid, not_found
from app.sandbox.things import Issue

MOST_SUB_ISSUES = 100
MOST_LEVELS = 8
MOST_DEPENDENCIES = 50


class RelationVerbs(ConversationVerbs):
    """Everything here takes the triage role in the repository of the issue whose list changes."""

    def issue_types(self, organization: str, names: Sequence[str]) -> list[IssueType]:
        """The organization's types from now on."""
        owner, now = self.account(organization), self.clock()
        owner.issue_types = [IssueType(self.new_id("issue type"), name, now) for name in names]
        return owner.issue_types

    def set_type(self, issue: Issue, name: str | None, *, by: str) -> Issue:
        """By name in any case; None clears. A name that there is not, and any in a person's repository, is 422."""
        actor = self.demand(self.writable(issue.repository.full_name), self.account(by), "triage")
        types = {one.name.lower(): one for one in issue.repository.owner.issue_types}
        if name is not None and name.lower() not in types:
            raise invalid("Issue", "type", "invalid")
        old, new = issue.type, types[name.lower()] if name is not None else None
        if old is new:
            return issue
        issue.type = new
        if new is None and old is not None:
            self.record(issue, "untyped", actor, old.name)
            self.tell(issue, "untyped", actor, type=old)
        elif new is not None:
            self.record(issue, "typed", actor, new.name)
            self.tell(issue, "typed", actor, type=new)
        return issue

    def add_sub_issue(self, parent: Issue, child: Issue, *, by: str, replace: bool = False) -> Issue:
        """422 for what makes no tree, for a second parent unless `replace`, and above GitHub's limits."""
        actor = self._may_relate(parent, child, by=by)
        if child.parent is parent:
            raise Refused(422, "Issue already is a sub-issue of this parent")
        if child.parent is not None and not replace:
            raise Refused(422, "Sub issue may only have one parent")
        if child in _line(parent):
            raise Refused(422, "Sub issue would create a circular dependency")
        if len(parent.sub_issues) >= MOST_SUB_ISSUES:
            raise Refused(422, f"Parent cannot have more than {MOST_SUB_ISSUES} sub-issues")
        if len(_line(parent)) + _levels(child) > MOST_LEVELS:
            raise Refused(422, f"Sub-issues can be nested at most {MOST_LEVELS} levels deep")
        if child.parent is not None:
            self._part(child.parent, child, actor)
        child.parent = parent
        parent.sub_issues.append(child)
        self._note(child, "parent_issue_added", parent, actor)
        self._note(parent, "sub_issue_added", child, actor)
        return parent

    def remove_sub_issue(self, parent: Issue, child: Issue, *, by: str) -> Issue:
        """404 for an issue that is none of its sub-issues."""
        actor = self._may_relate(parent, child, by=by)
        if child.parent is not parent:
            raise Refused(404, "The provided sub-issue does not belong to this parent")
        self._part(parent, child, actor)
        return parent

    def add_blocked_by(self, issue: Issue, blocker: Issue, *, by: str) -> Issue:
        """`issue` waits for `blocker`. 422 for itself, for what is noted already, and above GitHub's limit."""
        actor = self._may_relate(issue, blocker, by=by)
        if issue is blocker or blocker in issue.blocked_by:
            raise invalid("Issue", "issue_id", "invalid")
        if MOST_DEPENDENCIES in {len(issue.blocked_by), len(blocker.blocking)}:
            raise Refused(422, f"An issue can have at most {MOST_DEPENDENCIES} dependencies of a kind")
        issue.blocked_by.append(blocker)
        blocker.blocking.append(issue)
        self._note(issue, "blocked_by_added", blocker, actor)
        self._note(blocker, "blocking_added", issue, actor)
        return issue

    def remove_blocked_by(self, issue: Issue, blocker: Issue, *, by: str) -> Issue:
        """404 for an issue for which it does not wait."""
        actor = self._may_relate(issue, blocker, by=by)
        if blocker not in issue.blocked_by:
            raise not_found()
        issue.blocked_by.remove(blocker)
        blocker.blocking.remove(issue)
        self._note(issue, "blocked_by_removed", blocker, actor)
        self._note(blocker, "blocking_removed", issue, actor)
        return issue

    def delete_issue(self, issue: Issue, *, by: str) -> None:
        """Nothing is linked with it any more."""
        super().delete_issue(issue, by=by)
        _unlink(issue)

    def transfer_issue(self, issue: Issue, to: str, *, by: str) -> Issue:
        """Its links stay behind; what GitHub takes along is not known."""
        moved = super().transfer_issue(issue, to, by=by)
        _unlink(issue)
        return moved

    def issue_of_id(self, number: object) -> Issue:
        """By its database id; 404."""
        for repo in self.repositories.values():
            for issue in repo.issues.values():
                if issue.id == number:
                    return issue
        raise not_found()

    def _may_relate(self, issue: Issue, other: Issue, *, by: str) -> Account:
        """Issues of one account, no pull requests; the role counts where the list is."""
        actor = self.demand(self.writable(issue.repository.full_name), self.account(by), "triage")
        self.demand(other.repository, actor, "read")
        if issue.pull or other.pull or issue.repository.owner is not other.repository.owner:
            raise not_found()
        return actor

    def _part(self, parent: Issue, child: Issue, actor: Account) -> None:
        child.parent = None
        parent.sub_issues.remove(child)
        self._note(child, "parent_issue_removed", parent, actor)
        self._note(parent, "sub_issue_removed", child, actor)

    def _note(self, issue: Issue, kind: str, other: Issue, actor: Account) -> None:
        near = other.repository is issue.repository
        self.record(issue, kind, actor, f"#{other.number}" if near else f"{other.repository.full_name}#{other.number}")
        self.feed.touch()


def _unlink(issue: Issue) -> None:
    for child in issue.sub_issues:
        child.parent = None
    for other, mine in (
        *(((issue.parent, "sub_issues"),) if issue.parent else ()),
        *((one, "blocking") for one in issue.blocked_by),
        *((one, "blocked_by") for one in issue.blocking),
    ):
        getattr(other, mine).remove(issue)
    issue.parent, issue.sub_issues, issue.blocked_by, issue.blocking = None, [], [], []


def _line(issue: Issue) -> list[Issue]:
    """The issue, its parent, and so on."""
    found: list[Issue] = []
    above: Issue | None = issue
    while above is not None:
        found.append(above)
        above = above.parent
    return found


def _levels(issue: Issue) -> int:
    return 1 + max((_levels(child) for child in issue.sub_issues), default=0)
