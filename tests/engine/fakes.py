"""A small GitHub with state for the engine's tests, a durable engine that runs in place, and a clock that is driven."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from app.config.defaults import load
from app.config.loader import ConfigLoader
from app.config.schema import RepositoryConfig
from app.core import events
from app.core.values import Label, Milestone, Role
from app.engine.gather import Services
from app.engine.meetings.files import SeriesFiles
from app.engine.roles import Roles
from app.engine.sync import Sync
from app.github.answers import CommentInfo, DeliveryPayload, DeliveryRow, FileContent, InstallationInfo, Page
from app.github.errors import Gone, Moved, NotFound
from app.github.histories import IssueEvent, ListedComment
from app.github.limits import Budget
from app.store import mirror
from app.store.database import Database
from app.store.mirror import KnownRepository
from tests.engine.letters import BOT

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Clock:
    """Milliseconds, driven by hand; `seconds` is the same as a timer."""

    def __init__(self, now: datetime = NOW) -> None:
        self.ms = int(now.timestamp() * 1000)

    def __call__(self) -> int:
        return self.ms

    def seconds(self) -> float:
        return self.ms / 1000

    def forward(self, **by: float) -> None:
        self.ms += int(timedelta(**by).total_seconds() * 1000)


@dataclass
class FakeRepository:
    """What GitHub has of a repository. `issues` by number; a number in `gone` raises that."""

    id: int
    full_name: str
    labels: list[Label] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    issues: dict[int, events.Issue] = field(default_factory=dict)
    gone: dict[int, Exception] = field(default_factory=dict)
    comments: dict[int, CommentInfo] = field(default_factory=dict)
    talk: list[ListedComment] = field(default_factory=list)
    past: list[IssueEvent] = field(default_factory=list)
    reactions: list[tuple[str, int | None, int | None]] = field(default_factory=list)
    files: dict[str, str | Exception] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    private: bool = False

    def event(self) -> events.Repository:
        return events.Repository(id=self.id, full_name=self.full_name, private=self.private)


class FakeGitHub:
    """`faults`: what the next calls of a method raise, in turn. `calls`: what was asked, as (method, first argument)."""

    def __init__(self, *repositories: FakeRepository) -> None:
        self.repositories = {one.full_name: one for one in repositories}
        self.installed: dict[int, list[str]] = {5: [one.full_name for one in repositories]}
        self.listed: list[InstallationInfo] = [installation_info(5)]
        self.teams: dict[str, set[str]] = {}
        self.faults: dict[str, list[Exception]] = {}
        self.calls: list[tuple[str, object]] = []
        self.sent: list[DeliveryRow] = []
        self.payloads: dict[int, bytes | Exception] = {}
        self.page_size = 2
        self.share = 1.0
        self.room = True

    left: Budget | None = None

    def pace(self, _installation: int) -> FakeGitHub:
        """Its own pace: `room` says whether work that can wait may go on."""
        return self

    def spare(self) -> bool:
        return self.room

    def budget(self) -> Budget | None:
        """What GitHub's headers said last."""
        return self.left

    def installation(self, id_: int) -> FakeInstallation:
        return FakeInstallation(self, id_)

    async def installations(self) -> list[InstallationInfo]:
        self.called("installations", None)
        return self.listed

    async def deliveries(self, since: datetime) -> AsyncIterator[DeliveryRow]:
        self.called("deliveries", since)
        for row in sorted(self.sent, key=lambda one: one.delivered_at, reverse=True):
            if row.delivered_at < since:
                return
            yield row

    async def delivery(self, id_: int) -> DeliveryPayload:
        self.called("delivery", id_)
        payload = self.payloads[id_]
        if isinstance(payload, Exception):
            raise payload
        row = next(one for one in self.sent if one.id == id_)
        return DeliveryPayload(row, {}, payload)

    def called(self, method: str, about: object) -> None:
        self.calls.append((method, about))
        if self.faults.get(method):
            raise self.faults[method].pop(0)

    def asked(self, method: str) -> int:
        """How often."""
        return sum(called == method for called, _ in self.calls)


