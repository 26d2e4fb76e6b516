"""One configuration over another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.check import read
from app.config.merge import extend, put_over
from app.config.schema import RepositoryConfig


def config(text: str) -> RepositoryConfig:
    found = read(text).config
    assert found is not None
    return found


BASE = config("""\
bots: [1]
foreign_commands: [lgtm]
commands_in_body: false
families: {kind: {prefix: kind/}, area: {prefix: area/}}
permissions: {close: [author], kind: [write]}
commands: {wontfix: {do: {close: true}}, wip: {do: {add_labels: wip}}, reopen: off}
""")


def test_what_a_file_leaves_open_comes_from_its_base():
    merged = extend(BASE, config(""))
    assert merged == BASE


def test_keys_of_its_own_win():
    merged = extend(BASE, config("bots: [2, 3]\ncommands_in_body: true"))
    assert (merged.bots, merged.commands_in_body, merged.foreign_commands) == ((2, 3), True, ("lgtm",))


def test_names_are_merged_one_by_one():
    own = config("families: {kind: {prefix: k/}}\npermissions: {label: [read]}\ncommands: {wip: {do: {reopen: true}}}")
    merged = extend(BASE, own)
    assert list(merged.families) == ["kind", "area"]
    assert merged.families["kind"].prefix == "k/"
    assert merged.permissions == {"close": ("author",), "kind": ("write",), "label": ("read",)}
    assert merged.commands["wip"].do[0].reopen is True
    assert merged.commands["wontfix"] == BASE.commands["wontfix"]


def test_off_takes_away_and_is_remembered():
    own = config("families: {area: off}\npermissions: {close: off}\ncommands: {wontfix: off, close: off}")
    merged = extend(BASE, own)
    assert list(merged.families) == ["kind"]
    assert list(merged.permissions) == ["kind"]
    assert list(merged.commands) == ["wip"]
    assert merged.off.commands == {"wontfix", "close", "reopen"}
    assert merged.off.families == {"area"}


def test_a_family_can_be_switched_off_as_the_command_that_it_is():
    assert "kind" not in extend(BASE, config("commands: {kind: off}")).families


def test_what_the_base_switched_off_can_be_declared_again():
    base = extend(BASE, config("commands: {wip: off}\npermissions: {close: off}"))
    merged = extend(base, config("commands: {wip: {do: {close: true}}}\npermissions: {close: [read]}"))
    assert "wip" in merged.commands
    assert "wip" not in merged.off.commands
    assert merged.off.permissions == frozenset()


def test_the_other_kind_of_verb_is_replaced():
    merged = extend(BASE, config("families: {wip: {prefix: wip/}}\ncommands: {area: {do: {reopen: true}}}"))
    assert set(merged.families) == {"kind", "wip"}
    assert set(merged.commands) == {"wontfix", "area"}


def test_who_of_its_own_verb_wins_over_a_permission_of_the_base():
    assert "kind" not in extend(BASE, config("families: {kind: {prefix: k/, who: [read]}}")).permissions
    assert extend(BASE, config("families: {kind: {prefix: k/}}")).permissions["kind"] == ("write",)


@pytest.mark.parametrize("text", ["extends: none", "extends: none\ncommands: {x: {do: {reopen: true}}}"])
def test_a_file_that_extends_none_stands_alone(text):
    assert extend(BASE, config(text)) == config(text)


def test_files_of_one_directory_ignore_what_they_extend():
    merged = put_over(BASE, config("extends: none\nbots: [9]"))
    assert (merged.bots, merged.families) == ((9,), BASE.families)


FILES = st.lists(
    st.sampled_from(
        [
            *("bots: [7]", "commands: {wip: off}", "commands: {wip: {do: {reopen: true}}}", "families: {kind: off}"),
            *("families: {wip: {prefix: w/}}", "permissions: {close: [admin]}", "permissions: {close: off}"),
        ]
    ),
    max_size=3,
)


@given(FILES)
def test_extending_twice_changes_nothing_more(texts):
    for text in texts:
        own = config(text)
        once = extend(BASE, own)
        assert extend(once, own) == once


@given(FILES)
def test_no_verb_is_two_things_after_any_number_of_files(texts):
    merged = BASE
    for text in texts:
        merged = extend(merged, config(text))
        assert not set(merged.families) & set(merged.commands)
        assert not merged.off.commands & {*merged.families, *merged.commands}
