"""What goes to GitHub and what comes back, method by method."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.core.values import Role
from app.errors import Permanent
from app.github import errors
from app.github.answers import FileContent
from app.github.client import GitHub
from app.github.installation import Installation
from tests.github.fake import API, Fake, answer, problem

REPO = "acme/widgets"
AT = "2026-11-20T12:00:00Z"
ISSUE = {"id": 9, "number": 5, "title": "It broke", "created_at": AT, "updated_at": AT}
COMMENT = {"id": 3, "body": None, "created_at": AT, "updated_at": AT, "user": None}


@pytest.fixture
def acme(github: GitHub) -> Installation:
    return github.installation(7)


def sent(fake: Fake) -> object:
    return json.loads(fake.last.content)


@pytest.mark.parametrize(
    ("permission", "role_name", "role"),
    [
        ("admin", "admin", Role.ADMIN),
        ("write", "maintain", Role.MAINTAIN),
        ("write", "write", Role.WRITE),
        ("read", "triage", Role.TRIAGE),
        ("read", "read", Role.READ),
        ("none", "none", Role.NONE),
        ("none", "", Role.NONE),
        ("write", None, Role.WRITE),
        ("write", "Release captain", Role.WRITE),
        ("read", "Security reviewer", Role.READ),
        ("bogus", "bogus", Role.NONE),
    ],
)
async def test_roles(acme: Installation, fake: Fake, permission: str, role_name: str | None, role: Role) -> None:
    fake.instead.append(answer({"permission": permission, "role_name": role_name, "user": {"id": 1, "login": "alice"}}))
    assert await acme.role(REPO, "alice") is role
    assert fake.paths() == ["GET /repos/acme/widgets/collaborators/alice/permission"]


async def test_who_is_not_there_has_no_role(acme: Installation, fake: Fake) -> None:
    admin = {"permission": "admin", "role_name": "admin"}
    fake.instead.extend([problem(404, "alice is not a user"), answer(admin | {"user": None})])
    assert await acme.role(REPO, "alice") is Role.NONE
    assert await acme.role(REPO, "alice") is Role.NONE
    fake.instead.append(answer(admin | {"user": {"id": 2, "login": "alice"}}))
    assert await acme.role(REPO, "alice", user_id=1) is Role.NONE  # registered again by somebody else


@pytest.mark.parametrize("trouble", [problem(403, "no"), problem(500, "x"), answer([])])
async def test_a_role_is_never_guessed(acme: Installation, fake: Fake, trouble: object) -> None:
    fake.instead.append(trouble)
    with pytest.raises((errors.Forbidden, errors.ServerTrouble, Permanent)):
        await acme.role(REPO, "alice")


async def test_an_apps_login_is_encoded(acme: Installation, fake: Fake) -> None:
    await acme.role(REPO, "dependabot[bot]")
    assert fake.paths() == ["GET /repos/acme/widgets/collaborators/dependabot%5Bbot%5D/permission"]


async def test_no_label_is_never_sent(acme: Installation, fake: Fake) -> None:
    with pytest.raises(ValueError, match="no label"):
        await acme.add_labels(REPO, 5, [])
    assert fake.seen == []


async def test_labels_come_back_as_they_are_afterwards(acme: Installation, fake: Fake) -> None:
    fake.labels[7] = ["docs"]
    assert await acme.add_labels(REPO, 5, ("bug", "UX/UI")) == ("docs", "bug", "UX/UI")
    await acme.remove_label(REPO, 5, "UX/UI")
    await acme.remove_label(REPO, 5, "UX/UI")  # 404: gone already
    assert fake.labels[7] == ["docs", "bug"]


@pytest.mark.parametrize(
    "label", ["\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER} frontend", "a\N{NO-BREAK SPACE}b", "C#"]
)
async def test_a_label_of_any_signs_can_be_removed(acme: Installation, fake: Fake, label: str) -> None:
    fake.labels[7] = ["docs", label]
    await acme.remove_label(REPO, 5, label)
    assert fake.labels[7] == ["docs"]


async def test_lists_follow_the_link_header(acme: Installation, fake: Fake) -> None:
    link = f'<{API}/repositories/1/labels?per_page=100&after=Y3%3D>; rel="next", <{API}/x>; rel="last"'
    fake.instead.extend([answer([{"id": 1, "name": "a"}], link=link), answer([{"id": 2, "name": "b"}])])
    assert [label.name for label in await acme.labels(REPO)] == ["a", "b"]
    assert fake.paths() == [
        "GET /repos/acme/widgets/labels?per_page=100",
        "GET /repositories/1/labels?per_page=100&after=Y3%3D",
    ]


async def test_a_list_that_names_itself_as_next_ends(acme: Installation, fake: Fake) -> None:
    link = f'<{API}/x?page=2>; rel="next"'
    fake.instead.extend(answer([], link=link) for _ in range(3))
    await acme.labels(REPO)
    assert len(fake.paths()) == 2


async def test_milestones_open_and_closed(acme: Installation, fake: Fake) -> None:
    fake.instead.append(answer([{"id": 1, "number": 2, "title": "v1", "state": "closed", "due_on": AT}]))
    found = await acme.milestones(REPO)
    assert (found[0].title, found[0].open, found[0].due_on) == ("v1", False, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert fake.paths() == ["GET /repos/acme/widgets/milestones?state=all&per_page=100"]


async def test_issues_can_be_taken_up_where_they_were_left(acme: Installation, fake: Fake) -> None:
    link = f'<{API}/repositories/1/issues?after=2>; rel="next"'
    fake.instead.extend([answer([ISSUE], link=link), answer([ISSUE | {"number": 6}])])
    since = datetime(2026, 11, 20, 13, tzinfo=timezone(timedelta(hours=1)))
    pages = acme.issues(REPO, since=since)
    first = await anext(pages)
    assert ([issue.number for issue in first.items], first.next) == ([5], "/repositories/1/issues?after=2")
    rest = [page async for page in acme.issues(REPO, cursor=first.next)]
    assert [(page.items[0].number, page.next) for page in rest] == [(6, None)]
    query = "state=all&sort=created&direction=asc&since=2026-11-20T12%3A00%3A00Z&per_page=100"
    assert fake.paths() == [f"GET /repos/acme/widgets/issues?{query}", "GET /repositories/1/issues?after=2"]


@pytest.mark.parametrize(("status", "kind"), [(404, errors.NotFound), (410, errors.Gone)])
async def test_issues_that_are_not_there(acme: Installation, fake: Fake, status: int, kind: type[Exception]) -> None:
    fake.instead.append(problem(status, "no"))
    with pytest.raises(kind):
        await acme.issue(REPO, 5)


async def test_an_update_sends_only_what_was_asked(acme: Installation, fake: Fake) -> None:
    fake.instead.extend(answer(ISSUE | {"state": "closed"}) for _ in range(3))
    assert (await acme.update_issue(REPO, 5, milestone=None)).state == "closed"
    assert sent(fake) == {"milestone": None}
    await acme.update_issue(REPO, 5, state="closed", state_reason="duplicate", duplicate_issue_id=77)
    assert sent(fake) == {"state": "closed", "state_reason": "duplicate", "duplicate_issue_id": 77}
    await acme.update_issue(REPO, 5, title="Better", body="")
    assert sent(fake) == {"title": "Better", "body": ""}
    with pytest.raises(ValueError, match="nothing to update"):
        await acme.update_issue(REPO, 5)


async def test_assignees(acme: Installation, fake: Fake) -> None:
    fake.instead.extend([answer(ISSUE | {"assignees": [{"id": 1, "login": "alice"}]}), answer(ISSUE)])
    assert [user.login for user in (await acme.add_assignees(REPO, 5, ["alice", "bob"])).assignees] == ["alice"]
    assert sent(fake) == {"assignees": ["alice", "bob"]}
    assert (await acme.remove_assignees(REPO, 5, ["alice"])).assignees == []
    assert fake.paths()[1] == "DELETE /repos/acme/widgets/issues/5/assignees"
    for logins in ([], ["x"] * 11):
        with pytest.raises(ValueError, match="1 to 10 assignees"):
            await acme.add_assignees(REPO, 5, logins)


async def test_comments(acme: Installation, fake: Fake) -> None:
    own = {"body": "<!-- rounds: -->", "user": {"id": 1, "login": "rounds[bot]"}, "performed_via_github_app": {"id": 9}}
    fake.instead.extend([answer(COMMENT, 201), answer(COMMENT), answer([COMMENT, COMMENT | own])])
    assert await acme.create_comment(REPO, 5, "Hello") == 3
    await acme.edit_comment(REPO, 3, "Hello again")
    assert sent(fake) == {"body": "Hello again"}
    ghost, mine = await acme.comments(REPO, 5, since=datetime(2026, 11, 20, tzinfo=UTC))
    assert (ghost.body, ghost.app_id, ghost.user_login) == ("", None, "ghost")
    assert (mine.body, mine.app_id, mine.user_login) == ("<!-- rounds: -->", 9, "rounds[bot]")
    assert fake.paths()[2] == "GET /repos/acme/widgets/issues/5/comments?since=2026-11-20T00%3A00%3A00Z&per_page=100"


@pytest.mark.parametrize("status", [200, 201])
async def test_reactions(acme: Installation, fake: Fake, status: int) -> None:
    fake.instead.extend(answer({"id": 1}, status) for _ in range(2))
    await acme.react(REPO, "+1", comment_id=3)
    await acme.react(REPO, "confused", number=5)
    assert fake.paths() == [
        "POST /repos/acme/widgets/issues/comments/3/reactions",
        "POST /repos/acme/widgets/issues/5/reactions",
    ]
    assert sent(fake) == {"content": "confused"}
    with pytest.raises(ValueError, match="react to what"):
        await acme.react(REPO, "+1")


def content(text: bytes, **changes: object) -> dict[str, object]:
    encoded = base64.encodebytes(text).decode()
    return {"type": "file", "sha": "abc", "size": len(text), "encoding": "base64", "content": encoded} | changes


async def test_a_file(acme: Installation, fake: Fake) -> None:
    fake.instead.append(answer(content("version: 1  # täglich\n".encode())))
    assert await acme.file(REPO, ".github/weekly #1.yml", ref="main") == FileContent("version: 1  # täglich\n", "abc")
    assert fake.paths() == ["GET /repos/acme/widgets/contents/.github/weekly%20%231.yml?ref=main"]


@pytest.mark.parametrize("there", [problem(404, "x"), answer([]), answer(content(b"x", type="symlink"))])
async def test_no_file(acme: Installation, fake: Fake, there: object) -> None:
    fake.instead.append(there)
    assert await acme.file(REPO, "rounds.yml") is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (content(b"x" * 262_145), "too large"),
        (content(b"", size=2_000_000, encoding="none"), "too large"),
        (content(b"\xff\xfe"), "not UTF-8"),
        (content(b"", content="?"), "not UTF-8"),
    ],
)
async def test_files_that_cannot_be_read(acme: Installation, fake: Fake, found: object, words: str) -> None:
    fake.instead.append(answer(found))
    with pytest.raises(Permanent, match=words):
        await acme.file(REPO, "rounds.yml")


@pytest.mark.parametrize(
    ("there", "member"),
    [(answer({"state": "active"}), True), (answer({"state": "pending"}), False), (problem(404, ""), False)],
)
async def test_team_members(acme: Installation, fake: Fake, there: object, member: bool) -> None:
    fake.instead.append(there)
    assert await acme.team_member("acme", "web team", "alice") is member
    assert fake.paths() == ["GET /orgs/acme/teams/web%20team/memberships/alice"]


async def test_repositories(acme: Installation, fake: Fake) -> None:
    page = {"total_count": 1, "repositories": [{"id": 1, "full_name": REPO, "owner": {"id": 2, "login": "acme"}}]}
    fake.instead.append(answer(page))
    assert [repository.full_name async for repository in acme.repositories()] == [REPO]


@pytest.mark.parametrize("repo", ["", "acme", "acme/..", "https://evil.test/x", "acme/widgets/../../x"])
async def test_what_is_no_repository_is_never_sent(acme: Installation, fake: Fake, repo: str) -> None:
    for call in (acme.labels(repo), acme.add_labels(repo, 5, ["bug"]), acme.file(repo, "x")):
        with pytest.raises(Permanent):
            await call
    assert fake.seen == []
