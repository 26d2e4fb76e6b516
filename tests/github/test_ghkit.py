"""The whole client against the strict stand-in: GitHub's own description judges every request and every answer."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.values import Role
from app.github import errors
from app.github.client import GitHub
from app.github.installation import Installation
from app.github.limits import Limits
from tests.ghkit import Ghkit

pytestmark = pytest.mark.contract

REPO = "acme/widgets"
LABELS = ["bug", "out of scope", "UX/UI", "C#", "bug :bug:", "50%", "a?b=c&d", "ünï"]
PERMISSIONS = {"issues": "write", "contents": "read", "members": "read", "pull_requests": "write"}


@pytest.fixture
def app(ghkit: Ghkit) -> dict[str, Any]:
    ghkit("org", login="acme", members={"boss": "admin", "mel": "member"})
    ghkit("team", org="acme", name="Helpers", members=["mel"])
    ghkit(
        "repo", full=REPO, labels=LABELS, milestones=["v1"], roles={"tom": "triage", "wendy": "write", "mia": "maintain"},
        files={".github/rounds.yml": "version: 1\n"},
    )  # fmt: skip
    made = ghkit(
        "app", slug="rounds", permissions=PERMISSIONS, events=["issues", "issue_comment"],
        webhook_url="http://127.0.0.1:9/", webhook_secret="s" * 32,
    )  # fmt: skip
    return made | {"installation": ghkit("install", app="rounds", account="acme")["id"]}


@pytest.fixture
async def github(ghkit: Ghkit, app: dict[str, Any]) -> AsyncIterator[GitHub]:
    key = app["private_key"]
    github = GitHub(api_url=ghkit.url, app_id=app["client_id"], private_key=key, limits=Limits.unlimited())
    yield github
    await github.aclose()


@pytest.fixture
def acme(github: GitHub, app: dict[str, Any]) -> Installation:
    return github.installation(app["installation"])


@pytest.fixture
def number(ghkit: Ghkit, app: dict[str, Any]) -> int:
    return ghkit("issue", repo=REPO, by="bob", title="It broke")["number"]


async def test_the_app(github: GitHub, app: dict[str, Any]) -> None:
    me = await github.app()
    assert (me.id, me.client_id, me.bot_login, me.permissions["issues"]) == (
        app["id"], app["client_id"], "rounds[bot]", "write",
    )  # fmt: skip
    found = [(i.id, i.account, i.organization, i.suspended) for i in await github.installations()]
    assert found == [(app["installation"], "acme", True, False)]


async def test_an_app_id_serves_as_well_as_a_client_id(ghkit: Ghkit, app: dict[str, Any]) -> None:
    github = GitHub(api_url=ghkit.url, app_id=str(app["id"]), private_key=app["private_key"])
    assert (await github.app()).slug == "rounds"
    await github.aclose()


async def test_reading(acme: Installation, number: int) -> None:
    assert [repository.full_name async for repository in acme.repositories()] == [REPO]
    assert (await acme.repository(REPO)).value().owner_is_organization
    assert {label.name for label in await acme.labels(REPO)} == set(LABELS)
    assert [milestone.title for milestone in await acme.milestones(REPO)] == ["v1"]
    assert (await acme.issue(REPO, number)).title == "It broke"
    people = {
        "boss": Role.ADMIN,
        "mia": Role.MAINTAIN,
        "wendy": Role.WRITE,
        "tom": Role.TRIAGE,
        "nobody-here": Role.NONE,
    }
    assert {login: await acme.role(REPO, login) for login in people} == people
    assert await acme.role(REPO, "bob") <= Role.READ
    assert (await acme.team_member("acme", "helpers", "mel"), await acme.team_member("acme", "helpers", "tom")) == (
        True,
        False,
    )
    found = await acme.file(REPO, ".github/rounds.yml")
    assert found is not None
    assert found.text == "version: 1\n"
    assert (await acme.file(REPO, "nope.yml"), await acme.file(REPO, ".github")) == (None, None)


async def test_labels_of_all_kinds(ghkit: Ghkit, acme: Installation, number: int) -> None:
    assert set(await acme.add_labels(REPO, number, LABELS)) == set(LABELS)
    for name in LABELS[1:]:
        await acme.remove_label(REPO, number, name)
        await acme.remove_label(REPO, number, name)
    assert ghkit("state", repo=REPO, number=number)["labels"] == ["bug"]


async def test_writing(ghkit: Ghkit, acme: Installation, number: int) -> None:
    milestone = (await acme.milestones(REPO))[0].number
    updated = await acme.update_issue(REPO, number, milestone=milestone)
    assert updated.milestone is not None
    assert (await acme.update_issue(REPO, number, milestone=None)).milestone is None
    assert [user.login for user in (await acme.add_assignees(REPO, number, ["wendy", "bob"])).assignees] == ["wendy"]
    assert (await acme.remove_assignees(REPO, number, ["wendy"])).assignees == []
    comment = await acme.create_comment(REPO, number, "Hello")
    await acme.edit_comment(REPO, comment, "Hello again")
    for _ in range(2):
        await acme.react(REPO, "+1", comment_id=comment)
        await acme.react(REPO, "eyes", number=number)
    listed = await acme.comments(REPO, number, since=datetime.now(UTC) - timedelta(hours=1))
    assert [(found.id, found.body, found.user_login) for found in listed] == [(comment, "Hello again", "rounds[bot]")]
    assert listed[0].app_id is not None
    other = await acme.issue(REPO, ghkit("issue", repo=REPO, by="bob", title="The same")["number"])
    closed = await acme.update_issue(
        REPO, number, state="closed", state_reason="duplicate", duplicate_issue_id=other.id
    )
    assert (closed.state, closed.state_reason) == ("closed", "duplicate")
    assert (await acme.update_issue(REPO, number, state="open")).state == "open"


async def test_pages_of_issues_and_where_to_go_on(ghkit: Ghkit, acme: Installation) -> None:
    ghkit("bulk_issues", repo=REPO, count=250)
    pages = [page async for page in acme.issues(REPO)]
    assert [len(page.items) for page in pages] == [100, 100, 50]
    rest = [page async for page in acme.issues(REPO, cursor=pages[0].next)]
    assert [page.items for page in rest] == [page.items for page in pages[1:]]


async def test_unchanged_answers_cost_nothing(acme: Installation, github: GitHub) -> None:
    statuses: list[int] = []
    github.on_call = lambda route, status, seconds: statuses.append(status)
    assert await acme.labels(REPO) == await acme.labels(REPO)
    assert statuses[-2:] == [200, 304]


async def test_deliveries(ghkit: Ghkit, github: GitHub, number: int) -> None:
    ghkit("idle", timeout=5)
    rows = [row async for row in github.deliveries(datetime.now(UTC) - timedelta(hours=1))]
    opened = next(row for row in rows if (row.event, row.action) == ("issues", "opened"))
    assert not opened.ok
    found = await github.delivery(opened.id)
    assert found.headers["x-github-delivery"] == opened.guid
    assert f'"number":{number}'.encode() in found.payload


async def test_graphql(acme: Installation) -> None:
    query = "query($owner: String!, $name: String!) { repository(owner: $owner, name: $name) { name } }"
    assert await acme.graphql(query, owner="acme", name="widgets") == {"repository": {"name": "widgets"}}
    with pytest.raises(errors.NotFound):
        await acme.graphql(query, owner="acme", name="nope")


async def test_renamed_is_followed_and_transferred_is_not(ghkit: Ghkit, acme: Installation, number: int) -> None:
    ghkit("repo", full="acme/other")
    ghkit("rename_repo", full=REPO, name="gadgets", by="boss")
    assert await acme.add_labels(REPO, number, ["bug"]) == ("bug",)
    assert (await acme.repository(REPO)).full_name == "acme/gadgets"
    ghkit("act", what="transfer", repo="acme/gadgets", number=number, by="boss", to="acme/other")
    for call in (acme.issue("acme/gadgets", number), acme.add_labels("acme/gadgets", number, ["bug"])):
        with pytest.raises(errors.Moved):
            await call


async def test_deleted(ghkit: Ghkit, acme: Installation, number: int) -> None:
    ghkit("act", what="delete", repo=REPO, number=number, by="boss")
    with pytest.raises(errors.Gone):
        await acme.create_comment(REPO, number, "Hello")


async def test_a_token_that_expired_early_and_the_end_of_an_installation(
    ghkit: Ghkit, acme: Installation, app: dict[str, Any]
) -> None:
    ghkit.allow.add("auth")  # the kit notes each 401
    await acme.labels(REPO)
    ghkit("expire_tokens")
    await acme.labels(REPO)
    ghkit("suspend", installation=app["installation"])
    with pytest.raises(errors.Suspended):
        await acme.labels(REPO)
    ghkit("suspend", installation=app["installation"], on=False)
    await acme.labels(REPO)
    ghkit("uninstall", installation=app["installation"])
    with pytest.raises(errors.Uninstalled):
        await acme.labels(REPO)


@pytest.mark.parametrize("kind", ["rate_limit", "secondary"])
async def test_limits(ghkit: Ghkit, acme: Installation, number: int, kind: str) -> None:
    await acme.labels(REPO)
    ghkit("fault", kind=kind, times=1, reset_in=30, retry_after=30, path="/labels")
    with pytest.raises(errors.RateLimited) as caught:
        await acme.add_labels(REPO, number, ["bug"])
    assert caught.value.retry_after == pytest.approx(30, abs=3)


async def comment(installation: Installation, number: int, times: int) -> None:
    for count in range(times):
        await installation.create_comment(REPO, number, f"{count}")


async def test_the_pace_keeps_below_the_limits(
    ghkit: Ghkit, acme: Installation, app: dict[str, Any], number: int
) -> None:
    moved = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal moved
        moved += seconds
        ghkit("advance", seconds=seconds)

    github = GitHub(
        api_url=ghkit.url,
        app_id=app["client_id"],
        private_key=app["private_key"],
        limits=replace(Limits.github(), patience=3600),
        clock=lambda: time.time() + moved,
        sleep=sleep,
    )
    await comment(github.installation(app["installation"]), number, 150)
    await github.aclose()
    assert moved > 120
    with pytest.raises(errors.RateLimited):  # as it goes without
        await comment(acme, number, 100)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "status", "status": 502}, errors.ServerTrouble),
        ({"kind": "garbage"}, errors.ServerTrouble),
        ({"kind": "truncate"}, errors.Unreachable),
        ({"kind": "reset"}, errors.Unreachable),
    ],
)
async def test_an_answer_lost_after_the_effect(
    ghkit: Ghkit, acme: Installation, number: int, fault: dict[str, Any], kind: type[Exception]
) -> None:
    await acme.labels(REPO)
    ghkit("fault", times=1, effect=True, path="/comments", **fault)
    with pytest.raises(kind) as caught:
        await acme.create_comment(REPO, number, "Hello")
    assert caught.value.maybe_done
    assert [comment.body for comment in await acme.comments(REPO, number)] == ["Hello"]
