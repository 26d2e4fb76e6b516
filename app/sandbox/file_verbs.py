"""What people and the App do with files: a commit on a branch, a branch, a pull request from one, merging it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from app.sandbox.accounts import Account
from app.sandbox.comment_verbs import CommentVerbs
from app.sandbox.refused import Refused, invalid, not_found
from app.sandbox.things import Branch, Issue, Repository


class FileVerbs(CommentVerbs):
    """Everything here takes the write role. There is no history: a branch is its files and the name of its last commit."""

    def push_file(
        self, repository: str, path: str, text: str | None, *, by: str, branch: str | None = None, message: str = ""
    ) -> str:
        """One commit that writes a file, or removes it when `text` is None. The branch is made when there is none.

        Gives the commit. A pull request from that branch has it from then on.
        """
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        if branch and branch != repo.default_branch and branch not in repo.branches:
            self.create_branch(repository, branch, repo.head, by=by)
        return self._commit(repo, branch or repo.default_branch, {path: text}, actor, message)

    def create_branch(self, repository: str, name: str, commit: str, *, by: str) -> Branch:
        """GitHub's 422 for a name that is taken and for a commit that is not there."""
        repo = self.writable(repository)
        actor = self.demand(repo, self.account(by), "write")
        if name == repo.default_branch or name in repo.branches:
            raise Refused(422, "Reference already exists")
        files = repo.files_at(commit)
        if files is None:
            raise Refused(422, "Object does not exist")
        branch = repo.branches[name] = Branch(commit, commit, dict(files))
        about = {"before": "0" * 40, "after": commit, "branch": name, "created": True}
        self.emit("push", None, repo, actor, commit=about)
        return branch

    def open_pull_from(self, repository: str, branch: str, title: str, body: str | None = None, *, by: str) -> Issue:
        """A pull request from a branch of the repository into the default one, with what differs between them."""
        repo = self.writable(repository)
        self.demand(repo, self.account(by), "write")
        if branch not in repo.branches:
            raise invalid("PullRequest", "head", "invalid")
        if self.pull_of(repo, branch) is not None:
            raise _custom(f"A pull request already exists for {repo.owner.login}:{branch}.")
        files = difference(repo.files, repo.branches[branch].files)
        if not files:
            raise _custom(f"No commits between {repo.default_branch} and {branch}")
        return self.open_pull(
            repository, title, body, by=by, head=branch, files=files, commit=repo.branches[branch].head
        )

    def pull_of(self, repo: Repository, branch: str) -> Issue | None:
        """The open one from that branch."""
        mine = (one for one in repo.issues.values() if one.pull and one.pull.head == branch and one.state == "open")
        return next(mine, None) if branch in repo.branches else None

    def merge_pull(self, issue: Issue, *, by: str) -> Issue:
        """What it changes is a commit on the default branch, and GitHub tells of the push too."""
        changed, closed = dict(issue.pull.files if issue.pull else {}), super().merge_pull(issue, by=by)
        if changed:
            title = f"Merge pull request #{issue.number}"
            self._commit(issue.repository, issue.repository.default_branch, changed, self.account(by), title)
        return closed

    def _commit(
        self, repo: Repository, name: str, changes: Mapping[str, str | None], actor: Account, message: str
    ) -> str:
        branch = repo.branches.get(name)
        if branch is None and name != repo.default_branch:
            raise not_found()
        files, before = (branch.files, branch.head) if branch else (repo.files, repo.head)
        told = _apply(files, changes)
        after = hashlib.sha1(f"{before}{name}{changes}".encode(), usedforsecurity=False).hexdigest()
        repo.pushed_at = self.clock()
        if branch:
            branch.head = after
        else:
            repo.head = after
        about = {"before": before, "after": after, "branch": name, "message": message, **told}
        self.emit("push", None, repo, actor, commit=about)
        self._tell_pull(repo, name, after, actor)
        return after

    def _tell_pull(self, repo: Repository, name: str, commit: str, actor: Account) -> None:
        pull = self.pull_of(repo, name)
        if pull is not None and pull.pull is not None:
            pull.pull.files, pull.pull.sha = difference(repo.files, repo.branches[name].files), commit
            pull.updated_at = self.clock()
            self.tell(pull, "synchronize", actor)


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str | None]:
    """What turns the one into the other; None removes."""
    changed: dict[str, str | None] = {path: text for path, text in new.items() if old.get(path) != text}
    return changed | dict.fromkeys((path for path in old if path not in new), None)


def _apply(files: dict[str, str], changes: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Writes them and tells which were added, modified, removed."""
    told: dict[str, list[str]] = {}
    for path, text in changes.items():
        told.setdefault("removed" if text is None else "modified" if path in files else "added", []).append(path)
        files.pop(path, None)
        if text is not None:
            files[path] = text
    return told


def _custom(message: str) -> Refused:
    return Refused(422, "Validation Failed", ({"resource": "PullRequest", "code": "custom", "message": message},))
