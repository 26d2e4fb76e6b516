"""What a meeting's issue is opened with: labels, type and assignees, and what of it GitHub did not take.

An issue template that people use by hand names them, and GitHub's form sets what it can; so does this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from app.commands.people import MOST_ASSIGNEES
from app.core import events
from app.core.text import clip, one_line
from app.engine.gather import Services
from app.errors import Permanent
from app.meetings.template import Rendered
from app.store.mirror import KnownRepository

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
"""With the `_` of accounts that an enterprise manages. GitHub would refuse all for one that is none."""


class Dressing:
    """For one repository. What fails for good is left out: a meeting is opened without it."""

    def __init__(self, services: Services, at: KnownRepository) -> None:
        self._github = services.github.installation(at.installation_id)
        self._repo = at.repository.full_name

    async def create(self, rendered: Rendered, body: str) -> events.Issue:
        """The issue with its labels, and its type if there is one of that name: GitHub refuses an issue for another."""
        type_ = await self._type(rendered.issue_type)
        return await self._github.create_issue(
            self._repo, title=rendered.title, body=body, labels=rendered.labels, issue_type=type_
        )

    async def dress(self, issue: events.Issue, rendered: Rendered) -> tuple[events.Issue, list[str]]:
        """The issue with its assignees, and in words what it lacks.

        They are no part of its creation: there, GitHub refuses an issue for one person who can't be assigned; here, it leaves
        that person out. Doing it twice changes nothing.
        """
        logins = [name for name in rendered.assignees if _LOGIN.fullmatch(name)][:MOST_ASSIGNEES]
        with suppress(Permanent):  # then nobody of them is on it, as is said
            issue = await self._github.add_assignees(self._repo, issue.number, logins) if logins else issue
        return issue, list(_missing(issue, rendered))

    async def _type(self, wished: str) -> str | None:
        if not wished:
            return None
        try:
            found = await self._github.issue_types(self._repo)
        except Permanent:
            return None
        return next((name for name in found if name.lower() == wished.lower()), None)


def _missing(issue: events.Issue, rendered: Rendered) -> Iterator[str]:
    labels = {label.name.lower() for label in issue.labels}
    yield from sorted({name.lower() for name in rendered.labels} - labels)
    if rendered.issue_type and (issue.type is None or issue.type.name.lower() != rendered.issue_type.lower()):
        yield f"the type {_short(rendered.issue_type)}"
    people = {user.login.lower() for user in issue.assignees}
    yield from (f"@{_short(name)}, who can't be assigned" for name in rendered.assignees if name.lower() not in people)


def _short(name: str) -> str:
    return clip(one_line(name), 50)
