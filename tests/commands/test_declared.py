"""Verbs declared in YAML."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import registry
from app.core.actions import AddLabels, Assign, Close, Comment, RemoveLabels, Reopen, SetMilestone, Unassign
from app.core.grammar import parse
from app.core.template import TemplateMistake
from app.core.text import unmarked
from app.core.values import Milestone, Ref, Role
from tests.commands.world import HERE, MILESTONES, NAME, World, config, decided, done, one, reply, told
from tests.config.examples import COMMANDS

WORLD = World(config=config(COMMANDS))
SCOPED = WORLD.where(milestone=1)
ADDED = AddLabels(HERE, ("out of scope",))


def declaring(command: str, **changes: object) -> World:
    """A world with `/x`, declared in flow style."""
    return replace(WORLD, config=config(f"commands: {{x: {command}}}"), **changes)


def test_labels_and_a_milestone() -> None:
    assert done("/a11y", WORLD) == (AddLabels(HERE, ("accessibility",)), SetMilestone(HERE, 2, "Accessibility"))
    assert one("/a11y", WORLD.where(labels=("Accessibility",), milestone=2)).status == "already"


@pytest.mark.parametrize(
    ("text", "cleared"),
    [
        ("/out-of-scope OTF", True),
        ("/out-of-scope otf", True),
        ('/out-of-scope "OTF security"', True),
        ("/out-of-scope", False),
        ("/out-of-scope Beta", False),
        ("/out-of-scope security", False),
        ("/out-of-scope *", False),
        ("/out-of-scope O*", False),
        ("/out-of-scope [O]TF", False),
        ("/out-of-scope ?TF", False),
    ],
)
def test_a_milestone_is_left_only_where_the_scope_begins_it(text: str, cleared: bool) -> None:
    assert done(text, SCOPED) == ((ADDED, SetMilestone(HERE, None)) if cleared else (ADDED,))


def test_clear_without_a_condition() -> None:
    world = declaring("{do: [clear_milestone: {}]}").where(milestone=1)
    assert done("/x", world) == (SetMilestone(HERE, None),)
    assert one("/x", world.where(milestone=None)).status == "already"


def test_a_reason_is_posted_without_effect() -> None:
    comment = Comment(HERE, "Out of scope for OTF: ask @\u200bewdurbin, #\u200b5.", "1.2")
    assert done("/out-of-scope OTF because ask @ewdurbin, #5", WORLD) == (ADDED, comment)


def test_what_is_typed_is_no_template_and_no_command() -> None:
    (_, comment) = done('/out-of-scope "{{ sender }}" because /merge {{ issue }}', WORLD)
    assert isinstance(comment, Comment)
    assert comment.body == "Out of scope for {{ sender }}: \u200b/merge {{ issue }}."
    world = declaring('{args: {why: {type: rest}}, do: [comment: "{{ why }}"]}')
    (leading,) = done("/x /merge", world)
    assert isinstance(leading, Comment)
    assert leading.body == "\u200b/merge"


def test_repeated_the_comment_is_not() -> None:
    first, second = decided("/not-this-repo\n/not-this-repo", replace(WORLD, role=Role.WRITE))
    assert [type(action) for action in first.actions] == [AddLabels, Comment, Close]
    assert (second.status, second.actions) == ("already", ())


def test_who_may() -> None:
    assert "`/not-this-repo` is for the write role or above" in told("/not-this-repo", WORLD)


def test_a_label_or_milestone_that_is_not_there_is_said_and_nothing_is_done() -> None:
    words = "`/a11y` needs the label `accessibility`, which this repository does not have."
    assert words in told("/a11y", replace(WORLD, labels=("a11y",)))
    words = "`/a11y` needs the milestone `Accessibility`, which this repository does not have."
    assert words in told("/a11y", replace(WORLD, milestones=MILESTONES[:1]))
    closed = replace(WORLD, milestones=(Milestone(1, 1, "Accessibility", open=False),))
    assert "the milestone `Accessibility` is closed" in told("/a11y", closed)


def test_taking_off_a_label_that_is_not_there_is_nothing() -> None:
    world = declaring("{do: [{add_labels: [a11y]}, {remove_labels: [gone, requires triaging]}]}")
    assert done("/x", world) == (AddLabels(HERE, ("a11y",)), RemoveLabels(HERE, ("requires triaging",)))


def test_every_action() -> None:
    world = declaring(
        "{args: {who: {type: person}}, do: [{assign: ['{{ who }}', ewdurbin]}, {unassign: nicole}, {reopen: true}]}"
    )
    here = world.where(assignees=("nicole",), open=False)
    assert done("/x @will", here) == (Assign(HERE, ("will", "ewdurbin")), Unassign(HERE, ("nicole",)), Reopen(HERE))


def test_templates_see_texts() -> None:
    world = declaring('{do: [comment: "{{ issue }} {{ sender }} {{ repository }}"]}')
    assert done("/x", world) == (Comment(HERE, "#12 brainwane pypi/warehouse", "1.0"),)


def test_names_are_made_of_what_was_typed() -> None:
    world = declaring("{args: {what: {type: choice, choices: [api, docs]}}, do: [add_labels: 'area/{{ what }}']}")
    assert done("/x API", world) == (AddLabels(HERE, ("area/api",)),)
    assert "`nope` is none of `api`, `docs`" in told("/x nope", world)
    assert "`what` is missing. Write `/x api|docs`." in told("/x", world)


def test_an_exclusive_family_counts_here_too() -> None:
    text = "families: {kind: {prefix: kind/, exclusive: true}}\ncommands: {x: {do: [add_labels: kind/bug]}}"
    world = replace(WORLD, config=config(text)).where(labels=("kind/feature",))
    assert done("/x", world) == (AddLabels(HERE, ("kind/bug",)), RemoveLabels(HERE, ("kind/feature",)))


ARGUMENTS = {
    "word": ("one", "one"),
    "label": ("out of scope", "out of scope"),
    "milestone": ("otf sec", "OTF security work"),
    "person": ("@Nicole", "Nicole"),
    "issue": ("pypi/warehouse#5", "#5"),
    "rest": ("all of, this", "all of, this"),
}


@pytest.mark.parametrize("kind", ARGUMENTS)
def test_types_of_arguments(kind: str) -> None:
    typed, value = ARGUMENTS[kind]
    world = declaring(f'{{args: {{a: {{type: {kind}}}}}, do: [comment: "[{{{{ a }}}}]"]}}')
    assert done(f"/x {typed}", world) == (Comment(HERE, f"[{value}]", "1.0"),)
    assert "`a` is missing" in told("/x", world)


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("word", "one two", "`two` is too much. Write `/x a`."),
        ("label", "nonsense", "there is no label `nonsense`"),
        ("label", "a11y nonsense", "`nonsense` is too much"),
        ("milestone", "Beta", "the milestone `Beta` is closed"),
        ("person", "@a/b", "`@\u200ba/b` is a team"),
        ("issue", "five", "`five` names no issue; write it as `#12`"),
        ("issue", "#6", "does not exist, or I can't see it"),
    ],
)
def test_arguments_that_do_not_fit(kind: str, typed: str, words: str) -> None:
    world = declaring(f"{{args: {{a: {{type: {kind}}}}}, do: [reopen: true]}}")
    assert words in told(f"/x {typed}", world)


OPTIONAL = declaring(
    "{args: {scope: {type: choice, choices: [OTF, MOSS], optional: true}, mentor: {type: person, optional: true}},"
    ' do: [comment: "{{ scope }}/{{ mentor }}"]}'
)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", "/"),
        ("otf", "OTF/"),
        ("@nicole", "/nicole"),
        ("moss @nicole", "MOSS/nicole"),
        ("mentor @nicole", "/nicole"),
        ("scope otf, mentor: @nicole", "OTF/nicole"),
    ],
)
def test_what_may_be_left_out(typed: str, text: str) -> None:
    assert done(f"/x {typed}", OPTIONAL) == (Comment(HERE, text, "1.0"),)


def test_the_first_thing_that_does_not_fit_is_said() -> None:
    assert "`@\u200ba/b` is none of `OTF`, `MOSS`" in told("/x @a/b", OPTIONAL)
    assert "`more` is too much. Write `/x [OTF|MOSS] [@\u200bmentor]`." in told("/x otf @nicole more", OPTIONAL)


def test_an_argument_that_was_left_out_does_nothing() -> None:
    steps = "{assign: ['{{ a }}']}, {set_milestone: '{{ a }}'}, {comment: '{{ a }}'}"
    steps += ", {close: {reason: duplicate, duplicate_of: '{{ a }}'}}"
    world = declaring(f"{{args: {{a: {{optional: true}}}}, do: [{steps}]}}")
    assert done("/x", world) == (Close(HERE, "duplicate"),)


def test_a_duplicate_of_an_argument() -> None:
    world = declaring("{args: {of: {type: issue}}, do: [close: {reason: duplicate, duplicate_of: '{{ of }}'}]}")
    assert done("/x #5", world) == (Close(HERE, "duplicate", Ref(NAME, 5), 555),)
    assert done("/x pypi/legacy#7", world) == (Close(HERE, "duplicate", Ref("pypi/legacy", 7), 777),)
    assert "can't be a duplicate of itself" in told("/x #12", replace(world, others=(world.issue,)))
    fixed = declaring("{do: [close: {reason: duplicate, duplicate_of: '#5'}]}")
    (invocation,) = parse("/x", NAME, "rounds")
    assert registry.mentions(invocation, fixed.config) == (Ref(NAME, 5),)
    assert done("/x", fixed) == (Close(HERE, "duplicate", Ref(NAME, 5), 555),)
    assert "names no issue" in told("/x", declaring("{do: [close: {reason: duplicate, duplicate_of: nonsense}]}"))


def test_a_template_that_fails_becomes_a_sentence() -> None:
    outcome = one("/x", declaring('{do: [comment: "{{ nothing }}"]}'))
    assert outcome.status == "misunderstood"
    assert issubclass(TemplateMistake, Exception)
    assert "The template" in outcome.text
    assert reply([outcome]).reaction == "confused"


def test_the_card() -> None:
    card = registry.verbs(WORLD.config)["out-of-scope"].card
    assert card.usage == "/out-of-scope [scope] [because …]"
    assert (card.who, card.source) == (("triage",), "declared")
    assert registry.verbs(declaring("{do: [reopen: true]}").config)["x"].card.help == "Declared in the configuration."


_STEPS = "[{close: true}, {add_labels: a11y, if: {is: pull_request}}]"
SHIP = f"{{if: {{state: open, labels: [C*]}}, do: {_STEPS}, reply: 'Bye, {{{{ sender }}}}.'}}"


def test_a_command_says_what_the_issue_must_be_like() -> None:
    world = declaring(SHIP)
    assert told("/x", world) == "`/x` is for what is open, and has the label `C*`."
    assert told("/x", world.where(labels=("C#",), open=False)).endswith("has the label `C*`.")
    assert one("/x", world.where(labels=("C#",))).actions == (Close(HERE),)


def test_a_step_whose_condition_does_not_hold_is_left_out() -> None:
    found = one("/x", declaring(SHIP).where(labels=("C#",), pull_request=True))
    assert found.actions == (Close(HERE), AddLabels(HERE, ("a11y",)))


def test_a_reply_is_what_the_answer_says_and_nobody_is_mentioned_by_what_was_typed() -> None:
    found = one("/x", declaring(SHIP).where(labels=("C#",)))
    assert (found.status, unmarked(found.text)) == ("done", f"Bye, {WORLD.sender.login}.")
    typed = declaring("{args: {what: {type: rest}}, reply: 'You said {{ what }}'}")
    assert one("/x @octocat <!-- #5", typed).text == "You said @\u200boctocat <\u200b!-- #\u200b5"


def test_a_command_that_only_replies_answers_again_and_one_that_is_done_already_is_silent() -> None:
    assert one("/x", declaring("{reply: See the documentation.}")).status == "answer"
    found = one("/x", declaring("{do: [{close: true}], reply: Bye.}").where(open=False))
    assert (found.status, found.text) == ("already", "")


@pytest.mark.parametrize(
    ("condition", "about", "holds"),
    [
        ("{milestone: none}", {}, True),
        ("{milestone: OTF*}", {"milestone": 1}, True),
        ("{milestone: none}", {"milestone": 1}, False),
        ("{assignee: none}", {"assignees": ("tim",)}, False),
        ("{assignee: t*}", {"assignees": ("tim",)}, True),
        ("{author: nobody}", {}, False),
        ("{title: tok*}", {}, True),
        ("{is: locked}", {}, False),
        ("{no_labels: 'requires*'}", {}, False),
        ("{not: {state: closed}}", {}, True),
        ("{any: [{state: closed}, {title: nothing}]}", {}, False),
        ("{any: [{state: closed}, {title: '*'}]}", {}, True),
    ],
)
def test_conditions_of_commands(condition: str, about: dict[str, object], holds: bool) -> None:
    found = one("/x", declaring(f"{{if: {condition}, do: [{{add_labels: a11y}}]}}").where(**about))
    assert found.status == ("done" if holds else "misunderstood")
    assert holds or found.text.startswith("`/x` is for what ")


def test_the_help_tells_the_condition() -> None:
    card = registry.verbs(declaring("{help: Ships it., if: {state: open, labels: ready}, reply: Bye.}").config)[
        "x"
    ].card
    assert card.help == "Ships it. Only for what is open, and has the label `ready`."
