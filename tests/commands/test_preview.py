"""`/preview` and `/can-i`: everybody may ask, and nothing is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.text import unmarked
from app.core.values import Repository, Role
from tests.commands.world import HERE, NAME, STRANGER, World, config, decided, one, reply

WORLD = World()
READER = replace(WORLD, role=Role.READ, sender=STRANGER)
HELPER = replace(READER, teams=frozenset({"pypi/helpers"}), config=config("permissions: {label: [team:pypi/helpers]}"))


def said(text: str, world: World = WORLD) -> str:
    outcome = one(text, world)
    assert (outcome.status, outcome.actions) == ("answer", ())
    return unmarked(outcome.text)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/preview /label C#, -requires triaging", ["- add label `C#`", "- remove label `requires triaging`"]),
        ("/preview label C#", ["- add label `C#`"]),
        ("/preview /milestone Accessibility", ["- set the milestone `Accessibility`"]),
        ("/preview /close not-planned because no", ["- comment `brainwane closed this because no`", "- close as not planned"]),
        ("/preview /duplicate #5", [f"- close as duplicate of {NAME}#5"]),
        ("/preview /priority high", ["- add label `priority/high`"]),
        ("/preview /unlabel C#", ["is so already: nothing would be written."]),
        ("/preview /label no such", ["would not be done: not understood: there is no label `no such`."]),
        ("/preview /help", ["would be answered in words: nothing would be written."]),
    ],
)  # fmt: skip
def test_a_preview_says_each_write_and_who_may(typed: str, words: list[str]) -> None:
    told = said(typed)
    assert [line for line in words if line not in told] == []
    assert f"on `{HERE}`" in told
    assert "Who may: " in told


def test_a_preview_of_what_one_may_not_says_so_and_anyone_may_ask() -> None:
    assert "would not be done: refused: `/label` is for the triage role or above" in said("/preview /label C#", READER)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/preview", "name a command"),
        ("/preview /nonsense", "there is no command `/nonsense`"),
        ("/preview /lable C#", "Did you mean `/label`"),
        ("/preview /preview /close", "changes nothing"),
        ("/preview /can-i /close", "changes nothing"),
        ("/preview !!!", "is no command"),
        ("/preview /lgtm", "there is no command"),
        ("/can-i", "name a command"),
        ("/can-i nonsense", "there is no command `/nonsense`"),
    ],
)
def test_what_is_no_command_of_ours_is_not_understood(typed: str, words: str) -> None:
    outcome = one(typed, WORLD)
    assert outcome.status == "misunderstood"
    assert words in unmarked(outcome.text)


def test_a_comment_of_several_questions_gets_one_reply() -> None:
    outcomes = decided("/preview /label C#\n/can-i close\n/help label", WORLD)
    answer = reply(outcomes)
    assert [outcome.status for outcome in outcomes] == ["answer"] * 3
    assert answer.reaction == "+1"
    assert answer.body is not None
    assert all(words in unmarked(answer.body) for words in ("- add label `C#`", "`/close` on", "Add labels;"))


def test_a_preview_sees_what_the_line_before_does() -> None:
    assert "is so already" in reply(decided("/label C#\n/preview /label C#", WORLD)).body


@pytest.mark.parametrize(
    ("typed", "world", "words"),
    [
        ("/can-i label", WORLD, "`/label` on `pypi/warehouse#12`: yes."),
        ("/can-i label", WORLD, "By the command's own rule it is for the triage role or above."),
        ("/can-i label", WORLD, "Your role in `pypi/warehouse` is triage."),
        ("/can-i /label C#", READER, "`/label` on `pypi/warehouse#12`: no."),
        ("/can-i reopen", WORLD, ": no. By `permissions` of the configuration it is for the author of the issue."),
        ("/can-i reopen", READER, ": yes. By `permissions` of the configuration it is for the author of the issue. "
                                  "Your role in `pypi/warehouse` is read, you are the author of the issue."),
        ("/can-i area", READER, ": yes. By the command's own rule it is for anyone."),
        ("/can-i label", replace(WORLD, role=None), ": no. By the command's own rule it is for the triage role or above."),
        ("/can-i label", replace(WORLD, role=None), "GitHub could not say which role you have"),
        ("/can-i label", HELPER, ": yes. By `permissions` of the configuration it is for members of `pypi/helpers`."),
    ],
)  # fmt: skip
def test_can_i_names_the_rule_and_the_role(typed: str, world: World, words: str) -> None:
    assert words in said(typed, world)


def test_in_an_archived_repository_a_named_target_is_told_and_the_issue_itself_is_silent() -> None:
    world = replace(WORLD, repository=Repository(1, NAME, archived=True))
    assert one("/preview /close", world).status == "foreign"
    assert one("/close", world).status == "foreign"
    assert "is archived" in one("#12 /close", world).text


def test_what_is_about_the_lock_can_be_asked_from_elsewhere() -> None:
    assert "- unlock" in said("/preview #12 /unlock", replace(WORLD, role=Role.WRITE).where(locked=True))


def test_a_locked_target_is_told() -> None:
    assert "is locked" in one("#12 /close", WORLD.where(locked=True)).text
    assert one("/close", WORLD.where(locked=True)).status == "foreign"
