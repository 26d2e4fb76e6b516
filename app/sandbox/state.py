"""The tables of the world, looking things up in them, and telling listeners what happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from app.sandbox.accounts import ROLES, Account, Code, GitHubApp, Installation, Team, UserToken, key_pair
from app.sandbox.feed import Feed
from app.sandbox.refused import Refused, not_found
from app.sandbox.things import Comment, Event, Issue, Milestone, Moved, Repository

if TYPE_CHECKING:
    from app.sandbox.moving import Timetable


def utc_now() -> datetime:
    """GitHub's times have whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


UNASKED = frozenset({"github_app_authorization", "installation", "installation_repositories", "ping"})
"""Events that reach every App, subscribed or not."""


class Call(NamedTuple):
    """One REST or GraphQL request: `("POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels")`."""

    method: str
    route: str


class Answer(NamedTuple):
    """One request and what became of it, for messages of failing tests."""

    method: str
    path: str
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that GitHub would tell the App. `about`: issue, comment, label, milestone, changes … as things, not yet JSON."""

    event: str
    action: str | None
    sender: Account
    repository: Repository | None
    installation: Installation | None
    about: dict[str, Any]


class State:
    """Accounts, repositories, the App. `clock` gives UTC times; `calls` and `answers` are kept by the REST side.

    `timetable`: when there are calls, for the pages that move the clock to one.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self.clock = clock
        self.feed = Feed()
        self.listeners: list[Callable[[Happening], None]] = []
        self.calls: list[Call] = []
        self.answers: list[Answer] = []
        self.timetable: Timetable | None = None
        self.web_url = "https://github.com"
        self.api_url = "https://api.github.com"
        self.accounts: dict[str, Account] = {}
        self.teams: dict[str, Team] = {}
        self.repositories: dict[int, Repository] = {}
        self.former_names: dict[str, int] = {}
        self.installations: dict[int, Installation] = {}
        self.comments: dict[int, Comment] = {}
        self.codes: dict[str, Code] = {}
        self.user_tokens: dict[str, UserToken] = {}
        self._names: dict[str, int] = {}
        self._ids: dict[str, count[int]] = {}
        self.ghost = self._new_account("ghost", "User")
        self.app = self._new_app("rounds")

    # -- making ------------------------------------------------------------------------------------------------

    def new_id(self, kind: str) -> int:
        """Ids of each kind in a range of their own, so that a number used as an id is found out."""
        if kind not in self._ids:
            self._ids[kind] = count((len(self._ids) + 1) * 10_000_000 + 4211)
        return next(self._ids[kind])

    def _new_account(self, login: str, kind: Any, name: str = "") -> Account:
        account = Account(self.new_id("account"), login, kind, self.clock(), name or login)
        self.accounts[login.lower()] = account
        return account

    def _new_app(self, slug: str) -> GitHubApp:
        private, public = key_pair()
        owner = self._new_account(f"{slug}-makers", "Organization")
        bot = self._new_account(f"{slug}[bot]", "Bot")
        client_id = "Iv23sandbox00000001"
        return GitHubApp(
            self.new_id("app"), slug, slug.capitalize(), client_id, bot, owner, private, public, self.clock()
        )

    # -- looking -----------------------------------------------------------------------------------------------

    def account(self, login: str) -> Account:
        """404 when nobody has that login; logins compare case-insensitively."""
        found = self.accounts.get(login.lower())
        if found is None:
            raise not_found()
        return found

    def find_repository(self, full_name: str) -> Repository:
        """By present or former name; 404."""
        key = full_name.lower()
        number = self._names.get(key) or self.former_names.get(key)
        if number is None:
            raise not_found()
        return self.repositories[number]

    def issue(self, repository: str, number: int) -> Issue:
        """404 when it never was, 410 when it was deleted, 301 when it was transferred."""
        repo = self.find_repository(repository)
        if number in repo.issues:
            return repo.issues[number]
        if number not in repo.gone:
            raise not_found()
        moved = repo.gone[number]
        if moved is None:
            raise Refused(410, "This issue was deleted")
        raise Refused(301, "Moved Permanently", location=self._address(moved))

    def _address(self, moved: Moved) -> str:
        return f"{self.api_url}/repositories/{moved.repository_id}/issues/{moved.number}"

    def comment(self, comment_id: int) -> Comment:
        if comment_id not in self.comments:
            raise not_found()
        return self.comments[comment_id]

    def milestone(self, repository: str, title: str) -> Milestone:
        """By its exact title; 404."""
        for milestone in self.find_repository(repository).milestones.values():
            if milestone.title == title:
                return milestone
        raise not_found()

    def role(self, repo: Repository, account: Account) -> str:
        """`role_name`: owners of the account have admin; everybody reads a public repository."""
        if account is repo.owner or repo.owner.members.get(account.id) == "admin":
            return "admin"
        base = "none" if repo.private else "read"
        return max(base, repo.roles.get(account.id, "none"), key=ROLES.index)

    def may(self, repo: Repository, account: Account, role: str) -> bool:
        """Whether the account has that role or one above it."""
        return ROLES.index(self.role(repo, account)) >= ROLES.index(role)

    def installation_of(self, repo: Repository) -> Installation | None:
        """The App's installation that covers the repository."""
        for installation in self.installations.values():
            if installation.account is repo.owner and covers(installation, repo):
                return installation
        return None

    # -- telling -----------------------------------------------------------------------------------------------

    def record(self, issue: Issue, kind: str, actor: Account, detail: str = "", color: str = "") -> None:
        """A line in the issue's timeline; the issue counts as updated."""
        now = self.clock()
        issue.updated_at, repo = now, issue.repository
        repo.updated_at = max(repo.updated_at, now)
        issue.timeline.append(Event(self.new_id("event"), self.new_id("order"), kind, actor, now, detail, color))

    def emit(self, event: str, action: str | None, repo: Repository | None, sender: Account, **about: Any) -> None:
        """Tell the listeners; nobody hears of a repository on which the App is not installed."""
        self.feed.touch()
        installation = about.pop("installation", None) or (self.installation_of(repo) if repo else None)
        if event not in UNASKED and (event not in self.app.events or installation is None or installation.suspended_at):
            return
        happening = Happening(event, action, sender, repo, installation, about)
        for listener in self.listeners:
            listener(happening)


def covers(installation: Installation, repo: Repository) -> bool:
    """Whether the repository is among those of the installation."""
    chosen = installation.repositories
    return repo.owner is installation.account and (chosen is None or repo.id in chosen)
