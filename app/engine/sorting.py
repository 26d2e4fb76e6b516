"""Which deliveries need effects, and of which kind; all others are done once the mirror has them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core import events
from app.core.markdown import looks_like_command
from app.core.values import Person, Repository

CONFIG_PATH = ".github/rounds.yml"
MEETING_PATHS = (".github/meetings/", ".github/ISSUE_TEMPLATE/")
"""Series with their templates; GitHub's issue templates may serve as such."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that may hold commands: a comment or the body of an issue or pull request, as it stood in the delivery.

    `id`: "comment 123" or "issue 12". `before`: the old text of an edit, None when it is new. `app`: id of the App that
    wrote it, if one did. `at`: when it was written or edited (UTC). `seq`: of the delivery; 0 of a rehearsal. `page`: typed on
    a page of ours, so that there is no text on GitHub to react or reply to; its `id` is "web 12" by its delivery.
    """

    id: str
    text: str
    before: str | None
    sender: Person
    repository: Repository
    number: int
    comment_id: int | None
    app: int | None
    at: datetime
    seq: int = 0
    page: bool = False

    @property
    def body(self) -> bool:
        return self.comment_id is None and not self.page


def source(event: events.Event) -> Source | None:
    """The text of that event that may hold commands; None where it brings no new text."""
    if isinstance(event, events.CommentEvent) and event.action in ("created", "edited"):
        return _of_comment(event)
    if isinstance(event, events.IssueEvent) and event.action in ("opened", "edited"):
        return _of_body(event, event.issue)
    if isinstance(event, events.PullRequestEvent) and event.action in ("opened", "edited"):
        return _of_body(event, event.pull_request.issue())
    return None


def _before(event: events.CommentEvent | events.IssueEvent | events.PullRequestEvent) -> tuple[bool, str | None]:
    """Whether the text is new, and the old text of an edit. What comes with a transfer was said before."""
    if event.action != "edited":
        return event.changes is None or event.changes.old_repository is None, None
    if event.changes is None or event.changes.body is None:
        return False, None
    return True, event.changes.body.from_ or ""


def _of_comment(event: events.CommentEvent) -> Source | None:
    new, before = _before(event)
    if not new:
        return None
    comment = event.comment
    return Source(
        id=f"comment {comment.id}",
        text=comment.body or "",
        before=before,
        sender=event.sender.person(),
        repository=event.repository.value(),
        number=event.issue.number,
        comment_id=comment.id,
        app=comment.performed_via_github_app.id if comment.performed_via_github_app else None,
        at=comment.created_at if before is None else comment.updated_at,
    )


def _of_body(event: events.IssueEvent | events.PullRequestEvent, issue: events.Issue) -> Source | None:
    new, before = _before(event)
    if not new:
        return None
    return Source(
        id=f"issue {issue.number}",
        text=issue.body or "",
        before=before,
        sender=event.sender.person(),
        repository=event.repository.value(),
        number=issue.number,
        comment_id=None,
        app=issue.performed_via_github_app.id if issue.performed_via_github_app else None,
        at=issue.created_at if before is None else issue.updated_at,
    )


def actor(event: events.Event) -> str:
    """Login of the sender, "" where there is none."""
    sender = getattr(event, "sender", None)
    return sender.login if isinstance(sender, events.User) else ""


def brings_commits(event: events.Event) -> bool:
    """Whether a pull request has a new head: then it may change the configuration. Which files it touches, no event tells."""
    if not isinstance(event, events.PullRequestEvent) or event.pull_request.head is None:
        return False
    return event.action in ("opened", "synchronize", "reopened")


def touches_meetings(event: events.PushEvent) -> bool:
    """Whether a series of meetings or a template may have changed."""
    return any(event.touches(path) for path in MEETING_PATHS)


def is_edit_of_meeting(event: events.Event, bot_login: str) -> bool:
    """Whether it tells of an edit of ours in the text of a meeting's issue, which must not take anybody's words away."""
    if not isinstance(event, events.IssueEvent) or event.action != "edited" or event.sender.login != bot_login:
        return False
    changed = event.changes is not None and event.changes.body is not None
    return changed and "<!-- rounds: meeting " in (event.issue.body or "")


def needs_effects(event: events.Event, bot_login: str) -> bool:
    """Whether the engine must look at it: a command-shaped line that is not our own, or perhaps changed configuration.

    Also one that an edit took away: our answer to it may have to be taken back.
    """
    if isinstance(event, events.PushEvent):
        return event.touches(CONFIG_PATH) or touches_meetings(event)
    if is_edit_of_meeting(event, bot_login):
        return True
    if brings_commits(event):
        return actor(event) != bot_login
    found = source(event)
    if found is None or found.sender.login == bot_login:
        return False
    return looks_like_command(found.text) or looks_like_command(found.before)
