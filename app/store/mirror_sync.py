"""Writes to the mirror that are no single event: what was read whole from GitHub, and what went away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from app.core import events, values
from app.store import fact_notes, facts, issue_write, mirror_write, traces, versions
from app.store import rows as rows_
from app.store import tables as t
from app.store.mirror_order import Row, Source
from app.store.mirror_write import clean


def put_installations(conn: sa.Connection, installations: Sequence[events.FullInstallation]) -> None:
    """Installations as GitHub lists them now, so they exist."""
    rows_.write(conn, [(t.installation, [_installation(found) | {"removed": False} for found in installations])])


def note_installation(conn: sa.Connection, found: events.FullInstallation, *, suspended: bool) -> None:
    """An installation as an event shows it. One that was removed stays so: its id never comes back."""
    rows_.write(conn, [(t.installation, [_installation(found) | {"suspended": suspended}])])


def _installation(found: events.FullInstallation) -> Row:
    return {
        "id": found.id,
        "account_id": found.account.id,
        "account": clean(found.account.login),
        "organization": found.account.type == "Organization",
        "suspended": found.suspended_at is not None,
    }


def drop_installation(conn: sa.Connection, id_: int) -> None:
    """Uninstalled: its repositories go away, the row stays to tell that it is gone."""
    conn.execute(sa.update(t.installation).where(t.installation.c.id == id_).values(removed=True))
    of = sa.select(t.repository.c.id).where(t.repository.c.installation_id == id_)
    for repository_id in conn.execute(of).scalars().all():
        drop_repository(conn, repository_id)


def put_repositories(
    conn: sa.Connection, installation_id: int, repositories: Sequence[values.Repository], *, whole: bool
) -> None:
    """Repositories as GitHub lists them now. `whole`: the list is complete, the installation's others are dropped."""
    rows = [repository_row(found) | {"installation_id": installation_id, "removed": False} for found in repositories]
    rows_.write(conn, [(t.repository, rows)])
    if whole:
        of = sa.select(t.repository.c.id).where(
            t.repository.c.installation_id == installation_id, t.repository.c.removed.is_(False)
        )
        for gone in set(conn.execute(of).scalars()) - {found.id for found in repositories}:
            drop_repository(conn, gone)


def put_short_repositories(
    conn: sa.Connection, installation: events.FullInstallation, repositories: Sequence[events.ShortRepository]
) -> None:
    """Repositories as installation events list them: what they do not say stays."""
    rows: list[Row] = [
        {
            "id": found.id,
            "installation_id": installation.id,
            "full_name": clean(found.full_name),
            "private": found.private,
            "organization": installation.account.type == "Organization",
            "removed": False,
        }
        for found in repositories
    ]
    rows_.write(conn, [(t.repository, rows)])


def drop_repository(conn: sa.Connection, repository_id: int) -> None:
    """Forget all of it; its row stays, marked as removed, and is filled anew if the repository comes back."""
    for table in (t.issue_label, t.issue_assignee, t.issue, t.label, t.milestone):
        conn.execute(sa.delete(table).where(table.c.repository_id == repository_id))
    traces.drop_repository(conn, repository_id)
    facts.drop_repository(conn, repository_id)
    nothing = dict.fromkeys(_PLACES)
    gone = sa.update(t.repository).where(t.repository.c.id == repository_id)
    conn.execute(gone.values(removed=True, **nothing))


def put_labels(
    conn: sa.Connection, repository_id: int, labels: Sequence[values.Label], *, whole: bool, now: int
) -> None:
    """Labels as GitHub lists them. `whole`: the list is complete (read at `now`, milliseconds), others are dropped."""
    rows = [mirror_write.label(repository_id, label) for label in labels]
    facts.refresh(conn, mirror_write.put_labels(conn, rows))
    versions.bump(conn, [repository_id])
    if whole:
        stored = conn.execute(sa.select(t.label.c.id).where(t.label.c.repository_id == repository_id)).scalars()
        drop_labels(conn, set(stored) - {label.id for label in labels})
        _stamp(conn, repository_id, labels_at=now)


def drop_labels(conn: sa.Connection, ids: Collection[int]) -> None:
    """Deleted: no issue has them any more."""
    if ids:
        facts.drop_labels(conn, ids)
        conn.execute(sa.delete(t.label).where(t.label.c.id.in_(ids)))


def put_milestones(
    conn: sa.Connection, repository_id: int, milestones: Sequence[values.Milestone], *, whole: bool, now: int
) -> None:
    """Milestones, open and closed, as GitHub lists them. `whole`: the list is complete, others are dropped."""
    rows_.write(conn, [(t.milestone, [mirror_write.milestone(repository_id, found) for found in milestones])])
    versions.bump(conn, [repository_id])
    if whole:
        stored = sa.select(t.milestone.c.number, t.milestone.c.id).where(t.milestone.c.repository_id == repository_id)
        kept = {found.id for found in milestones}
        drop_milestones(conn, repository_id, {row.number: row.id for row in conn.execute(stored) if row.id not in kept})
        _stamp(conn, repository_id, milestones_at=now)


