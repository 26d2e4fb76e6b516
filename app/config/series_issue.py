"""What a meeting series says about its issue: title and template, agenda, archive. Source: meetings.md section 1."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from app.config.fields import LIST, MANY, Labels, Matching, Model
from app.config.series_fields import Duration, FileName, Line, RepositoryName

MOST_ITEMS = 1_000

Template = Annotated[str, Field(min_length=1, max_length=2_000)]
LinkTarget = Annotated[
    str,
    Matching(
        r"inline|issue|project|previous|https?://[^\s<>()\"]{1,500}",
        "`inline`, `issue`, `project`, `previous` or an address",
        ("inline", "issue", "project", "previous"),
    ),
]


class Previous(Model):
    """What becomes of the previous meeting issue when the next one is opened."""

    link: bool = Field(default=True, description="The new issue links to it, and it to the new one.")
    close: bool = Field(default=True, description="It is closed once it is over.")
    comment: Template | None = Field(
        default=None, description="What is said there, a template that sees `number_of_next`, the new issue's number."
    )
    pin: bool = Field(default=True, description="The new one is pinned instead of it, where there is room.")


class MeetingIssue(Model):
    """The meeting issue."""

    repo: RepositoryName | None = Field(
        default=None, description="Where it is opened; the default is the repository of this file."
    )
    title: Template | None = Field(
        default=None, description="A template; the default is the title of the issue template, else name and date."
    )
    labels: Labels = Field(default=(), description="Its labels, with those of the issue template.")
    template: FileName | None = Field(
        default=None,
        description="Beside this file, or from the root, as `.github/ISSUE_TEMPLATE/weekly.md`; the default is `<id>.md`.",
    )
    previous: Previous = Field(default=Previous(), description="What becomes of the previous one.")


class Query(Model):
    """Issues for the agenda, the oldest first. All that is given must hold."""

    heading: Line = Field(description="What stands over them.")
    labels: Labels = Field(default=(), description="They have all of these labels.")
    no_labels: Labels = Field(default=(), description="They have none of these.")
    milestone: Line | None = Field(default=None, description="The title of their milestone.")
    state: Literal["open", "closed", "all"] = Field(default="open", description="Open, closed, or both.")
    is_: Literal["issue", "pull_request"] | None = Field(
        default=None, alias="is", description="Only issues, or only pull requests."
    )
    repos: Annotated[tuple[RepositoryName, ...], Field(max_length=100), MANY] = Field(
        default=(), description="Where they are looked for; the default is `default_repo`, else that of the issue."
    )
    limit: int | None = Field(
        default=None,
        ge=1,
        le=MOST_ITEMS,
        description="At most so many; the rest is counted. Without it all are listed.",
    )


class CancelIfEmpty(Model):
    """What happens when nothing is on the agenda."""

    before: Duration = Field(default=timedelta(days=1), description="How long before the start Rounds looks.")
    ask: bool = Field(default=True, description="A comment asks; `false` cancels at once.")


class Agenda(Model):
    """What is on the agenda."""

    queries: Annotated[tuple[Query, ...], Field(max_length=20), LIST] = Field(
        default=(), description="Issues that are listed."
    )
    comments: bool = Field(default=True, description="`/agenda …` on an issue adds it.")
    carry_over: bool = Field(default=True, description="What was carried comes again.")
    todos: bool = Field(default=True, description="Open TODOs are listed by owner, the oldest first.")
    remove_label: Literal["never", "when-discussed", "when-listed"] = Field(
        default="when-discussed", description="When an issue loses the label that brought it here."
    )
    link: LinkTarget = Field(
        default="inline", description="What `agenda_url` is: the agenda in this issue, another place, or an address."
    )
    refresh_until: Literal["start", "opened"] = Field(
        default="start", description="The agenda is kept fresh until then."
    )
    cancel_if_empty: CancelIfEmpty | None = Field(default=None, description="What happens when it is empty.")


class Archive(Model):
    """The file with the minutes."""

    path: Template = Field(description="A template of its path, as `meetings/{{ start | date('iso') }}.md`.")
    pull_request: bool = Field(
        default=True, description="Through a pull request; `false` writes to the default branch."
    )
    front_matter: Annotated[tuple[Literal["name", "about", "title", "labels"], ...], MANY] = Field(
        default=(), description="What its front matter holds, in this order."
    )
