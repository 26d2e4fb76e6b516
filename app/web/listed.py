"""An issue in a list, told alike by HTML, JSON, CSV and feeds."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from datetime import datetime

from app.core.filter_explain import Subject
from app.store.issue_list import Row

COLUMNS = (
    "repository", "number", "kind", "state", "title", "author", "labels", "milestone", "assignees", "waiting_on",
    "waiting_since", "comments", "reactions", "created_at", "updated_at", "closed_at", "triaged_at", "first_response_at", "url",
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """`kind`: "issue" or "pull_request". `waiting_on`: "us", "author" or "nobody". `url`: on GitHub; times: ISO 8601, UTC."""

    repository: str
    number: int
    kind: str
    state: str
    title: str
    author: str
    labels: tuple[str, ...]
    milestone: str | None
    assignees: tuple[str, ...]
    waiting_on: str
    waiting_since: str | None
    comments: int
    reactions: int
    created_at: str
    updated_at: str
    closed_at: str | None
    triaged_at: str | None
    first_response_at: str | None
    url: str
    shown: InitVar[Row]

    def __post_init__(self, shown: Row) -> None:
        self.__dict__["row"] = shown  # no field: JSON would tell all of it a second time

    @property
    def row(self) -> Row:
        """For the pieces of pages; no part of what JSON tells."""
        found: Row = self.__dict__["row"]
        return found

    @property
    def address(self) -> str:
        """Of its page here."""
        return f"/issues/{self.repository}/{self.number}"


def listed(row: Row, web_url: str) -> Listed:
    """`web_url`: of GitHub."""
    it: Subject = row.subject
    return Listed(
        repository=it.repository,
        number=row.number,
        kind="pull_request" if it.pull_request else "issue",
        state="open" if it.open else "closed",
        title=row.title,
        author=it.author,
        labels=it.labels,
        milestone=it.milestone[1] if it.milestone else None,
        assignees=it.assignees,
        waiting_on=it.waiting,
        waiting_since=_iso(row.waiting_since),
        comments=row.comments,
        reactions=row.reactions,
        created_at=it.created_at.isoformat(),
        updated_at=it.updated_at.isoformat(),
        closed_at=_iso(it.closed_at),
        triaged_at=_iso(it.triaged_at),
        first_response_at=_iso(it.first_response_at),
        url=f"{web_url}/{it.repository}/{'pull' if it.pull_request else 'issues'}/{row.number}",
        shown=row,
    )


def cells(one: Listed) -> tuple[object, ...]:
    """A row of CSV, as `COLUMNS` names it; labels and people with commas between."""
    told = {name: getattr(one, name) for name in COLUMNS}
    told["labels"] = ", ".join(one.labels)
    told["assignees"] = ", ".join(one.assignees)
    return tuple(told[name] for name in COLUMNS)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
