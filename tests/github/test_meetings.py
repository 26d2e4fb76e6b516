"""What meetings need of GitHub, through the client, against both stand-ins: the sandbox, and the strict ../shared/ghkit.

The kit has no branches to make and no pull requests to open; the sandbox's answers to those are held against GitHub's models in
tests/sandbox/rest/test_contents.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.github import errors
from app.github.client import GitHub
from app.github.contents import Changed
from app.github.installation import Installation
from app.github.limits import Limits
from app.sandbox.server import Sandbox, running
from app.sandbox.world import World

REPO = "acme/widgets"
FILES = {
    ".github/meetings/weekly.yml": "version: 1\n",
    ".github/meetings/weekly.md": "# Notes\n",
    ".github/meetings/a/b.md": "x",
}
PERMISSIONS = {"issues": "write", "contents": "write", "members": "read", "pull_requests": "write", "metadata": "read"}


@dataclass
class Place:
    """A stand-in with the same small world in it. `react`: somebody reacts to an issue's text."""

    acme: Installation
    react: Callable[[int, str, str], Any]


def _kit(request: pytest.FixtureRequest) -> tuple[GitHub, int, Callable[[int, str, str], Any]]:
    kit = request.getfixturevalue("ghkit")
    kit("org", login="acme", members={"boss": "admin", "mel": "member"})
    kit("team", org="acme", name="Crew", members=["mel"])
    kit("repo", full=REPO, labels=["meeting"], roles={"wendy": "write"}, files=FILES)
    app = kit(
        "app",
        slug="rounds",
        permissions=PERMISSIONS,
        events=["issues"],
        webhook_url="http://127.0.0.1:9/",
        webhook_secret="s" * 32,
    )
    number = kit("install", app="rounds", account="acme")["id"]
    github = GitHub(api_url=kit.url, app_id=app["client_id"], private_key=app["private_key"], limits=Limits.unlimited())

    def react(number: int, content: str, by: str) -> None:
        kit("act", what="react", repo=REPO, number=number, by=by, content=content)

    return github, number, react


def _world() -> World:
    world = World()
    world.organization("acme", admins=["boss"], members=["mel"])
    world.user("wendy")
    world.team("acme/crew", ["mel"])
    world.repository(REPO, labels=["meeting"], roles={"wendy": "write"}, files=FILES)
    world.install("acme")
    return world


@pytest.fixture(params=["sandbox", pytest.param("ghkit", marks=pytest.mark.contract)])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    if request.param == "ghkit":
        github, number, react = _kit(request)
        yield Place(github.installation(number), react)
        await github.aclose()
        return
    async for here in _sandbox():
        yield here


async def _sandbox() -> AsyncIterator[Place]:
    world = _world()
    async with running(Sandbox(world)) as url:
        github = GitHub(
            api_url=url, app_id=world.app.client_id, private_key=world.app.private_key, limits=Limits.unlimited()
        )
        installation = github.installation(next(iter(world.installations)))
        yield Place(installation, lambda number, what, by: world.react(world.issue(REPO, number), what, by=by))
        await github.aclose()


@pytest.fixture
async def sandbox() -> AsyncIterator[Installation]:
    async for here in _sandbox():
        yield here.acme


async def test_a_folder_and_what_is_none(place: Place) -> None:
    listed = await place.acme.folder(REPO, ".github/meetings")
    assert [(entry.name, entry.type) for entry in listed] == [
        ("a", "dir"),
        ("weekly.md", "file"),
        ("weekly.yml", "file"),
    ]
    found = await place.acme.file(REPO, listed[2].path)
    assert found is not None
    assert (found.text, found.sha) == (FILES[listed[2].path], listed[2].sha)
    assert await place.acme.folder(REPO, ".github/nothing") == ()
    assert await place.acme.folder(REPO, ".github/meetings/weekly.yml") == ()


