"""`/help` answers once, with who may use what."""

from __future__ import annotations

from dataclasses import replace

from app.core.values import Role
from tests.commands.world import World, config, decided, one, reply, told, verbs

WORLD = World()


def test_one_answer_with_every_command() -> None:
    outcome = one("/help", replace(WORLD, role=Role.NONE))
    assert (outcome.status, outcome.actions) == ("answer", ())
    assert all(f"`/{verb}" in outcome.text for verb in verbs(WORLD))


def test_two_questions_are_one_reply() -> None:
    answered = reply(decided("/help\n/help close\n/help", WORLD))
    assert answered.reaction == "+1"
    assert (answered.body or "").count("| command |") == 1
    assert "/close duplicate of #12" in (answered.body or "")


def test_it_leads_to_the_page_where_there_is_one() -> None:
    page = "https://rounds.example/commands/acme/widgets"
    assert one("/help", replace(WORLD, page=page)).text.endswith(f"]({page})")
    assert page not in one("/help close", replace(WORLD, page=page)).text
    assert "](" not in one("/help", WORLD).text


def test_one_command() -> None:
    assert one("/help /Milestone", WORLD).text.startswith(
        "`/milestone title | current | next | none`: Set the milestone"
    )
    assert "- `/milestone next`" in one("/help milestone", WORLD).text


def test_who_may_is_what_the_configuration_says() -> None:
    assert "Who may: the author of the issue." in one("/help reopen", WORLD).text
    strict = replace(WORLD, config=config("permissions: {label: [admin]}"))
    assert "Who may: the admin role." in one("/help label", strict).text
    assert "Who may: anyone." in one("/help area", WORLD).text


def test_a_command_that_is_not_there() -> None:
    assert "there is no command `lable`. Did you mean `label`" in told("/help lable", WORLD)


def test_help_texts_of_a_configuration_have_no_effect() -> None:
    hostile = config('commands: {x: {help: "@all <!-- x --> | [a](b)", do: [reopen: true], examples: ["/x `y` | z"]}}')
    world = replace(WORLD, config=hostile)
    text = one("/help", world).text + one("/help x", world).text
    assert not any(sign in text for sign in ("@all", "<!--", "](", "`y`"))
