"""The small GitHub of the engine's tests, with issue types, sub-issues, dependencies and single comments."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from app.core import events
from app.core.values import Linked, Ref
from app.github.answers import CommentInfo
from app.github.errors import Invalid, NotFound
from tests.engine.fakes import FakeGitHub, FakeInstallation, FakeRepository


class LinkedGitHub(FakeGitHub):
    """`types` of all repositories; `parents` and `waiting` (for whom) by issue."""

    def __init__(self, *repositories: FakeRepository) -> None:
        super().__init__(*repositories)
        self.types = ("Bug", "Task")
        self.parents: dict[Ref, Linked] = {}
        self.waiting: dict[Ref, list[Linked]] = {}

    def installation(self, id_: int) -> LinkedInstallation:
        return LinkedInstallation(self, id_)


class LinkedInstallation(FakeInstallation):
    """One installation's view of it."""

    _github: LinkedGitHub

    def _ref_of(self, id_: int) -> Ref:
        for repository in self._github.repositories.values():
            for number, issue in repository.issues.items():
                if issue.id == id_:
                    return Ref(repository.full_name, number)
        raise NotFound("an issue", 404, "Not Found")

    async def issue_types(self, repo: str) -> tuple[str, ...]:
        self._repository("issue_types", repo)
        return self._github.types

    async def update_issue(self, repo: str, number: int, **changes: Any) -> events.Issue:
        name = changes.pop("issue_type", UNSET)
        if name is UNSET:
            return await super().update_issue(repo, number, **changes)
        self._issue("update_issue", repo, number)
        known = name in self._github.types
        return self._put(repo, number, type=events.IssueType(name=name) if known else None)

    async def parent(self, repo: str, number: int) -> Linked | None:
        self._issue("parent", repo, number)
        return self._github.parents.get(Ref(repo, number))

    async def add_sub_issue(self, repo: str, number: int, sub_issue: int) -> None:
        parent = self._issue("add_sub_issue", repo, number)
        child = self._ref_of(sub_issue)
        if child == Ref(repo, number) or self._github.parents.get(child) == Linked(Ref(repo, number), parent.id):
            raise Invalid("POST sub_issues", 422, "Sub issue would create a circular dependency")
        self._github.parents[child] = Linked(Ref(repo, number), parent.id)

    async def remove_sub_issue(self, repo: str, number: int, sub_issue: int) -> None:
        parent = self._issue("remove_sub_issue", repo, number)
        child = self._ref_of(sub_issue)
        if self._github.parents.get(child) != Linked(Ref(repo, number), parent.id):
            raise NotFound("DELETE sub_issue", 404, "The provided sub-issue does not belong to this parent")
        del self._github.parents[child]

    async def blocked_by(self, repo: str, number: int) -> tuple[Linked, ...]:
        self._issue("blocked_by", repo, number)
        return tuple(self._github.waiting.get(Ref(repo, number), ()))

    async def blocking(self, repo: str, number: int) -> tuple[Linked, ...]:
        issue = self._issue("blocking", repo, number)
        waiting = [ref for ref, links in self._github.waiting.items() if any(one.id == issue.id for one in links)]
        return tuple(Linked(ref, self._github.repositories[ref.repository].issues[ref.number].id) for ref in waiting)

    async def add_blocked_by(self, repo: str, number: int, blocker: int) -> None:
        self._issue("add_blocked_by", repo, number)
        links = self._github.waiting.setdefault(Ref(repo, number), [])
        if any(one.id == blocker for one in links):
            raise Invalid("POST blocked_by", 422, "Validation Failed")
        links.append(Linked(self._ref_of(blocker), blocker))

    async def remove_blocked_by(self, repo: str, number: int, blocker: int) -> None:
        self._issue("remove_blocked_by", repo, number)
        links = self._github.waiting.get(Ref(repo, number), [])
        if all(one.id != blocker for one in links):
            raise NotFound("DELETE blocked_by", 404, "Not Found")
        links[:] = [one for one in links if one.id != blocker]

    async def comment(self, repo: str, comment_id: int) -> CommentInfo | None:
        return self._repository("comment", repo).comments.get(comment_id)

    async def delete_comment(self, repo: str, comment_id: int) -> None:
        self._repository("delete_comment", repo).comments.pop(comment_id, None)
