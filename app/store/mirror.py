"""The mirror: GitHub's repositories, labels, milestones and issues as rows, a projection of deliveries.

`apply` takes deliveries in batches. Applying one twice changes nothing, and an issue is never replaced by an older state of
itself (app.store.mirror_order), for GitHub neither keeps the order of deliveries nor sends each only once. What rewrites
much at once (a repository goes away, a label is deleted) is done by itself, in its place; all other events of a batch are
written together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.core import events
from app.core.events import Event
from app.store import facts, issue_write, mirror_sync, mirror_write, rows, versions
from app.store import tables as t
from app.store.fact_notes import Notes
from app.store.mirror_order import UNCOMMENTED, Row, Source
from app.store.mirror_read import (
    KnownRepository,
    count,
    few_names,
    installations,
    issue,
    labels,
    milestones,
    repositories,
    repository,
    repository_named,
)
from app.store.mirror_sync import (
    drop_installation,
    drop_repository,
    keep_cursor,
    keep_place,
    put_installations,
    put_issue_labels,
    put_issues,
    put_labels,
    put_milestones,
    put_repositories,
    remove_number,
)
from app.store.mirror_write import person
from app.store.traces import Traces

__all__ = [
    "KnownRepository",
    "apply",
    "count",
    "drop_installation",
    "drop_repository",
    "few_names",
    "installations",
    "issue",
    "keep_cursor",
    "keep_place",
    "labels",
    "milestones",
    "put_installations",
    "put_issue_labels",
    "put_issues",
    "put_labels",
    "put_milestones",
    "put_repositories",
    "remove_number",
    "repositories",
    "repository",
    "repository_named",
]

_GONE = frozenset({"deleted", "transferred"})


def apply(conn: sa.Connection, batch: Sequence[Event], bot_login: str = "") -> None:
    """Write what these events say, in their order. `bot_login`: whose events tell of our own writes."""
    sheet, traces = _Sheet(bot_login), Traces(bot_login)
    for event in batch:
        traces.note(event)
        if not sheet.note(event):
            sheet.write(conn)
            sheet = _Sheet(bot_login)
            _alone(conn, event)
    sheet.write(conn)
    traces.write(conn)
    versions.bump(conn, [id_ for event in batch for id_ in _changed(event)])


def _changed(event: Event) -> tuple[int, ...]:
    """The repository of which an event changes what pages show without an issue's facts, or that there are others."""
    match event:
        case events.LabelEvent() | events.MilestoneEvent():
            return (event.repository.id,)
        case events.RepositoryEvent():
            return (event.repository.id, versions.WHICH)
        case events.InstallationEvent() | events.InstallationRepositoriesEvent():
            return (versions.WHICH,)
        case _:
            return ()


