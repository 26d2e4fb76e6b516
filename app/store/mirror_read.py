"""What the mirror knows: GitHub's things as last heard of. Each answer may be seconds behind GitHub."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from app.core import values
from app.core.events import GHOST
from app.store import tables as t


@dataclass(frozen=True, slots=True)
class KnownRepository:
    """A repository and how much of it is known.

    `labels_at` and its like: milliseconds of the last whole reading, None: never, so ask GitHub. `cursor` and its like: where
    an unfinished reading goes on. `reconciled_at`: of the last comparison. `removed`: gone, or taken out of the installation.
    `suspended`: its installation is suspended or gone.
    """

    repository: values.Repository
    installation_id: int
    labels_at: int | None
    milestones_at: int | None
    issues_at: int | None
    cursor: str | None
    removed: bool
    suspended: bool
    comments_at: int | None = None
    comments_cursor: str | None = None
    events_at: int | None = None
    events_cursor: str | None = None
    reconciled_at: int | None = None

    @property
    def past_known(self) -> bool:
        """Whether its comments and issue events were read whole once."""
        return self.comments_at is not None and self.events_at is not None

    @property
    def whole(self) -> bool:
        """Whether every part of it was read whole once."""
        parts = (self.labels_at, self.milestones_at, self.issues_at, self.comments_at, self.events_at)
        return None not in parts


SUSPENDED = sa.func.coalesce(t.installation.c.suspended | t.installation.c.removed, sa.false())
"""Of a repository, outer-joined to its installation: that is suspended or gone, so that GitHub tells no more of it."""
_REPOSITORY = sa.select(t.repository, SUSPENDED.label("suspended")).select_from(
    t.repository.outerjoin(t.installation, t.installation.c.id == t.repository.c.installation_id)
)
_BY_ID = _REPOSITORY.where(t.repository.c.id == sa.bindparam("id"))
# a name may have belonged to a repository that is gone
_BY_NAME = (
    _REPOSITORY.where(sa.func.lower(t.repository.c.full_name) == sa.bindparam("name"))
    .order_by(t.repository.c.removed, t.repository.c.id.desc())
    .limit(1)
)
_ALL = _REPOSITORY.where(t.repository.c.removed.is_(False)).order_by(sa.func.lower(t.repository.c.full_name))
_LABELS = (
    sa.select(t.label)
    .where(t.label.c.repository_id == sa.bindparam("repository"))
    .order_by(sa.func.lower(t.label.c.name))
)
_MILESTONES = (
    sa.select(t.milestone)
    .where(t.milestone.c.repository_id == sa.bindparam("repository"))
    .order_by(t.milestone.c.number)
)
_MOST_LABELS, _MOST_MILESTONES = (
    sa.select(sa.func.count()).select_from(
        sa.select(table.c.id)
        .where(table.c.repository_id == sa.bindparam("repository"))
        .limit(sa.bindparam("most"))
        .subquery()
    )
    for table in (t.label, t.milestone)
)
_ISSUE = (
    sa.select(t.issue, t.repository.c.full_name, t.person.c.login, t.person.c.bot)
    .select_from(
        t.issue.join(t.repository, t.repository.c.id == t.issue.c.repository_id).outerjoin(
            t.person, t.person.c.id == t.issue.c.author_id
        )
    )
    .where(
        t.issue.c.repository_id == sa.bindparam("repository"),
        t.issue.c.number == sa.bindparam("number"),
        t.issue.c.removed.is_(False),
    )
)
_ISSUE_LABELS = (
    sa.select(t.label.c.name)
    .join(t.issue_label, t.issue_label.c.label_id == t.label.c.id)
    .where(
        t.issue_label.c.repository_id == sa.bindparam("repository"),
        t.issue_label.c.number == sa.bindparam("number"),
    )
    .order_by(sa.func.lower(t.label.c.name))
)
_ASSIGNEES = (
    sa.select(t.person.c.login)
    .join(t.issue_assignee, t.issue_assignee.c.person_id == t.person.c.id)
    .where(
        t.issue_assignee.c.repository_id == sa.bindparam("repository"),
        t.issue_assignee.c.number == sa.bindparam("number"),
    )
    .order_by(sa.func.lower(t.person.c.login))
)


def repository(conn: sa.Connection, id_: int) -> KnownRepository | None:
    """The repository of that id, also one that is removed."""
    row = conn.execute(_BY_ID, {"id": id_}).one_or_none()
    return _known(row) if row else None


def repository_named(conn: sa.Connection, full_name: str) -> KnownRepository | None:
    """The repository of that name in any case; of several that had it, the one that is not removed."""
    row = conn.execute(_BY_NAME, {"name": full_name.lower()}).one_or_none()
    return _known(row) if row else None


def installations(conn: sa.Connection) -> list[int]:
    """Ids of those that are not gone."""
    return list(conn.execute(sa.select(t.installation.c.id).where(~t.installation.c.removed)).scalars())


def repositories(conn: sa.Connection) -> list[KnownRepository]:
    """All that are not removed, by name."""
    return [_known(row) for row in conn.execute(_ALL)]


def few_names(
    conn: sa.Connection, repository_id: int, most: int
) -> tuple[tuple[values.Label, ...], tuple[values.Milestone, ...]] | None:
    """`labels` and `milestones`, unless there are more than `most` of either."""
    for count in (_MOST_LABELS, _MOST_MILESTONES):
        if conn.execute(count, {"repository": repository_id, "most": most + 1}).scalar_one() > most:
            return None
    return labels(conn, repository_id), milestones(conn, repository_id)


def labels(conn: sa.Connection, repository_id: int) -> tuple[values.Label, ...]:
    """The repository's labels by name; all of them only if `labels_at` is set."""
    rows = conn.execute(_LABELS, {"repository": repository_id})
    return tuple(values.Label(row.id, row.name, row.color, row.description) for row in rows)


