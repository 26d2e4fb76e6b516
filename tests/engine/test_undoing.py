"""What `/undo` finds in the audit: whose command, which one, and what became of it since."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from app.core.values import Label, Role
from app.store import mirror
from app.store.database import Database
from tests.engine.fakes import FakeGitHub, FakeRepository, an_issue, filled, widgets
from tests.engine.letters import comment, commented, issue
from tests.engine.test_handle import TIM, Office

MIA = {"id": 6, "login": "mia", "type": "User"}
LINK = "https://github.com/acme/widgets/issues/12#issuecomment-{}"
_ids = itertools.count(600)


@pytest.fixture
async def office(database: Database) -> Office:
    labels = [Label(1, "bug"), Label(2, "out of scope"), Label(3, "C#")]
    gadgets = FakeRepository(
        78, "acme/gadgets", issues={7: an_issue(7)}, labels=[Label(8, "bug")], roles={"tim": Role.TRIAGE}
    )
    here = widgets(
        labels=labels, issues={12: an_issue(12), 13: an_issue(13)}, roles={"tim": Role.TRIAGE, "mia": Role.TRIAGE}
    )
    made = Office(database, FakeGitHub(here, gadgets))
    await filled(made.services)
    return made


async def says(office: Office, text: str, who: dict[str, Any] = TIM, number: int = 12) -> int:
    """The id of the comment, once Rounds is done with it."""
    id_ = next(_ids)
    body = commented(number=number, comment=comment(text, id=id_, user=who), sender=who, issue=issue(number))
    (seq,) = await office.arrive(("issue_comment", body))
    assert await office.run(seq) == "done"
    return id_


def labels(office: Office, number: int = 12, name: str = "acme/widgets") -> list[str]:
    return sorted(label.name for label in office.github.repositories[name].issues[number].labels)


def last_reply(office: Office) -> str:
    replies = list(office.github.repositories["acme/widgets"].comments.values())
    return replies[-1].body.replace("\u200b", "") if replies else ""


async def test_the_last_command_is_taken_back_then_the_one_before(office):
    await says(office, "/label bug")
    await says(office, "/label C#\n/milestone v1")
    for expected in (["C#", "bug"], ["bug"], []):
        await says(office, "/undo")
        assert labels(office) == expected
        assert office.github.repositories["acme/widgets"].issues[12].milestone is None
    await says(office, "/undo")
    assert "no command of yours is left here" in last_reply(office)
    assert labels(office) == []


async def test_two_lines_of_one_comment_take_two_commands_back(office):
    await says(office, "/label bug")
    await says(office, "/label C#")
    await says(office, "/undo\n/undo")
    assert labels(office) == []


async def test_another_persons_command_is_not_taken_back(office):
    await says(office, "/label bug")
    id_ = await says(office, "/label C#", MIA)
    await says(office, "/undo")
    assert labels(office) == ["C#"]
    await says(office, f"/undo {LINK.format(id_)}")
    assert labels(office) == ["C#"]
    assert "those of others are for them to take back" in last_reply(office)


async def test_all_targets_of_a_command_are_taken_back_from_where_it_was_typed(office):
    await says(office, "#12 #13 acme/gadgets#7 /label bug")
    assert (labels(office), labels(office, 13), labels(office, 7, "acme/gadgets")) == (["bug"], ["bug"], ["bug"])
    await says(office, "/undo", number=13)
    assert (labels(office), labels(office, 13), labels(office, 7, "acme/gadgets")) == ([], [], [])


async def test_on_another_issue_it_is_that_issues_last_command(office):
    await says(office, "/label bug", number=13)
    await says(office, "/label C#")
    await says(office, "#13 /undo")
    assert (labels(office, 13), labels(office)) == ([], ["C#"])


async def test_a_link_takes_back_the_commands_of_that_comment_and_leaves_later_ones(office):
    first = await says(office, "/label bug\n/milestone v1")
    await says(office, "/label C#")
    await says(office, f"/undo {LINK.format(first)}")
    assert labels(office) == ["C#"]
    assert office.github.repositories["acme/widgets"].issues[12].milestone is None
    await says(office, f"/undo {LINK.format(first)}")
    assert labels(office) == ["C#"]
    assert office.github.repositories["acme/widgets"].reactions[-1][0] == "+1"


@pytest.mark.parametrize("link", [LINK.format(99), "https://github.com/acme/none/issues/1#issuecomment-600"])
async def test_a_link_to_what_did_nothing_says_so(office, link):
    await says(office, "/label bug")
    await says(office, f"/undo {link}")
    assert labels(office) == ["bug"]
    assert "no command of yours in" in last_reply(office)


async def test_what_somebody_set_again_is_theirs(office):
    await says(office, "/label bug")
    await says(office, "/unlabel bug", MIA)
    await says(office, "/label bug", MIA)
    await says(office, "/undo")
    assert labels(office) == ["bug"]
    assert "was changed by `mia` since" in last_reply(office)


async def test_what_somebody_set_and_took_back_himself_is_as_if_it_had_not_been(office):
    await says(office, "/label bug")
    await says(office, "/unlabel bug", MIA)
    await says(office, "/undo", MIA)
    assert labels(office) == ["bug"]
    await says(office, "/undo")
    assert labels(office) == []


async def test_of_two_lines_that_were_one_write_one_is_taken_back(office):
    await says(office, "/label bug\n/label C#")
    assert office.github.asked("add_labels") == 1
    await says(office, "/undo")
    assert labels(office) == ["bug"]


async def test_the_issue_is_read_freshly_before_a_value_is_taken_for_ours(office):
    await says(office, "/milestone v1")
    by_hand = office.github.repositories["acme/widgets"]
    by_hand.issues[12] = an_issue(12, updated_at=by_hand.issues[12].updated_at)
    await says(office, "/undo")
    assert office.github.asked("issue") == 1
    assert office.github.repositories["acme/widgets"].reactions[-1][0] == "+1"


async def test_a_preview_of_an_undo_says_what_and_does_nothing(office):
    await says(office, "#12 #13 /label bug")
    await says(office, "/preview /undo")
    assert (labels(office), labels(office, 13)) == (["bug"], ["bug"])
    assert last_reply(office).count("- remove label `bug`") == 2
    await says(office, "/undo")
    assert (labels(office), labels(office, 13)) == ([], [])


async def test_who_is_nobody_there_any_more_takes_nothing_back(office):
    await says(office, "/label bug")
    office.github.repositories["acme/widgets"].roles["tim"] = Role.READ
    office.clock.forward(minutes=2)
    await says(office, "/undo")
    assert labels(office) == ["bug"]
    assert "is for the triage role" in last_reply(office)


async def test_what_a_rule_did_is_nobodys_command(office):
    await configure(
        office, "rules: {also: {enabled: true, on: issue.labeled, if: {labels: [bug]}, do: [{add_labels: [C#]}]}}"
    )
    id_ = await says(office, "/label bug")
    assert labels(office) == ["C#", "bug"]
    await says(office, f"/undo {LINK.format(id_)}")
    assert labels(office) == ["C#"]
    await says(office, "/undo")
    assert labels(office) == ["C#"]


async def test_a_comment_that_was_written_stays(office):
    await configure(office, "commands: {greet: {do: [{add_labels: [bug]}, {comment: Hello.}]}}")
    await says(office, "/greet")
    await says(office, "/undo")
    assert labels(office) == []
    assert "the comment that it wrote stays" in last_reply(office)
    assert office.github.repositories["acme/widgets"].reactions[-1][0] == "+1"


async def configure(office: Office, words: str) -> None:
    office.github.repositories["acme/widgets"].files[".github/rounds.yml"] = f"version: 1\n{words}\n"
    known = await office.database.read(lambda conn: mirror.repository(conn, 77))
    assert known is not None
    await office.services.configs.refresh(known.repository, known.installation_id)