@dataclass(slots=True)
class _Sheet:
    """What a run of events says, the later of the same thing replacing the earlier.

    `labels` and `milestones` are told by their own events; `shown` ones came along with an issue, which may be an older
    state: they fill gaps and correct nothing.
    """

    bot_login: str
    people: dict[int, Row] = field(default_factory=dict)
    repositories: dict[int, Row] = field(default_factory=dict)
    labels: dict[int, Row] = field(default_factory=dict)
    shown_labels: dict[int, Row] = field(default_factory=dict)
    milestones: dict[int, Row] = field(default_factory=dict)
    shown_milestones: dict[int, Row] = field(default_factory=dict)
    issues: list[tuple[int, events.Issue, Source, str]] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def note(self, event: Event) -> bool:
        """Take the event in; False if it has to be done alone."""
        match event:
            case events.IssueEvent() | events.PullRequestEvent() if event.action in _GONE:
                return False
            case events.CommentEvent():
                self._issue(event, event.issue, UNCOMMENTED if event.action == "deleted" else "")
            case events.IssueEvent():
                self._issue(event, event.issue, event.action)
            case events.PullRequestEvent():
                self._issue(event, event.pull_request.issue(), event.action)
            case events.LabelEvent() if event.action != "deleted":
                self.labels[event.label.id] = mirror_write.label(event.repository.id, event.label)
            case events.MilestoneEvent() if event.action != "deleted":
                self.milestones[event.milestone.id] = mirror_write.milestone(
                    event.repository.id, event.milestone.value()
                )
            case events.MemberEvent() | events.PushEvent():
                pass
            case events.TeamEvent() | events.AuthorizationEvent() | events.Ignored():
                return True
            case _:
                return False
        self.notes.note(event)
        self.people[event.sender.id] = person(event.sender)
        self.repositories[event.repository.id] = self.repositories.get(event.repository.id, {}) | _repository(event)
        return True

    def write(self, conn: sa.Connection) -> None:
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in self.repositories.values():
            alike.setdefault(tuple(row), []).append(row)
        renamed = mirror_write.put_labels(conn, self.labels.values())
        rows.write(
            conn,
            [
                (t.person, self.people.values()),
                *((t.repository, some) for some in alike.values()),
                (t.milestone, self.milestones.values()),
            ],
            adds=[(t.label, self.shown_labels.values()), (t.milestone, self.shown_milestones.values())],
        )
        noted, joined = self.notes.keep(conn)
        changed = issue_write.put_issues(conn, self.issues, noted)
        facts.refresh(conn, (renamed | set(facts.spoken_by(conn, joined))) - changed - noted)

    def _issue(self, event: events._Event, issue_: events.Issue, action: str) -> None:
        repository_id = event.repository.id
        source = Source.ECHO if event.sender.login == self.bot_login else Source.DELIVERY
        self.issues.append((repository_id, issue_, source, action))
        for user in (issue_.user or events.GHOST, *issue_.assignees):
            self.people[user.id] = person(user)
        for label in issue_.labels:
            self.shown_labels.setdefault(label.id, mirror_write.label(repository_id, label))
        if issue_.milestone:
            row = mirror_write.milestone(repository_id, issue_.milestone.value())
            self.shown_milestones.setdefault(row["id"], row)


def _repository(event: events._Event | events.PushEvent) -> Row:
    """What any event says of its repository.

    An older event may come late: it may make a repository private, never public. `repository.publicized` does that.
    """
    value = event.repository.value()
    row = mirror_sync.repository_row(value)
    if not value.private:
        del row["private"]
    if event.installation:
        row["installation_id"] = event.installation.id
    return row


def _alone(conn: sa.Connection, event: Event) -> None:
    match event:
        case events.IssueEvent():
            mirror_sync.remove_issue(conn, event.repository.id, event.issue)
        case events.PullRequestEvent():
            mirror_sync.remove_issue(conn, event.repository.id, event.pull_request.issue())
        case events.LabelEvent():
            mirror_sync.drop_labels(conn, [event.label.id])
        case events.MilestoneEvent():
            mirror_sync.drop_milestones(conn, event.repository.id, {event.milestone.number: event.milestone.id})
        case events.RepositoryEvent():
            _repository_changed(conn, event)
        case events.InstallationEvent():
            _installation_changed(conn, event)
        case events.InstallationRepositoriesEvent():
            suspended = event.installation.suspended_at is not None
            mirror_sync.note_installation(conn, event.installation, suspended=suspended)
            mirror_sync.put_short_repositories(conn, event.installation, event.repositories_added)
            for gone in event.repositories_removed:
                mirror_sync.drop_repository(conn, gone.id)


def _repository_changed(conn: sa.Connection, event: events.RepositoryEvent) -> None:
    if event.action == "deleted":
        mirror_sync.drop_repository(conn, event.repository.id)
        return
    row = _repository(event)
    if event.action == "publicized":
        row["private"] = False
    rows.write(conn, [(t.repository, [row])])


def _installation_changed(conn: sa.Connection, event: events.InstallationEvent) -> None:
    if event.action == "deleted":
        mirror_sync.drop_installation(conn, event.installation.id)
        return
    suspended = event.installation.suspended_at is not None and event.action != "unsuspend"
    mirror_sync.note_installation(conn, event.installation, suspended=suspended or event.action == "suspend")
    mirror_sync.put_short_repositories(conn, event.installation, event.repositories)
