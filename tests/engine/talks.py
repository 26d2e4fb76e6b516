"""A FakeGitHub that also locks, pins and transfers."""

from __future__ import annotations

import msgspec

from app.core import events
from app.core.values import LockReason, Ref
from app.github.conversation import Pins
from app.github.errors import Forbidden, Moved
from tests.engine.fakes import FakeGitHub, FakeInstallation, FakeRepository


class TalkingGitHub(FakeGitHub):
    """`pinned`: numbers by repository. `reasons`: of locks. `deaf`: GitHub accepts every lock and pin, and does nothing.

    `without_issues`: repositories that have them switched off. `accounts`: known to GitHub, and without any role.
    """

    def __init__(self, *repositories: FakeRepository) -> None:
        super().__init__(*repositories)
        self.pinned: dict[str, list[int]] = {}
        self.reasons: dict[tuple[str, int], str | None] = {}
        self.deaf = False
        self.accounts: set[str] = set()
        self.without_issues: set[str] = set()

    def installation(self, id_: int) -> TalkingInstallation:
        return TalkingInstallation(self, id_)


class TalkingInstallation(FakeInstallation):
    """Nodes are "owner/name#number" and "owner/name". In a locked issue nobody of us comments or reacts."""

    _github: TalkingGitHub

    async def knows(self, login: str) -> bool:
        self._github.called("knows", login)
        return login in self._github.accounts

    async def issue(self, repo: str, number: int) -> events.Issue:
        return msgspec.structs.replace(self._issue("issue", repo, number), node_id=f"{repo}#{number}")

    async def repository(self, repo: str) -> events.Repository:
        found = self._repository("repository", repo)
        has_issues = repo not in self._github.without_issues
        return msgspec.structs.replace(found.event(), node_id=repo, has_issues=has_issues)

    async def lock(self, repo: str, number: int, reason: LockReason | None) -> None:
        issue = self._issue("lock", repo, number)
        if not self._github.deaf and not issue.locked:
            self._github.reasons[repo, number] = reason
            self._put(repo, number, locked=True)

    async def unlock(self, repo: str, number: int) -> None:
        self._issue("unlock", repo, number)
        if not self._github.deaf:
            self._put(repo, number, locked=False)

    async def pins(self, repo: str, number: int) -> Pins:
        self._issue("pins", repo, number)
        pinned = self._github.pinned.get(repo, [])
        return Pins(f"{repo}#{number}", number in pinned, tuple(pinned))

    async def pin(self, node: str) -> bool:
        self._github.called("pin", node)
        repo, _, number = node.partition("#")
        if not self._github.deaf:
            self._github.pinned.setdefault(repo, []).append(int(number))
        return not self._github.deaf

    async def unpin(self, node: str) -> bool:
        self._github.called("unpin", node)
        repo, _, number = node.partition("#")
        self._github.pinned[repo].remove(int(number))
        return False

    async def transfer(self, node: str, repository_node: str) -> Ref:
        """As GitHub: what the fault says may come after it was done."""
        repo, _, number = node.partition("#")
        there = self._github.repositories[repository_node]
        here = self._github.repositories[repo]
        new = Ref(repository_node, max(there.issues, default=0) + 1)
        there.issues[new.number] = here.issues.pop(int(number))
        location = f"https://api.github.com/repositories/{there.id}/issues/{new.number}"
        here.gone[int(number)] = Moved("GET issue", 301, location)
        self._github.called("transfer", node)
        return new

    async def create_comment(self, repo: str, number: int, body: str) -> int:
        self._open(repo, number)
        return await super().create_comment(repo, number, body)

    async def react(self, repo: str, content: str, *, comment_id: int | None = None, number: int | None = None) -> None:
        self._open(repo, number or 12)
        await super().react(repo, content, comment_id=comment_id, number=number)

    def _open(self, repo: str, number: int) -> None:
        """A comment is one of issue 12 here."""
        if self._issue("speak", repo, number).locked:
            raise Forbidden("POST comments", 403, "Unable to create comment because issue is locked.")
