"""What goes to GitHub for locks, pins and transfers, and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.values import Ref
from app.errors import Permanent
from app.github import errors
from app.github.client import GitHub
from app.github.conversation import Pins
from app.github.installation import Installation
from app.github.names import BadName
from tests.github.fake import Fake, answer, problem

REPO = "acme/widgets"


@pytest.fixture
def acme(github: GitHub) -> Installation:
    return github.installation(7)


def sent(fake: Fake) -> Any:
    return json.loads(fake.last.content)


async def test_whether_there_is_an_account(acme: Installation, fake: Fake) -> None:
    fake.instead.extend([answer({"id": 1, "login": "mona"}), problem(404, "Not Found")])
    assert await acme.knows("mona")
    assert not await acme.knows("nobody")
    assert fake.paths() == ["GET /users/mona", "GET /users/nobody"]
    with pytest.raises(BadName):
        await acme.knows("../orgs/acme")


@pytest.mark.parametrize(("reason", "body"), [("too heated", b'{"lock_reason":"too heated"}'), (None, b"")])
async def test_a_lock_is_sent_with_its_reason(acme: Installation, fake: Fake, reason: Any, body: bytes) -> None:
    fake.instead.append(answer({}, 204))
    await acme.lock(REPO, 5, reason)
    assert fake.paths() == ["PUT /repos/acme/widgets/issues/5/lock"]
    assert fake.last.content.replace(b": ", b":") == body


async def test_an_issue_is_unlocked(acme: Installation, fake: Fake) -> None:
    fake.instead.append(answer({}, 204))
    await acme.unlock(REPO, 5)
    assert fake.paths() == ["DELETE /repos/acme/widgets/issues/5/lock"]


async def test_what_is_pinned(acme: Installation, fake: Fake) -> None:
    nodes = [{"issue": {"number": 3}}, {"issue": {"number": 5}}]
    about = {"issue": {"id": "I_5", "isPinned": True}, "pinnedIssues": {"nodes": nodes}}
    fake.instead.append(answer({"data": {"repository": about}}))
    assert await acme.pins(REPO, 5) == Pins("I_5", pinned=True, all=(3, 5))
    assert sent(fake)["variables"] == {"owner": "acme", "name": "widgets", "number": 5}


@pytest.mark.parametrize(
    "data",
    [
        {"data": {"repository": None}},
        {"data": {"repository": {"issue": None, "pinnedIssues": {"nodes": []}}}},
        {"data": None, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve to an Issue"}]},
    ],
)
async def test_a_pull_request_or_nothing_has_no_pin(acme: Installation, fake: Fake, data: object) -> None:
    fake.instead.append(answer(data))
    with pytest.raises(errors.NotFound):
        await acme.pins(REPO, 5)


async def test_pin_and_unpin_say_how_it_stands(acme: Installation, fake: Fake) -> None:
    fake.instead.append(answer({"data": {"pinIssue": {"issue": {"isPinned": True}}}}))
    assert await acme.pin("I_5") is True
    assert sent(fake)["variables"] == {"issue": "I_5"}
    fake.instead.append(answer({"data": {"unpinIssue": {"issue": {"isPinned": False}}}}))
    assert await acme.unpin("I_5") is False
    fake.instead.append(answer({"data": {"pinIssue": None}}))
    assert await acme.pin("I_5") is False


async def test_a_transfer_says_where_the_issue_went(acme: Installation, fake: Fake) -> None:
    moved = {"number": 9, "repository": {"nameWithOwner": "acme/gadgets"}}
    fake.instead.append(answer({"data": {"transferIssue": {"issue": moved}}}))
    assert await acme.transfer("I_5", "R_2") == Ref("acme/gadgets", 9)
    assert sent(fake)["variables"] == {"issue": "I_5", "repository": "R_2"}
    fake.instead.append(answer({"data": {"transferIssue": {"issue": None}}}))
    with pytest.raises(Permanent, match="does not say where"):
        await acme.transfer("I_5", "R_2")


async def test_values_are_never_part_of_a_query(acme: Installation, fake: Fake) -> None:
    nasty = 'x"}) { id } } #'
    fake.instead.append(answer({"data": {"pinIssue": {"issue": {"isPinned": True}}}}))
    await acme.pin(nasty)
    assert nasty not in sent(fake)["query"]
    with pytest.raises(BadName):
        await acme.pins('acme/x"})', 5)


async def test_refusals_are_raised(acme: Installation, fake: Fake) -> None:
    fake.instead.append(problem(403, "Resource not accessible by integration"))
    with pytest.raises(errors.Forbidden):
        await acme.lock(REPO, 5, None)
    fake.instead.append(answer({"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible"}]}))
    with pytest.raises(errors.Forbidden):
        await acme.transfer("I_5", "R_2")
