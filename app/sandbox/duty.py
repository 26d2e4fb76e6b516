"""What every verb begins and ends with: may this account do it, and who is told."""

from __future__ import annotations

from typing import Any

from app.sandbox.accounts import Account
from app.sandbox.refused import Refused, not_found
from app.sandbox.state import State
from app.sandbox.things import Issue, Label, Repository


class Duty(State):
    """Checks before a verb and the webhook after it."""

    def demand(self, repo: Repository, account: Account, role: str) -> Account:
        """The account, if it has that role: else 403, or 404 when it may not even see the repository.

        The App passes: what its installation may do is checked where its token is (`rest.guard`).
        """
        if account is self.app.bot or self.may(repo, account, role):
            return account
        raise Refused(403, "Must have admin rights to Repository.") if self.may(repo, account, "read") else not_found()

    def writable(self, repository: str) -> Repository:
        repo = self.find_repository(repository)
        if repo.archived:
            raise Refused(403, "Repository was archived so is read-only.")
        return repo

    def tell(self, issue: Issue, action: str, sender: Account, **about: Any) -> None:
        """`pull_request` events for pull requests, else `issues`; to the people who watch pages as well."""
        event = "pull_request" if issue.pull else "issues"
        self.emit(event, action, issue.repository, sender, issue=issue, **about)

    def label_named(self, repo: Repository, name: str, actor: Account) -> Label:
        """The repository's label of that name, in any case. GitHub silently creates one that does not exist."""
        label = repo.labels.get(name.lower())
        if label is None:
            label = Label(self.new_id("label"), name)
            repo.labels[name.lower()] = label
            self.emit("label", "created", repo, actor, label=label)
        return label
