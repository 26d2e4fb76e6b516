"""What goes to GitHub for types, sub-issues and dependencies, and what comes back."""

from __future__ import annotations

import json

import pytest

from app.core.values import Linked, Ref
from app.errors import Permanent
from app.github import errors
from app.github.client import GitHub
from app.github.installation import Installation
from tests.github.fake import API, Fake, answer, problem

REPO = "acme/widgets"
AT = "2026-11-20T12:00:00Z"
ISSUE = {"id": 9, "number": 5, "title": "It broke", "created_at": AT, "updated_at": AT}
FIVE = Linked(Ref("acme/gadgets", 5), 9)
OTHER = ISSUE | {"repository_url": f"{API}/repos/acme/gadgets"}
TYPES = [{"name": "Bug", "is_enabled": True}, {"name": "Epic", "is_enabled": False}, {"name": "Task"}]


@pytest.fixture
def acme(github: GitHub) -> Installation:
    return github.installation(7)


def sent(fake: Fake) -> object:
    return json.loads(fake.last.content)


async def test_types_that_are_switched_off_cannot_be_set(acme: Installation, fake: Fake) -> None:
    fake.instead.append(answer(TYPES))
    assert await acme.issue_types(REPO) == ("Bug", "Task")
    assert fake.paths() == ["GET /repos/acme/widgets/issue-types"]


@pytest.mark.parametrize("trouble", [problem(404, "Not Found"), problem(501, "not here")])
async def test_a_server_without_that_route_is_asked_for_the_organizations(
    acme: Installation, fake: Fake, trouble: object
) -> None:
    fake.instead.extend([trouble, answer(TYPES)])
    assert await acme.issue_types(REPO) == ("Bug", "Task")
    assert fake.paths()[1] == "GET /orgs/acme/issue-types"


@pytest.mark.parametrize("refusal", [problem(404, "Not Found"), problem(403, "Resource not accessible by integration")])
async def test_no_types_are_no_fault(acme: Installation, fake: Fake, refusal: object) -> None:
    fake.instead.extend([problem(404, "Not Found"), refusal])
    assert await acme.issue_types(REPO) == ()


async def test_other_trouble_is_trouble(acme: Installation, fake: Fake) -> None:
    fake.instead.append(problem(502, "x"))
    with pytest.raises(errors.ServerTrouble):
        await acme.issue_types(REPO)


@pytest.mark.parametrize("name", ["Bug", None])
async def test_a_type_is_set_and_compared(acme: Installation, fake: Fake, name: str | None) -> None:
    fake.instead.append(answer(ISSUE | {"type": {"id": 1, "name": name} if name else None}))
    issue = (await acme.update_issue(REPO, 5, issue_type=name)).value(REPO)
    assert (sent(fake), issue.type) == ({"type": name}, name)


async def test_the_parent_or_none(acme: Installation, fake: Fake) -> None:
    fake.instead.extend([answer(OTHER), problem(404, "Not Found")])
    assert await acme.parent(REPO, 12) == FIVE
    assert await acme.parent(REPO, 12) is None
    assert fake.paths() == ["GET /repos/acme/widgets/issues/12/parent"] * 2


async def test_sub_issues_go_by_database_id(acme: Installation, fake: Fake) -> None:
    fake.instead.extend([answer(OTHER, 201), answer(OTHER), problem(404, "Not Found")])
    await acme.add_sub_issue(REPO, 5, 1234)
    assert sent(fake) == {"sub_issue_id": 1234, "replace_parent": True}
    await acme.remove_sub_issue(REPO, 5, 1234)
    assert sent(fake) == {"sub_issue_id": 1234}
    with pytest.raises(errors.NotFound):
        await acme.remove_sub_issue(REPO, 5, 1234)
    assert fake.paths()[:2] == [
        "POST /repos/acme/widgets/issues/5/sub_issues",
        "DELETE /repos/acme/widgets/issues/5/sub_issue",
    ]


async def test_dependencies_are_read_to_the_last_page(acme: Installation, fake: Fake) -> None:
    following = f'<{API}/repositories/1/issues/12/dependencies/blocked_by?per_page=100&page=2>; rel="next"'
    six = OTHER | {"id": 10, "number": 6}
    fake.instead.extend([answer([OTHER], link=following), answer([six]), answer([])])
    assert await acme.blocked_by(REPO, 12) == (FIVE, Linked(Ref("acme/gadgets", 6), 10))
    assert await acme.blocking(REPO, 12) == ()
    assert fake.paths()[::2] == [
        "GET /repos/acme/widgets/issues/12/dependencies/blocked_by?per_page=100",
        "GET /repos/acme/widgets/issues/12/dependencies/blocking?per_page=100",
    ]


async def test_dependencies_go_by_database_id(acme: Installation, fake: Fake) -> None:
    fake.instead.extend([answer(ISSUE, 201), answer(ISSUE), problem(404, "Not Found")])
    await acme.add_blocked_by(REPO, 12, 9)
    assert sent(fake) == {"issue_id": 9}
    await acme.remove_blocked_by(REPO, 12, 9)
    with pytest.raises(errors.NotFound):
        await acme.remove_blocked_by(REPO, 12, 9)
    assert fake.paths() == [
        "POST /repos/acme/widgets/issues/12/dependencies/blocked_by",
        *["DELETE /repos/acme/widgets/issues/12/dependencies/blocked_by/9"] * 2,
    ]


async def test_what_is_no_id_is_never_sent(acme: Installation, fake: Fake) -> None:
    for number in (0, -1):
        with pytest.raises(Permanent, match="positive number"):
            await acme.add_sub_issue(REPO, 5, number)
        with pytest.raises(Permanent, match="positive number"):
            await acme.add_blocked_by(REPO, 5, number)
    assert fake.seen == []


async def test_a_refusal_keeps_githubs_words(acme: Installation, fake: Fake) -> None:
    fake.instead.append(problem(422, "Sub issue would create a circular dependency"))
    with pytest.raises(errors.Invalid, match="circular"):
        await acme.add_sub_issue(REPO, 5, 9)


async def test_one_comment_may_be_gone(acme: Installation, fake: Fake) -> None:
    comment = {"id": 3, "body": "Related", "created_at": AT, "user": {"id": 1, "login": "rounds[bot]"}}
    fake.instead.extend([answer(comment), problem(404, "Not Found"), answer(None, 204), problem(404, "Not Found")])
    found = await acme.comment(REPO, 3)
    assert found is not None
    assert (found.body, found.user_login) == ("Related", "rounds[bot]")
    assert await acme.comment(REPO, 3) is None
    await acme.delete_comment(REPO, 3)
    await acme.delete_comment(REPO, 3)
    assert fake.paths() == [
        f"{method} /repos/acme/widgets/issues/comments/3" for method in ("GET",) * 2 + ("DELETE",) * 2
    ]
