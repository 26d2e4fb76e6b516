"""Events for the mirror's tests, with as little said as possible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.core import events

START = datetime(2026, 11, 1, 9, tzinfo=UTC)
ALICE = events.User(id=1, login="alice")
ORGANIZATION = events.User(id=9, login="o", type="Organization")


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def repository(id_: int = 77, full_name: str = "o/r", **more: object) -> events.Repository:
    return events.Repository(id=id_, full_name=full_name, owner=ORGANIZATION, **more)


def label(id_: int, name: str | None = None) -> events.Label:
    return events.Label(id=id_, name=name or f"label {id_}")


def milestone(id_: int, title: str | None = None, **more: object) -> events.Milestone:
    return events.Milestone(id=id_, number=id_, title=title or f"milestone {id_}", **more)


def issue(number: int = 12, minute: int = 0, **more: object) -> events.Issue:
    given = {"id": 1000 + number, "title": "It broke", "user": ALICE} | more
    return events.Issue(number=number, created_at=START, updated_at=at(minute), **given)


def _event(kind: type, action: str, given: dict[str, object]) -> events.Event:
    about = {"repository": repository(), "sender": ALICE, "installation": events.Installation(id=5)} | given
    return kind(action=action, **about)


def issues(action: str, about: events.Issue, **more: object) -> events.Event:
    return _event(events.IssueEvent, action, {"issue": about, **more})


def comment(about: events.Issue, **more: object) -> events.Event:
    said = events.Comment(id=1, created_at=START, updated_at=START, user=ALICE)
    return _event(events.CommentEvent, "created", {"issue": about, "comment": said, **more})


def pull(action: str, number: int, minute: int = 0, **more: object) -> events.Event:
    about = {"id": 5000 + number, "title": "Mend it", "user": ALICE} | more
    request = events.PullRequest(number=number, created_at=START, updated_at=at(minute), **about)
    return _event(events.PullRequestEvent, action, {"pull_request": request})


def labels(action: str, about: events.Label, **more: object) -> events.Event:
    return _event(events.LabelEvent, action, {"label": about, **more})


def milestones(action: str, about: events.Milestone, **more: object) -> events.Event:
    return _event(events.MilestoneEvent, action, {"milestone": about, **more})


def repositories(action: str, about: events.Repository, **more: object) -> events.Event:
    return _event(events.RepositoryEvent, action, {"repository": about, **more})


def full_installation(id_: int = 5, **more: object) -> events.FullInstallation:
    return events.FullInstallation(id=id_, account=events.Account(id=9, login="o", type="Organization"), **more)


def installation(action: str, *repositories: events.ShortRepository, **more: object) -> events.Event:
    return events.InstallationEvent(
        action=action, installation=full_installation(**more), sender=ALICE, repositories=list(repositories)
    )


def moved(added: list[events.ShortRepository], removed: list[events.ShortRepository]) -> events.Event:
    return events.InstallationRepositoriesEvent(
        action="added" if added else "removed",
        installation=full_installation(),
        sender=ALICE,
        repositories_added=added,
        repositories_removed=removed,
    )