def drop_milestones(conn: sa.Connection, repository_id: int, gone: Mapping[int, int]) -> None:
    """Deleted (id by number): GitHub takes a deleted milestone off its issues."""
    if gone:
        of = (t.issue.c.repository_id == repository_id, t.issue.c.milestone.in_(gone))
        on = conn.execute(sa.select(t.issue.c.number).where(*of)).scalars().all()
        conn.execute(sa.update(t.issue).where(*of).values(milestone=None))
        facts.refresh(conn, [(repository_id, number) for number in on])
        conn.execute(sa.delete(t.milestone).where(t.milestone.c.id.in_(gone.values())))


def put_issues(
    conn: sa.Connection,
    repository_id: int,
    issues: Sequence[events.Issue],
    *,
    answered: bool = False,
    derived: bool = True,
) -> set[int]:
    """Issues as GitHub lists them, so they exist; a newer stored state stays. Answers the numbers of those that changed.

    `answered`: GitHub was asked for this issue or changed it for us, and this is how it is. `derived`: their facts are computed
    at once.
    """
    users = [user for issue in issues for user in (issue.user or events.GHOST, *issue.assignees)]
    labels = {label.id: mirror_write.label(repository_id, label) for issue in issues for label in issue.labels}
    milestones = {
        issue.milestone.id: mirror_write.milestone(repository_id, issue.milestone.value())
        for issue in issues
        if issue.milestone
    }
    people = {user.id: mirror_write.person(user) for user in users}
    rows_.write(
        conn, [(t.person, people.values())], adds=[(t.label, labels.values()), (t.milestone, milestones.values())]
    )
    numbers = [issue.number for issue in issues]
    back = sa.update(t.issue).where(
        t.issue.c.repository_id == repository_id, t.issue.c.number.in_(numbers), t.issue.c.removed
    )
    conn.execute(back.values(removed=False))
    notes = fact_notes.Notes()
    for issue in issues:
        notes.author(repository_id, issue.user, issue.author_association)
    _, joined = notes.keep(conn)
    source = Source.ANSWER if answered else Source.LIST
    seen = [(repository_id, issue, source, "") for issue in issues]
    changed = issue_write.put_issues(conn, seen, derived=derived)
    traces.put_answers(conn, repository_id, issues)
    if derived:
        facts.refresh(conn, set(facts.spoken_by(conn, joined)) - changed)
    return {number for _, number in changed}


def remove_issue(conn: sa.Connection, repository_id: int, issue: events.Issue) -> None:
    """Deleted or transferred away, for good: a late event about it changes the row but does not bring it back."""
    put_issues(conn, repository_id, [issue])
    remove_number(conn, repository_id, issue.number)


def remove_number(conn: sa.Connection, repository_id: int, number: int) -> None:
    """As `remove_issue`, of an issue that GitHub does not show any more."""
    here = sa.and_(t.issue.c.repository_id == repository_id, t.issue.c.number == number)
    conn.execute(sa.update(t.issue).where(here).values(removed=True))
    facts.refresh(conn, {(repository_id, number)})


def put_issue_labels(conn: sa.Connection, repository_id: int, number: int, names: Sequence[str]) -> None:
    """The labels an issue has after a write of ours, by name in any case; a name that is no known label is left out."""
    wanted = {name.lower() for name in names}
    named = conn.execute(_NAMED, {"repository": repository_id, "names": list(names)}).all()
    if len(named) < len(wanted):  # some are spelled otherwise here
        named = [row for row in conn.execute(_LABELS, {"repository": repository_id}) if row.name.lower() in wanted]
    issue_write.put_issue_labels(conn, (repository_id, number), [row.id for row in named])


_PLACES = (
    "labels_at", "milestones_at", "issues_at", "cursor", "comments_at", "comments_cursor", "events_at", "events_cursor",
    "reconciled_at",
)  # fmt: skip
_LABELS = sa.select(t.label.c.id, t.label.c.name).where(t.label.c.repository_id == sa.bindparam("repository"))
_NAMED = _LABELS.where(t.label.c.name.in_(sa.bindparam("names", expanding=True)))


def keep_cursor(conn: sa.Connection, repository_id: int, cursor: str | None, *, issues_at: int | None = None) -> None:
    """Where the reading of issues goes on; None with `issues_at` (milliseconds) when it was completed."""
    if issues_at is None:
        _stamp(conn, repository_id, cursor=cursor)
    else:
        _stamp(conn, repository_id, cursor=cursor, issues_at=issues_at)


def keep_place(
    conn: sa.Connection, repository_id: int, part: str, cursor: str | None, *, at: int | None = None
) -> None:
    """Where the reading of a `part` (comments, events) goes on; None with `at` (milliseconds) when it was completed."""
    done = {} if at is None else {f"{part}_at": at}
    _stamp(conn, repository_id, **{f"{part}_cursor": cursor}, **done)


def repository_row(found: values.Repository) -> Row:
    """What GitHub says of a repository, without whose installation it is."""
    return {
        "id": found.id,
        "full_name": clean(found.full_name),
        "private": found.private,
        "archived": found.archived,
        "default_branch": clean(found.default_branch),
        "organization": found.owner_is_organization,
    }


def _stamp(conn: sa.Connection, repository_id: int, **columns: int | str | None) -> None:
    """Not of one that was dropped while somebody read it: what is read of it then is no part of what comes back."""
    there = (t.repository.c.id == repository_id, ~t.repository.c.removed)
    conn.execute(sa.update(t.repository).where(*there).values(**columns))
