"""Which verbs there are, which are nobody's, and which were meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import registry
from app.commands.decide import concerns
from app.config.check import read
from app.config.verbs import BUILT_IN
from app.core.grammar import parse
from tests.commands.world import CONFIG, NAME, World, config, decided, one, reply, told, verbs

WORLD = World(
    config=config(
        CONFIG + "commands: {out-of-scope: {do: [reopen: true]}, wip: {help: Somebody is at it., do: [reopen: true]}}"
    )
)


def concerned(text: str, world: World = WORLD) -> bool:
    (invocation,) = parse(text, NAME, "rounds")
    return concerns(invocation, world.config)


def test_all_verbs() -> None:
    """The built-in ones, then those of the configuration, then those that are about others."""
    known, configured = verbs(WORLD), ["priority", "kind", "area", "empty", "out-of-scope", "wip"]
    questions = ["undo", "preview", "can-i", "help"]
    assert known[-len(configured + questions) :] == [*configured, *questions]
    assert {"label", "unlabel", "milestone", "close", "claim", "type"} < {*known} - {*configured} <= BUILT_IN


@pytest.mark.parametrize("verb", ["label", "help", "kind", "wip"])
def test_ours(verb: str) -> None:
    assert registry.is_ours(verb, WORLD.config)
    assert concerned(f"/{verb} whatever this is, it is ours!")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/lable bug", "label"),
        ("/labels bug", "label"),
        ("/LABEl-s", "label"),
        ("/milestne next", "milestone"),
        ("/mielstnoe next", "milestone"),
        ("/clos", "close"),
        ("/closed", "close"),
        ("/asign @a", "assign"),
        ("/unasign", "unassign"),
        ("/knd bug", "kind"),
        ("/pirority high because it hurts", "priority"),
        ("/out-of-scop OTF", "out-of-scope"),
        ("/outofscope", "out-of-scope"),
        ("/halp", "help"),
        ("/reopened", "reopen"),
    ],
)
def test_a_slip_is_answered(text: str, meant: str) -> None:
    assert concerned(text)
    assert told(text, WORLD).endswith(f"Did you mean `/{meant}`?")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/kindly take a look",
            "/areas of concern are many",
            "/labels are a mess, please look",
            "/close-up of the thing",
        ),
        *(
            "/lable is this right?",
            "/closed it!",
            "/etc",
            "/usr",
            "/home alone",
            "/wp",
            "/zip",
            "/hold",
            "/retest",
            "/merge",
        ),
        *(
            "/code",
            "/details",
            "/saved-replies",
            "/table",
            "/template",
            "/tables",
            "/rebase",
            "/lgtm",
            "/lgtms",
            "/approve",
        ),
        "/lable one two three four five six seven",
    ],
)
def test_silence(text: str) -> None:
    assert not concerned(text)
    assert decided(text, WORLD) == []


def test_a_longer_word_is_never_the_shorter_verb() -> None:
    assert one("/labels a11y", WORLD).status == "misunderstood"


def test_a_foreign_verb_is_left_alone_even_if_we_had_it() -> None:
    world = replace(WORLD, config=config("foreign_commands: [close, help]"))
    assert not concerned("/close", world)
    assert not concerned("/clos", world)
    assert "help" not in verbs(world)


def test_what_is_switched_off_is_left_alone() -> None:
    checked = read("commands: {close: off}\nfamilies: {kind: off}\n", base=WORLD.config)
    assert checked.config is not None, checked.problems
    world = replace(WORLD, config=checked.config)
    assert not any(concerned(text, world) for text in ("/close", "/clos", "/kind bug"))
    assert "close" not in verbs(world)


def test_a_suggestion_is_no_use_of_the_command() -> None:
    (outcome,) = decided("/lable bug", WORLD)
    assert (outcome.status, outcome.actions, outcome.command, outcome.typed) == (
        "misunderstood",
        (),
        "lable",
        "/lable bug",
    )
    assert reply([outcome]).reaction == "confused"


def test_the_table_is_made_from_the_cards() -> None:
    table = registry.table(WORLD.config).splitlines()
    assert len(table) == 2 + len(verbs(WORLD))
    assert "| `/close [completed \\| not-planned \\| duplicate of #N] [because …]` | Close." in "\n".join(table)
    assert (
        "| `/reopen [because …]` | Open again. What follows `because` becomes a comment. | the author of the issue |"
        in table
    )
    assert all(line.replace("\\|", "").count("|") == 4 for line in table)


def test_every_card_is_whole_and_its_examples_are_uses_of_it() -> None:
    for verb, command in registry.verbs(WORLD.config).items():
        card = command.card
        assert card.verb == verb
        assert card.usage.startswith(f"/{verb}")
        assert card.help.endswith(".")
        for example in card.examples:
            assert [i.verb for i in parse(example, NAME, "rounds")] == [verb]
