"""From text to invocations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.grammar import LONGEST_LINE, LONGEST_TARGETS, MOST_COMMANDS, MOST_TARGETS, TOO_LONG, added, parse, within
from app.core.invocation import Invocation
from app.core.values import Ref

HOME = "pypi/warehouse"


def read(text: str, bot: str = "rounds[bot]") -> tuple[Invocation, ...]:
    return parse(text, HOME, bot)


def short(text: str) -> list[tuple[str, str]]:
    return [(invocation.verb, invocation.arguments) for invocation in read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/label bug", [("label", "bug")]),
        ("/LABEL Bug", [("label", "Bug")]),
        ("   /label   bug   ", [("label", "bug")]),
        ("/label\tbug", [("label", "bug")]),
        ("/label\u00a0bug", [("label", "bug")]),
        ("/out-of-scope OTF", [("out-of-scope", "OTF")]),
        ("/a11y", [("a11y", "")]),
        ("/kind\n/area foo", [("kind", ""), ("area", "foo")]),
        ("/kind\r\n/area foo\r\n", [("kind", ""), ("area", "foo")]),
        ("/milestone\n\nsome prose", [("milestone", "")]),
        ("/milestone\nsome prose", [("milestone", "")]),
        ("/retitled it", [("retitled", "it")]),
        ("/kindly take a look", [("kindly", "take a look")]),
        ("/close because of `/label`", [("close", "because of `/label`")]),
        ("/label a\n\ntext\n\n/close", [("label", "a"), ("close", "")]),
        ("/label bug :bug:", [("label", "bug :bug:")]),
        ("/label \u200b#x", [("label", "#x")]),
        ("@rounds label bug", [("label", "bug")]),
        ("@Rounds[bot] Label bug", [("label", "bug")]),
        ("@rounds: /label bug", [("label", "bug")]),
        ("@rounds, label bug", [("label", "bug")]),
        ("@rounds", []),
        ("@rounds thanks!", []),
        ("@rounds-x label bug", []),
        ("@other label bug", []),
        ("\\/label bug", []),
        ("`/label bug`", []),
        ("/", []),
        ("//label bug", []),
        ("/label/bug", []),
        ("/label:bug", []),
        ("/Łabel bug", []),
    ],
)
def test_commands(text: str, expected: list[tuple[str, str]]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("/close", []),
        ("#6263 /close", ["pypi/warehouse#6263"]),
        ("#12 #13 #14 /close", ["pypi/warehouse#12", "pypi/warehouse#13", "pypi/warehouse#14"]),
        ("#12, #13 /close", ["pypi/warehouse#12", "pypi/warehouse#13"]),
        ("#12 pypi/warehouse#12 PyPI/Warehouse#12 /close", ["pypi/warehouse#12"]),
        ("pypi/legacy#1 /close", ["pypi/legacy#1"]),
        ("https://github.com/pypi/legacy/issues/1 /close", ["pypi/legacy#1"]),
        ("https://github.com/pypi/legacy/pull/1#issuecomment-5 /close", ["pypi/legacy#1"]),
    ],
)
def test_targets(text: str, targets: list[str]) -> None:
    (invocation,) = read(text)
    assert [str(ref) for ref in invocation.targets] == targets
    assert invocation.verb == "close"


@pytest.mark.parametrize(
    "text",
    [
        *("#12", "#12 close", "#12 #13", "#0 /close", "12 /close", "#12 and #13 /close", "#12 @rounds close"),
        *("https://evil.example/a/b/issues/1 /close", "see #12 /close", "#12/close"),
    ],
)
def test_what_only_resembles_targets(text: str) -> None:
    assert read(text) == ()


def test_an_invocation_knows_where_it_was_typed() -> None:
    (invocation,) = parse("text\n\n #3  /close  x ", HOME, "rounds", "https://git.example.org")
    assert (invocation.line, invocation.typed) == (3, "#3  /close  x")
    assert (invocation.home, invocation.web_url) == (HOME, "https://git.example.org")


def test_only_the_first_twenty_run_and_one_more_says_so() -> None:
    found = read("\n".join(f"/label l{n}" for n in range(40)))
    assert len(found) == MOST_COMMANDS + 1
    assert [invocation.trouble for invocation in found[:-1]] == [""] * MOST_COMMANDS
    assert "first 20 commands" in found[-1].trouble


def test_too_many_targets_are_none() -> None:
    (invocation,) = read(" ".join(f"#{n}" for n in range(1, MOST_TARGETS + 2)) + " /close")
    assert invocation.targets == ()
    assert "at most 25" in invocation.trouble
    (fitting,) = read(" ".join(f"#{n}" for n in range(1, MOST_TARGETS + 1)) + " /close")
    assert (len(fitting.targets), fitting.trouble) == (MOST_TARGETS, "")


def test_a_very_long_line_is_told_and_an_even_longer_one_is_no_command() -> None:
    assert [i.trouble for i in read("/label " + "x" * LONGEST_LINE)] == [TOO_LONG]
    assert [i.trouble for i in read("/label " + "x" * (LONGEST_LINE - 7))] == [""]
    assert read("/label " + "x" * (LONGEST_LINE + LONGEST_TARGETS)) == ()


def test_long_addresses_before_a_verb_leave_room_for_it() -> None:
    name = f"{'o' * 39}/{'r' * 100}"
    targets = " ".join(f"https://github.com/{name}/issues/{n}" for n in range(1, MOST_TARGETS + 1))
    (found,) = read(f"{targets} /label bug")
    assert (len(found.targets), found.verb, found.trouble) == (MOST_TARGETS, "label", "")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("/label a", "/label a", []),
        ("/label a", "text\n\n  /LABEL   a\n", []),
        ("/label “a”", '/label "a"', []),
        ("/label Bug", "/label bug", []),
        ("/label a", "/label b", ["b"]),
        ("/label a", "/label a\n/label b", ["b"]),
        ("/label a", "/label a\n/label a", ["a"]),
        ("/label a\n/label a", "/label a", []),
        ("/label a\n/label b", "/label b\n/label a", []),
        ("`/label a`", "/label a", ["a"]),
        ("> /label a", "/label a", ["a"]),
        ("/label a", "#2 /label a", ["a"]),
        ("#2 /label a", "PyPI/warehouse#2 /label a", []),
        ("@rounds label a", "/label a", []),
        ("", "/label a", ["a"]),
    ],
)
def test_an_edit_brings_only_what_was_not_there(old: str, new: str, expected: list[str]) -> None:
    assert [invocation.arguments for invocation in added(read(new), read(old))] == expected


def test_what_was_one_too_many_counts_as_new_once_there_is_room() -> None:
    lines = [f"/label l{n}" for n in range(21)]
    fresh = added(read("\n".join(lines[1:])), read("\n".join(lines)))
    assert [(invocation.arguments, invocation.trouble) for invocation in fresh] == [("l20", "")]


COMMANDS = st.lists(st.sampled_from(["/label a", "/label b", "#1 /close", "/close because x", "text"]), max_size=8)


@given(COMMANDS, COMMANDS)
def test_the_difference_is_a_difference_of_multisets(old: list[str], new: list[str]) -> None:
    fresh = added(read("\n\n".join(new)), read("\n\n".join(old)))
    for command in set(old + new) - {"text"}:
        wanted = max(0, new.count(command) - old.count(command))
        assert sum(invocation.typed == command for invocation in fresh) == wanted


@given(
    st.text(st.characters(exclude_categories=())),
    st.sampled_from(["", "/", "@rounds ", "#1 /", "a/b#2, /x ", "/label "]),
)
def test_parsing_never_raises(text: str, start: str) -> None:
    for invocation in parse(start + text, HOME, "rounds[bot]"):
        assert invocation.verb == invocation.verb.lower()
        assert "\n" not in invocation.arguments + invocation.typed


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("/preview /close", ("close", "", ())),
        ("/preview close not-planned", ("close", "not-planned", ())),
        ("/preview #1 other/repo#2 /label bug", ("label", "bug", (Ref(HOME, 1), Ref("other/repo", 2)))),
        ("#5 /preview /label bug", ("label", "bug", (Ref(HOME, 5),))),
        ("#5 /preview #6 label bug", ("label", "bug", (Ref(HOME, 6),))),
        ("/preview", None),
        ("/preview #1 #2", None),
        ("/preview !", None),
    ],
)
def test_a_command_within_a_command(typed: str, found: tuple[str, str, tuple[Ref, ...]] | None) -> None:
    (outer,) = read(typed)
    inner = within(outer)
    assert (inner and (inner.verb, inner.arguments, inner.targets)) == found