class FakeInstallation:
    """One installation's view of a FakeGitHub."""

    def __init__(self, github: FakeGitHub, id_: int) -> None:
        self._github = github
        self.id = id_

    def _repository(self, method: str, repo: str) -> FakeRepository:
        self._github.called(method, repo)
        if repo not in self._github.installed.get(self.id, ()):
            raise NotFound(method, 404, "Not Found")
        return self._github.repositories[repo]

    def _issue(self, method: str, repo: str, number: int) -> events.Issue:
        repository = self._repository(method, repo)
        if number in repository.gone:
            raise repository.gone[number]
        if number not in repository.issues:
            raise NotFound(method, 404, "Not Found")
        return repository.issues[number]

    def _put(self, repo: str, number: int, **changes: Any) -> events.Issue:
        issues = self._github.repositories[repo].issues
        changed = {"updated_at": issues[number].updated_at + timedelta(seconds=1)} | changes
        issues[number] = msgspec.structs.replace(issues[number], **changed)
        return issues[number]

    async def repositories(self) -> AsyncIterator[events.Repository]:
        self._github.called("repositories", self.id)
        for name in self._github.installed.get(self.id, ()):
            yield self._github.repositories[name].event()

    async def role(self, repo: str, login: str, *, user_id: int | None = None) -> Role:
        return self._repository("role", repo).roles.get(login, Role.READ)

    async def team_member(self, org: str, slug: str, login: str) -> bool:
        self._github.called("team_member", f"{org}/{slug}")
        return login in self._github.teams.get(f"{org}/{slug}", ())

    async def labels(self, repo: str) -> list[Label]:
        return list(self._repository("labels", repo).labels)

    async def milestones(self, repo: str) -> list[Milestone]:
        return list(self._repository("milestones", repo).milestones)

    async def issue(self, repo: str, number: int) -> events.Issue:
        return self._issue("issue", repo, number)

    async def issues(
        self, repo: str, *, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[events.Issue]]:
        def everything() -> list[events.Issue]:
            found = self._repository("issues", repo).issues.values()
            return sorted(
                (one for one in found if since is None or one.updated_at >= since), key=lambda one: one.number
            )

        async for page in self._pages(everything, cursor):
            yield page

    async def open_issues(self, repo: str) -> AsyncIterator[list[events.Issue]]:
        yield [one for one in self._repository("open_issues", repo).issues.values() if one.state == "open"]

    async def issue_comments(
        self, repo: str, *, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ListedComment]]:
        def everything() -> list[ListedComment]:
            return [
                one for one in self._repository("issue_comments", repo).talk if not since or one.updated_at >= since
            ]

        async for page in self._pages(everything, cursor):
            yield page

    async def issue_events(self, repo: str, *, cursor: str | None = None) -> AsyncIterator[Page[IssueEvent]]:
        def everything() -> list[IssueEvent]:
            return sorted(self._repository("issue_events", repo).past, key=lambda one: -one.id)

        async for page in self._pages(everything, cursor):
            yield page

    async def comments_of(self, repo: str, number: int) -> list[ListedComment]:
        return [one for one in self._repository("comments_of", repo).talk if one.number == number]

    async def _pages(self, everything: Callable[[], list[Any]], cursor: str | None) -> AsyncIterator[Page[Any]]:
        start = int(cursor or 0)
        while True:
            found = everything()
            end = start + self._github.page_size
            yield Page(found[start:end], str(end) if end < len(found) else None)
            if end >= len(found):
                return
            start = end

    async def file(self, repo: str, path: str) -> FileContent | None:
        found = self._repository("file", repo).files.get(path)
        if isinstance(found, Exception):
            raise found
        return None if found is None else FileContent(found, f"sha of {len(found)}")

    async def add_labels(self, repo: str, number: int, names: Sequence[str]) -> tuple[str, ...]:
        issue = self._issue("add_labels", repo, number)
        there = {label.name for label in issue.labels}
        known = {label.name: label for label in self._github.repositories[repo].labels if label.name not in there}
        new = [events.Label(id=known[name].id, name=name) for name in names if name in known]
        return tuple(label.name for label in self._put(repo, number, labels=[*issue.labels, *new]).labels)

    async def remove_label(self, repo: str, number: int, name: str) -> None:
        issue = self._issue("remove_label", repo, number)
        self._put(repo, number, labels=[label for label in issue.labels if label.name.lower() != name.lower()])

    async def update_issue(self, repo: str, number: int, **changes: Any) -> events.Issue:
        self._issue("update_issue", repo, number)
        given = {name: value for name, value in changes.items() if value is not msgspec.UNSET}
        given.pop("duplicate_issue_id", None)
        milestones = {one.number: one for one in self._github.repositories[repo].milestones}
        if (wanted := milestones.get(given.get("milestone"))) is not None:
            given["milestone"] = events.Milestone(id=wanted.id, number=wanted.number, title=wanted.title)
        return self._put(repo, number, **given)

    async def add_assignees(self, repo: str, number: int, logins: Sequence[str]) -> events.Issue:
        issue = self._issue("add_assignees", repo, number)
        assert len(logins) <= 10
        new = [events.User(id=hash(login) % 1000, login=login) for login in logins if login != "nobody"]
        return self._put(repo, number, assignees=[*issue.assignees, *new])

    async def remove_assignees(self, repo: str, number: int, logins: Sequence[str]) -> events.Issue:
        issue = self._issue("remove_assignees", repo, number)
        assert len(logins) <= 10
        return self._put(repo, number, assignees=[user for user in issue.assignees if user.login not in logins])

    async def create_comment(self, repo: str, number: int, body: str) -> int:
        self._issue("create_comment", repo, number)
        comments = self._github.repositories[repo].comments
        id_ = 9000 + len(comments)
        comments[id_] = CommentInfo(id_, body, 1, BOT, NOW)
        return id_

    async def edit_comment(self, repo: str, comment_id: int, body: str) -> None:
        comments = self._repository("edit_comment", repo).comments
        if comment_id not in comments:
            raise NotFound("edit_comment", 404, "Not Found")
        comments[comment_id] = replace(comments[comment_id], body=body)

    async def comments(self, repo: str, number: int, *, since: datetime | None = None) -> list[CommentInfo]:
        return list(self._repository("comments", repo).comments.values())

    async def react(self, repo: str, content: str, *, comment_id: int | None = None, number: int | None = None) -> None:
        self._repository("react", repo).reactions.append((content, comment_id, number))


