"""Mentions, titles, locks, pins and transfers: written once, compared with the intent, and answered while one still can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core import actions as a
from app.core.values import Label, Ref, Role
from app.engine.perform import perform
from app.engine.services import Services
from app.github.errors import Forbidden, Moved, ServerTrouble
from app.store import mirror
from tests.engine.fakes import FakeRepository, an_issue, filled, widgets
from tests.engine.letters import commented
from tests.engine.talks import TalkingGitHub
from tests.engine.test_handle import Office

HOME, GADGETS = Ref("acme/widgets", 12), "acme/gadgets"
WES = {"id": 5, "login": "wes", "type": "User"}
GONE_THERE = Moved("GET issue", 301, "https://api.github.com/repositories/78/issues/1")


@pytest.fixture
def github() -> TalkingGitHub:
    """Wes writes in both repositories, tim triages in one."""
    here = widgets(issues={12: an_issue(12), 13: an_issue(13)}, roles={"tim": Role.TRIAGE, "wes": Role.WRITE})
    there = FakeRepository(78, GADGETS, labels=[Label(8, "bug")], roles={"wes": Role.WRITE})
    return TalkingGitHub(here, there)


@pytest.fixture
async def office(database, github) -> Office:
    made = Office(database, github)
    await filled(made.services)
    return made


def bodies(github: TalkingGitHub) -> list[str]:
    return [comment.body for comment in github.repositories["acme/widgets"].comments.values()]


async def in_mirror(known: Services) -> Any:
    return await known.database.read(lambda conn: mirror.issue(conn, 77, 12))


async def says(office: Office, text: str, sender: dict[str, Any] = WES, **about: Any) -> str:
    """A comment is handled; what came of it."""
    (seq,) = await office.arrive(("issue_comment", commented(text, sender=sender, **about)))
    await office.run(seq)
    return (await office.row(seq)).reason


@pytest.mark.parametrize(
    ("action", "result"),
    [
        (a.Retitle(HOME, "It works"), {"after": "It works"}),
        (a.Lock(HOME, "spam"), {"after": True}),
        (a.Unlock(HOME), {"after": False}),
        (a.Pin(HOME), {"after": True}),
        (a.Unpin(HOME), {"after": False}),
        (a.Transfer(HOME, GADGETS, 78), {"after": "acme/gadgets#1"}),
        (a.Mention(HOME, ("mia",), "tim", "1.cc"), {"after": 9000}),
    ],
    ids=lambda given: type(given).__name__,
)
async def test_every_action_answers_what_came_of_it(known, writing, action, result):
    assert await perform(known, writing, action) == result


async def test_the_mirror_follows_at_once(known, writing, github):
    await perform(known, writing, a.Retitle(HOME, "It works"))
    await perform(known, writing, a.Lock(HOME, "too heated"))
    assert ((await in_mirror(known)).title, (await in_mirror(known)).locked) == ("It works", True)
    assert github.reasons == {("acme/widgets", 12): "too heated"}
    await perform(known, writing, a.Unlock(HOME))
    assert not (await in_mirror(known)).locked


async def test_people_are_mentioned_and_who_asked_is_not(known, writing, github):
    await perform(known, writing, a.Mention(HOME, ("mia", "wes"), "tim@x", "1.cc"))
    (body,) = bodies(github)
    assert body.startswith("cc @mia, @wes\n\n(asked for by tim@\u200bx)")
    assert body.endswith("<!-- rounds: guid-1 1.cc -->")


async def test_and_once_though_the_answer_was_lost(known, writing, github):
    mention = a.Mention(HOME, ("mia",), "tim", "1.cc")
    first = await perform(known, writing, mention)
    assert await perform(known, replace(writing, repeated=True), mention) == first
    assert len(bodies(github)) == 1


async def test_what_github_dropped_in_silence_is_refused(known, writing, github):
    github.deaf = True
    assert "left the lock as it was" in (await perform(known, writing, a.Lock(HOME)))["refused"]
    assert "left the pin as it was" in (await perform(known, writing, a.Pin(HOME)))["refused"]


async def test_what_is_pinned_is_not_pinned_again(known, writing, github):
    github.pinned["acme/widgets"] = [12]
    assert await perform(known, writing, a.Pin(HOME)) == {"after": True}
    assert github.asked("pin") == 0
    github.pinned["acme/widgets"] = []
    assert await perform(known, writing, a.Unpin(HOME)) == {"after": False}
    assert github.asked("unpin") == 0


async def test_a_fourth_pin_names_the_three_that_stand(known, writing, github):
    github.pinned["acme/widgets"] = [1, 2, 13]
    result = await perform(known, writing, a.Pin(HOME))
    assert result == {"refused": "GitHub pins 3 issues at most, and #1, #2, #13 are: unpin one of them first."}


async def test_a_transfer_is_done_once_though_its_answer_was_lost(known, writing, github):
    github.faults["transfer"] = [ServerTrouble("502", status=502, maybe_done=True)]
    assert (await perform(known, writing, a.Transfer(HOME, GADGETS, 78)))["reason"] == "502"
    again = await perform(known, replace(writing, repeated=True), a.Transfer(HOME, GADGETS, 78))
    assert again == {"after": GONE_THERE.location}
    assert len(github.repositories[GADGETS].issues) == 1


async def test_an_issue_that_went_elsewhere_meanwhile_is_not_ours_to_move(known, writing, github):
    github.repositories["acme/widgets"].gone[12] = Moved(
        "GET issue", 301, "https://api.github.com/repositories/7/issues/1"
    )
    assert "moved to another repository" in (await perform(known, writing, a.Transfer(HOME, GADGETS, 78)))["refused"]


@pytest.mark.parametrize(("id_", "words"), [(78, "has issues switched off"), (79, "is another repository by now")])
async def test_where_it_can_not_go(known, writing, github, id_, words):
    github.without_issues.add(GADGETS)
    assert words in (await perform(known, writing, a.Transfer(HOME, GADGETS, id_)))["refused"]
    assert github.asked("transfer") == 0


# -- a whole delivery ------------------------------------------------------------------------------------------


async def test_the_answer_comes_before_the_lock(office, github):
    assert await says(office, "/lock\n/label bug\n/label nothing of the kind") == (
        "lock: done · label: done · label: misunderstood"
    )
    repository = github.repositories["acme/widgets"]
    assert (repository.issues[12].locked, [label.name for label in repository.issues[12].labels]) == (True, ["bug"])
    assert repository.reactions == [("confused", 500, None)]
    assert "1 of 3 was not done" in bodies(github)[0]
    assert [effect[2] for effect in await office.effects()] == ["AddLabels", "Lock"]


async def test_a_lock_that_github_refuses_is_told_afterwards(office, github):
    github.faults["lock"] = [Forbidden("PUT lock", 403, "No.")]
    assert await says(office, "/lock") == "lock: failed"
    assert [content for content, *_ in github.repositories["acme/widgets"].reactions] == ["+1", "confused"]
    assert "GitHub refused PUT lock" in bodies(github)[0]


async def test_so_does_the_answer_before_a_transfer(office, github):
    assert await says(office, "/transfer gadgets\n/label bug") == "transfer: done · label: done"
    moved = github.repositories[GADGETS].issues[1]
    assert [label.name for label in moved.labels] == ["bug"]
    assert github.repositories["acme/widgets"].reactions == [("+1", 500, None)]


async def test_another_issue_is_locked_and_unlocked_from_here(office, github):
    assert await says(office, "#13 /lock spam") == "lock: done"
    assert github.repositories["acme/widgets"].issues[13].locked
    assert await says(office, "#13 /lock") == "lock: already"
    assert await says(office, "#13 /unlock\n#13 /label bug") == "unlock: done · label: done"
    assert not github.repositories["acme/widgets"].issues[13].locked


@pytest.mark.parametrize("text", ["/label bug", "/lock", "/help", "/unlock now", "#13 /unlock", "#13 /label bug"])
async def test_in_a_locked_issue_nothing_is_done_and_nothing_said(office, github, text):
    await says(office, "/lock")
    github.calls.clear()
    assert await says(office, text) == "the issue is locked, archived or gone"
    assert {called for called, _ in github.calls} <= {"role", "labels", "milestones", "issue"}


async def test_but_unlock_is_heard_there_and_what_follows_it(office, github):
    await says(office, "/lock")
    github.repositories["acme/widgets"].reactions.clear()
    assert await says(office, "/label bug\n/unlock\n/label bug") == "label: foreign · unlock: done · label: done"
    repository = github.repositories["acme/widgets"]
    assert (repository.issues[12].locked, [label.name for label in repository.issues[12].labels]) == (False, ["bug"])
    assert repository.reactions == [("+1", 500, None)]


async def test_and_not_of_those_who_may_not(office, github):
    await says(office, "/lock")
    tim = {"id": 4, "login": "tim", "type": "User"}
    assert await says(office, "/unlock", sender=tim) == "the issue is locked, archived or gone"
    assert github.repositories["acme/widgets"].issues[12].locked


async def test_who_is_mentioned_was_asked_for_and_one_comment_is_enough(office, github):
    github.repositories["acme/widgets"].roles["gone"] = Role.NONE
    assert await says(office, "/cc @mia\n/cc @wes, @mia\n#13 /cc @mia") == "cc: done · cc: done · cc: done"
    assert [body.splitlines()[0] for body in bodies(github)] == ["cc @mia, @wes", "cc @mia"]
    assert await says(office, "/cc @mia, @gone") == "cc: misunderstood"
    assert "`gone` can't read" in bodies(github)[-1]


@pytest.mark.parametrize(("private", "ending"), [(False, "cc: done"), (True, "cc: misunderstood")])
async def test_whom_github_calls_none_reads_what_is_public_all_the_same(database, github, private, ending):
    github.repositories["acme/widgets"].private = private
    github.repositories["acme/widgets"].roles["reporter"] = Role.NONE
    github.accounts.add("reporter")
    office = Office(database, github)
    await filled(office.services)
    assert await says(office, "/cc @reporter") == ending


async def test_a_stranger_makes_us_neither_mention_nor_ask(office, github):
    sam = {"id": 3, "login": "sam", "type": "User"}
    assert await says(office, "/cc @mia, @wes, @tim", sender=sam) == "cc: refused"
    assert github.asked("role") == 1
    assert not any("@mia" in body for body in bodies(github))


@pytest.mark.parametrize(
    ("text", "ending"),
    [("/pin", "pin: done"), ("/pin\n/pin", "pin: done · pin: already"), ("/unpin", "unpin: already")],
)
async def test_pins(office, github, text, ending):
    assert await says(office, text) == ending


async def test_a_repository_is_moved_into_by_those_who_write_there(office, github):
    github.repositories[GADGETS].roles["wes"] = Role.TRIAGE
    assert await says(office, "/transfer gadgets") == "transfer: refused"
    assert await says(office, "/transfer nothing") == "transfer: misunderstood"
    assert github.repositories[GADGETS].issues == {}


async def test_a_private_one_is_as_good_as_missing_for_those_who_can_not_read_it(database, github):
    github.repositories[GADGETS].private = True
    github.repositories[GADGETS].roles["wes"] = Role.NONE
    office = Office(database, github)
    await filled(office.services)
    await says(office, "/transfer gadgets")
    await says(office, "/transfer nothing", comment=commented("/transfer nothing")["comment"] | {"id": 501})
    there, missing = (body.splitlines()[2] for body in bodies(github))
    assert there.replace("gadgets", "nothing") == missing