def milestones(conn: sa.Connection, repository_id: int) -> tuple[values.Milestone, ...]:
    """The repository's milestones, open and closed, by number; all of them only if `milestones_at` is set."""
    rows = conn.execute(_MILESTONES, {"repository": repository_id})
    return tuple(values.Milestone(row.id, row.number, row.title, row.open, _time(row.due_on)) for row in rows)


def issue(conn: sa.Connection, repository_id: int, number: int, *, sure: bool = False) -> values.Issue | None:
    """The issue or pull request; None when it is not known, deleted or transferred away.

    `sure`: also None when only GitHub knows which of two states of it is the later one.
    """
    key = {"repository": repository_id, "number": number}
    row = conn.execute(_ISSUE, key).one_or_none()
    if row is None or (sure and row.unsure):
        return None
    return values.Issue(
        ref=values.Ref(row.full_name, row.number),
        id=row.id,
        title=row.title,
        author=values.Person(row.author_id, row.login or GHOST.login, bool(row.bot)),
        open=row.open,
        state_reason=row.state_reason,
        locked=row.locked,
        pull_request=row.pull_request,
        draft=row.draft,
        labels=tuple(conn.execute(_ISSUE_LABELS, key).scalars()),
        milestone=row.milestone,
        assignees=tuple(conn.execute(_ASSIGNEES, key).scalars()),
        created_at=_time(row.created_at),
        updated_at=_time(row.updated_at),
    )


def count(conn: sa.Connection, repository_id: int) -> int:
    """How many issues and pull requests of a repository are known."""
    return conn.execute(sa.select(sa.func.count()).where(t.issue.c.repository_id == repository_id)).scalar_one()


def _known(row: sa.Row[tuple[object, ...]]) -> KnownRepository:
    found = row._mapping
    return KnownRepository(
        repository=values.Repository(
            found["id"],
            found["full_name"],
            found["private"],
            found["archived"],
            found["default_branch"],
            found["organization"],
        ),
        installation_id=found["installation_id"],
        labels_at=found["labels_at"],
        milestones_at=found["milestones_at"],
        issues_at=found["issues_at"],
        cursor=found["cursor"],
        removed=found["removed"],
        suspended=bool(found["suspended"]),
        comments_at=found["comments_at"],
        comments_cursor=found["comments_cursor"],
        events_at=found["events_at"],
        events_cursor=found["events_cursor"],
        reconciled_at=found["reconciled_at"],
    )


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)
