"""`/close`, `/reopen` and `/duplicate`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import registry
from app.core.actions import Close, Comment, Reopen
from app.core.grammar import parse
from app.core.values import Ref
from tests.commands.world import ERNEST, HERE, NAME, STRANGER, World, decided, done, one, reply, told

WORLD = World()
CLOSED = WORLD.where(open=False, state_reason="completed")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/close", "completed"),
        ("/close completed", "completed"),
        ("/close as completed.", "completed"),
        ("/close not-planned", "not_planned"),
        ("/close not_planned", "not_planned"),
        ("/close as not planned", "not_planned"),
        ("/CLOSE NOT-PLANNED", "not_planned"),
    ],
)
def test_reasons(text: str, reason: str) -> None:
    assert done(text, WORLD) == (Close(HERE, reason),)  # type: ignore[arg-type] # the table holds plain texts


def test_a_reason_in_words_becomes_a_comment_without_effect() -> None:
    comment = Comment(HERE, "brainwane closed this because @\u200bbob said so, see #\u200b4 <\u200b!-- x", "1.0")
    assert done("/close not-planned because @bob said so, see #4 <!-- x", WORLD) == (
        comment,
        Close(HERE, "not_planned"),
    )


def test_closing_twice_leaves_one_comment() -> None:
    first, second = decided("/close because it is done\n/close because it is done", WORLD)
    assert [type(action) for action in first.actions] == [Comment, Close]
    assert (second.status, second.actions) == ("already", ())


def test_a_closed_issue_is_closed() -> None:
    assert one("/close", CLOSED).status == "already"
    assert one("/close completed", CLOSED).status == "already"


def test_another_reason_needs_a_change_of_state() -> None:
    assert "it is closed already, as completed" in told("/close not-planned", CLOSED)
    assert "it is closed already, as completed" in told("/duplicate #5", CLOSED)
    assert done("/reopen\n/close not-planned", replace(CLOSED, sender=STRANGER)) == (
        Reopen(HERE),
        Close(HERE, "not_planned"),
    )


@pytest.mark.parametrize("text", ["/close thanks", "/close thanks!", "/close duplicates #5", "/close #5", "/close not"])
def test_what_is_no_reason_is_not_ignored(text: str) -> None:
    assert told(text, WORLD).startswith("not understood: ")
    assert "not understood" in (reply(decided(text, WORLD)).body or "")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/duplicate #5",
            "/duplicate of #5",
            "/close duplicate #5",
            "/close duplicate of #5",
            "/close as duplicate of #5.",
        ),
        *(
            "/duplicate pypi/warehouse#5",
            "/duplicate PyPI/Warehouse#5",
            "/duplicate https://github.com/pypi/warehouse/issues/5",
        ),
    ],
)
def test_duplicates_link_the_canonical_issue(text: str) -> None:
    assert done(text, WORLD) == (Close(HERE, "duplicate", Ref(NAME, 5), 555),)


def test_the_canonical_issue_may_be_elsewhere() -> None:
    assert done("/duplicate pypi/legacy#7", WORLD) == (Close(HERE, "duplicate", Ref("pypi/legacy", 7), 777),)


def test_a_number_that_is_not_known_is_left_out() -> None:
    unknown = replace(WORLD, others=(replace(WORLD.others[0], id=0),))
    assert done("/duplicate #5", unknown) == (Close(HERE, "duplicate", Ref(NAME, 5), None),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/duplicate", "name the one issue that this is a duplicate of"),
        ("/close duplicate", "name the one issue that this is a duplicate of"),
        ("/duplicate #5 #6", "name the one issue"),
        ("/duplicate five", "name the one issue"),
        ("/duplicate https://evil.example/a/b/issues/5", "name the one issue"),
        ("/duplicate #12", "can't be a duplicate of itself"),
        ("/duplicate #6", "`pypi/warehouse#\u200b6` does not exist, or I can't see it"),
    ],
)
def test_duplicates_of_what(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_on_a_pull_request_words_make_the_link() -> None:
    pull = WORLD.where(pull_request=True)
    assert done("/duplicate #5", pull) == (Comment(HERE, "Duplicate of #5", "1.duplicate"), Close(HERE))
    assert one("/close not-planned", pull.where(open=False)).status == "already"


def test_the_issues_that_must_be_looked_up() -> None:
    def mentioned(text: str) -> list[str]:
        (invocation,) = parse(text, NAME, "rounds")
        return [str(ref) for ref in registry.mentions(invocation, WORLD.config)]

    assert mentioned("/duplicate of a/b#3") == ["a/b#3"]
    assert mentioned("/close duplicate #3 because of #4") == ["pypi/warehouse#3"]
    assert mentioned("/duplicate " + " ".join(f"#{n}" for n in range(1, 40))) == [
        f"pypi/warehouse#{n}" for n in range(1, 6)
    ]
    assert mentioned('/duplicate "#3') == []
    assert mentioned("/label #3") == []
    assert mentioned("/nobodys #3") == []


def test_reopen() -> None:
    world = replace(CLOSED, sender=STRANGER)
    assert done("/reopen", world) == (Reopen(HERE),)
    comment = Comment(HERE, "passer-by reopened this because it is back", "1.0")
    assert done("/reopen because it is back", world) == (comment, Reopen(HERE))
    assert one("/reopen because it is back", world.where(open=True)).status == "already"
    assert "takes no `please`" in told("/reopen please", world)


def test_permissions_of_the_configuration_hold() -> None:
    assert "`/reopen` is for the author of the issue" in told("/reopen", replace(CLOSED, sender=ERNEST))