class FakeDurable:
    """Runs steps in place; `slept`: for how long it was told to. `recorded`: names of steps."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.slept: list[float] = []
        self.recorded: list[str] = []
        self._clock = clock

    async def step(self, name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        result = await work()
        msgspec.json.encode(result)
        self.recorded.append(name)
        return result

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self._clock is not None:
            self._clock.forward(seconds=seconds)


def installation_info(id_: int, account: str = "acme", *, suspended: bool = False) -> InstallationInfo:
    about = {"id": id_, "account": {"id": 9, "login": account, "type": "Organization"}}
    return msgspec.convert(about | {"suspended_at": "2026-11-01T00:00:00Z" if suspended else None}, InstallationInfo)


def an_issue(number: int, **more: Any) -> events.Issue:
    about = {"id": 1000 + number, "title": "It broke", "user": events.User(id=1, login="ann")} | more
    return events.Issue(number=number, created_at=NOW, updated_at=about.pop("updated_at", NOW), **about)


def gone() -> Gone:
    return Gone("GET issue", 410, "This issue was deleted")


def moved() -> Moved:
    return Moved("GET issue", 301, "https://api.github.com/repositories/1/issues/1")


def widgets(**more: Any) -> FakeRepository:
    """A repository with two labels, a milestone and issue 12."""
    about: dict[str, Any] = {
        "labels": [Label(1, "bug"), Label(2, "out of scope")],
        "milestones": [Milestone(3, 1, "v1")],
        "issues": {12: an_issue(12)},
        "roles": {"tim": Role.TRIAGE},
    }
    return FakeRepository(77, "acme/widgets", **(about | more))


def services(database: Database, github: FakeGitHub, clock: Clock, server: RepositoryConfig | None = None) -> Services:
    """What the engine works with, over the fake."""
    return Services(
        database=database,
        github=github,  # type: ignore[arg-type]  # a fake
        configs=ConfigLoader(database, github, server or load(), clock),  # type: ignore[arg-type]  # a fake
        roles=Roles(github, database, clock.seconds),  # type: ignore[arg-type]  # a fake
        clock=clock,
        bot_login=BOT,
        series=SeriesFiles(database, github, clock),  # type: ignore[arg-type]  # a fake
    )


async def filled(services: Services) -> KnownRepository:
    """The mirror knows all that the fake has; answers the first repository."""
    github: Any = services.github
    sync = Sync(services.database, github, services.configs, services.clock)
    await sync.installations()
    for known in await sync.pending():
        await sync.repository(known)
    github.calls.clear()
    known = await services.database.read(
        lambda conn: mirror.repository(conn, next(iter(github.repositories.values())).id)
    )
    assert known is not None
    return known


@contextmanager
def statements(database: Database, words: Iterable[str]) -> Any:
    """The statements that hold one of those words, while the block runs."""
    import sqlalchemy as sa

    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if any(word in statement for word in words):
            seen.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