async def test_an_issue_is_made_found_again_and_changed(place: Place) -> None:
    start = datetime.now(UTC) - timedelta(minutes=5)
    body = "Text\n\n<!-- rounds: meeting weekly 2026-11-27 -->"
    made = await place.acme.create_issue(REPO, title="Weekly", body=body, labels=["meeting", "new, really"])
    assert (made.body, [label.name for label in made.labels]) == (body, ["meeting", "new, really"])
    for labels in ([], ["Meeting"], ["new, really"], ["meeting", "new, really"]):
        found = [one async for one in place.acme.issues_by(REPO, "rounds[bot]", labels=labels, since=start)]
        assert [one.number for one in found] == [made.number], labels
    for creator, labels, since in (
        ("boss", ["meeting"], start),
        ("rounds[bot]", ["other"], start),
        ("rounds[bot]", ["meeting"], datetime.now(UTC) + timedelta(hours=1)),
    ):
        assert [one async for one in place.acme.issues_by(REPO, creator, labels=labels, since=since)] == []
    changed = await place.acme.update_issue(REPO, made.number, title="Weekly #2", body="Other")
    assert (changed.title, changed.body) == ("Weekly #2", "Other")
    closed = await place.acme.update_issue(REPO, made.number, state="closed", state_reason="completed")
    assert closed.state == "closed"
    assert [one.number async for one in place.acme.issues_by(REPO, "rounds[bot]")] == [made.number]


async def test_pinning(place: Place) -> None:
    numbers = [(await place.acme.create_issue(REPO, title=f"{n}", body="x")).number for n in range(2)]
    for number in numbers:
        assert await place.acme.pin((await place.acme.pins(REPO, number)).node)
    pins = await place.acme.pins(REPO, numbers[0])
    assert (pins.pinned, set(pins.all)) == (True, set(numbers))
    assert not await place.acme.unpin(pins.node)
    assert (await place.acme.pins(REPO, numbers[0])).all == (numbers[1],)


async def test_who_reacted_and_who_is_in_the_team(place: Place) -> None:
    number = (await place.acme.create_issue(REPO, title="Who comes?", body="x")).number
    place.react(number, "+1", "wendy")
    place.react(number, "heart", "boss")
    assert [(one.content, one.by.login) for one in await place.acme.reactions(REPO, number)] == [
        ("+1", "wendy"),
        ("heart", "boss"),
    ]
    assert [user.login for user in await place.acme.team_members("acme", "crew")] == ["mel"]
    with pytest.raises(errors.NotFound):
        await place.acme.team_members("acme", "nobody")


async def test_a_file_is_put_only_over_what_was_read(place: Place) -> None:
    path, about = "meetings/2026-11-27.md", {"message": "Minutes", "branch": "main"}
    made = await place.acme.put_file(REPO, path, "Ünï\n", **about)
    assert (await place.acme.branch(REPO, "main")) == made.commit
    assert await place.acme.branch(REPO, "not/there") is None
    changed = await place.acme.put_file(REPO, path, "Two\n", sha=made.sha, **about)
    with pytest.raises(Changed):
        await place.acme.put_file(REPO, path, "Three\n", sha=made.sha, **about)
    found = await place.acme.file(REPO, path)
    assert found is not None
    assert (found.text, found.sha) == ("Two\n", changed.sha)
    with pytest.raises(errors.NotFound):
        await place.acme.put_file(REPO, path, "Three\n", message="x", branch="not/there")
    assert await place.acme.pull_from(REPO, "not/there") is None


async def test_a_file_that_is_there_is_not_overwritten_unread(sandbox: Installation) -> None:
    """Against the kit this call is a violation of level error, as it should be."""
    with pytest.raises(Changed):
        await sandbox.put_file(REPO, ".github/meetings/weekly.md", "Mine\n", message="x", branch="main")


async def test_a_pull_request_from_a_branch_is_opened_once(sandbox: Installation) -> None:
    base = await sandbox.branch(REPO, "main")
    assert base is not None
    assert await sandbox.create_branch(REPO, "meetings/archive", base)
    assert not await sandbox.create_branch(REPO, "meetings/archive", base)
    with pytest.raises(errors.Invalid):
        await sandbox.create_branch(REPO, "other", "f" * 40)
    put = await sandbox.put_file(REPO, "a.md", "A\n", message="x", branch="meetings/archive")
    assert await sandbox.pull_from(REPO, "meetings/archive") is None
    wish = {"title": "Archive", "body": "Minutes", "branch": "meetings/archive", "base": "main"}
    opened = await sandbox.open_pull(REPO, **wish)
    assert (opened.head.sha, opened.html_url.rpartition("/")[2]) == (put.commit, str(opened.number))
    with pytest.raises(errors.Invalid, match="already exists"):
        await sandbox.open_pull(REPO, **wish)
    assert await sandbox.pull_from(REPO, "meetings/archive") == opened
    await sandbox.update_issue(REPO, opened.number, state="closed")
    assert await sandbox.pull_from(REPO, "meetings/archive") is None
    closed = await sandbox.pull_from(REPO, "meetings/archive", state="all")
    assert closed is not None
    assert (closed.number, closed.state) == (opened.number, "closed")
