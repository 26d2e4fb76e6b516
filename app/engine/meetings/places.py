"""Where a series has its issues, and which repositories may be seen there.

An issue of a private repository is listed only in a meeting issue of a private repository: that repository itself, or any
if the series is the server's or its organization's (`.github`): nobody else may decide who reads about it.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.engine.meetings.files import Described
from app.errors import Mistake
from app.store import mirror
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository


def place(conn: sa.Connection, described: Described) -> KnownRepository:
    """The repository of the meeting issues. Raises Mistake that says why there is none."""
    home, name = described.home, described.series.issue.repo
    if name is None and home is None:
        raise Mistake(f"`issue.repo` of the server's series {described.series.id} is missing.")
    found = mirror.repository_named(conn, name) if name is not None else home
    if found is None or not usable(found):
        raise Mistake(f"{name} is in no installation of this App, so {described.series.id} can't open its issue there.")
    if home is not None and found.installation_id != home.installation_id:
        raise Mistake(
            f"{name} is in another installation than {home.repository.full_name}, so nothing is opened there."
        )
    if found.repository.archived:
        raise Mistake(f"{found.repository.full_name} is archived: no issue can be opened there.")
    return found


def where(conn: sa.Connection, meeting: Meeting) -> KnownRepository:
    """The repository of an issue that is there, wherever the series has its issues now. Raises Mistake when it is gone."""
    found = mirror.repository(conn, meeting.issue_repository_id or 0)
    if found is None or not usable(found) or found.repository.archived:
        raise Mistake(
            f"The repository of the issue of {meeting.series} on {meeting.day} is gone, archived or not ours now."
        )
    return found


def usable(known: KnownRepository) -> bool:
    return bool(known.installation_id) and not known.removed and not known.suspended


def shown(described: Described, at: KnownRepository, known: KnownRepository) -> bool:
    """Whether issues of `known` may be named in an issue of `at`."""
    if not usable(known) or known.installation_id != at.installation_id:
        return False
    if not known.repository.private or known.repository.id == at.repository.id:
        return True
    home = described.home
    of_owner = home is None or home.repository.full_name.lower() == f"{at.repository.owner}/.github".lower()
    return at.repository.private and of_owner


def queried(conn: sa.Connection, described: Described, at: KnownRepository) -> dict[str, KnownRepository]:
    """The repositories that its queries ask, by the name in the file in small letters; those that may be named there."""
    series = described.series
    names = {name.lower() for query in series.agenda.queries for name in query.repos or usual(described, at)}
    found = {name: mirror.repository_named(conn, name) for name in names}
    return {name: known for name, known in found.items() if known is not None and shown(described, at, known)}


def usual(described: Described, at: KnownRepository) -> tuple[str, ...]:
    """What a query asks that names no repository."""
    return (described.series.default_repo or at.repository.full_name,)
