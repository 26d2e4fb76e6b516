"""The world of the sandbox: people, repositories, issues, one GitHub App; every change through a verb.

    world = World()
    world.user("ann"), world.organization("acme", admins=["ann"])
    world.repository("acme/widgets", labels=["bug", "out of scope"], milestones=["v1"], roles={"tim": "triage"})
    world.install("acme")                                    # the App, `world.app`: id, client_id, private_key (PEM), webhook_…
    issue = world.open_issue("acme/widgets", "It broke", by="ann")
    comment = world.post_comment(issue, "/label out of scope", by="tim")
    issue.label_names, issue.milestone_title, issue.state, issue.by_bot, comment.reacted("rounds[bot]")
    world.calls  # [Call("POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels"), …], world.answers: status, message

A verb names who does it by login (`by=`; the App is `rounds[bot]`), raises `Refused` where GitHub would refuse, and emits the
webhooks that GitHub would send. Verbs: accounts and installations here; `repository_verbs` (repository, milestones, set_role,
rename_repository, archive_repository); `file_verbs` (push_file, create_branch, open_pull_from, merge_pull); `comment_verbs`
(post, edit, delete, react); `relation_verbs` (issue_types, set_type, add_sub_issue, add_blocked_by and their opposites);
`conversation_verbs` (lock, pin, transfer_issue); `issue_verbs` (open_issue, open_pull, edit, close, reopen, set_milestone,
assign, delete); `label_verbs`.
Nothing is sent until a `Sandbox` (server.py) listens and `world.app.webhook_url` is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from app.sandbox.accounts import Account, Installation, Team
from app.sandbox.repository_verbs import RepositoryVerbs

__all__ = ["World"]


class World(RepositoryVerbs):
    """All of it. One event loop, no locks: a verb is never interrupted."""

    # -- accounts ----------------------------------------------------------------------------------------------

    def user(self, login: str, name: str = "") -> Account:
        """The person of that login, made if there is none."""
        return self.accounts.get(login.lower()) or self._new_account(login, "User", name)

    def robot(self, slug: str) -> Account:
        """Somebody else's App: its login is `slug[bot]`."""
        login = f"{slug}[bot]"
        return self.accounts.get(login.lower()) or self._new_account(login, "Bot")

    def organization(self, login: str, *, admins: Sequence[str] = (), members: Sequence[str] = ()) -> Account:
        """An organisation; people named here are made."""
        org = self._new_account(login, "Organization")
        roles: Mapping[str, Literal["admin", "member"]] = {
            **dict.fromkeys(members, "member"),
            **dict.fromkeys(admins, "admin"),
        }
        org.members = {self.user(person).id: role for person, role in roles.items()}
        return org

    def team(self, full_slug: str, members: Sequence[str] = ()) -> Team:
        """`organisation/slug`."""
        organization, _, slug = full_slug.partition("/")
        team = Team(self.new_id("team"), self.account(organization), slug, {self.user(m).id for m in members})
        self.teams[full_slug.lower()] = team
        return team

    def set_member(self, full_slug: str, login: str, *, belongs: bool = True, by: str | None = None) -> None:
        """Puts somebody into a team, or out of it."""
        team, person = self.teams[full_slug.lower()], self.user(login)
        (team.members.add if belongs else team.members.discard)(person.id)
        for installation in self.installations.values():
            if installation.account is team.organization:
                sender = self.account(by or self._admin(installation))
                about = {"installation": installation, "team": team, "member": person}
                self.emit("membership", "added" if belongs else "removed", None, sender, **about)

    # -- the App -----------------------------------------------------------------------------------------------

    def install(
        self, account: str, repositories: Sequence[str] | None = None, *, by: str | None = None
    ) -> Installation:
        """On an account: on all of its repositories, or on those named ("owner/name")."""
        owner, now = self.account(account), self.clock()
        chosen = None if repositories is None else {self.find_repository(name).id for name in repositories}
        permissions = dict(self.app.permissions)
        installation = Installation(self.new_id("installation"), owner, now, now, permissions, chosen)
        self.installations[installation.id] = installation
        self._tell_installation(installation, "created", by)
        return installation

    def uninstall(self, installation: Installation, *, by: str | None = None) -> None:
        del self.installations[installation.id]
        self._tell_installation(installation, "deleted", by)

    def suspend(self, installation: Installation, *, by: str | None = None) -> None:
        installation.suspended_at, installation.suspended_by = (
            self.clock(),
            self.account(by or self._admin(installation)),
        )
        self._tell_installation(installation, "suspend", by)

    def unsuspend(self, installation: Installation, *, by: str | None = None) -> None:
        installation.suspended_at = installation.suspended_by = None
        self._tell_installation(installation, "unsuspend", by)

    def choose_repositories(
        self, installation: Installation, *, add: Sequence[str] = (), remove: Sequence[str] = (), by: str | None = None
    ) -> None:
        """Adds to or takes from the repositories that the owner chose for the App."""
        sender = self.account(by or self._admin(installation))
        before = {r.id for r in self.repositories.values() if r.owner is installation.account}
        added, removed = [self.find_repository(n) for n in add], [self.find_repository(n) for n in remove]
        chosen = before if installation.repositories is None else installation.repositories
        installation.repositories = (chosen | {r.id for r in added}) - {r.id for r in removed}
        for action, changed in (("added", added), ("removed", removed)):
            if changed:
                about = {"installation": installation, f"repositories_{action}": changed}
                self.emit("installation_repositories", action, None, sender, **about)

    def ping(self) -> None:
        """What GitHub sends when a webhook is set up."""
        self.emit("ping", None, None, self.app.owner)

    def _tell_installation(self, installation: Installation, action: str, by: str | None) -> None:
        installation.updated_at = self.clock()
        sender = self.account(by or self._admin(installation))
        self.emit("installation", action, None, sender, installation=installation)

    def _admin(self, installation: Installation) -> str:
        """Who installed it if nobody was named: an owner of the organisation, or the person."""
        owner = installation.account
        admins = [account_id for account_id, role in owner.members.items() if role == "admin"]
        return next((a.login for a in self.accounts.values() if a.id in admins[:1]), owner.login)
