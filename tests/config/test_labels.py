"""Labels as code: what `rounds check` says of the rows."""

from __future__ import annotations

import pytest

from app.config import check
from app.config.schema import RepositoryConfig

FAMILIES = "families: {kind: {prefix: kind/}, size: {labels: [big, Small]}}\n"
BASE = check.read(FAMILIES).config
ROW = "labels: [{name: %s}]"


def said(text: str, base: RepositoryConfig | None = BASE) -> list[str]:
    return [str(problem) for problem in check.read(text, filename="f", base=base).problems]


GOOD = {
    "whole": "labels: [{name: kind/bug, color: 'd73a4a', description: It broke, family: kind, previously: [bug, Bug 2]}]",
    "one former name": "labels: [{name: bug, previously: defect}]",
    "archived": "labels: [{name: old, archived: true}]\nlabels_sync: apply",
    "names of all kinds": "labels: [{name: 'bug 🐛'}, {name: 'C#'}, {name: 'UX/UI'}, {name: 'a, b'}, {name: ':tada:'}]",
    "family by its list": "labels: [{name: small, family: size}]",
    "family of the same file": "families: {prio: {prefix: p/}}\nlabels: [{name: p/1, family: prio}]",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_good(text):
    assert said(text) == []


BAD = {
    "twice": (
        "labels: [{name: bug}, {name: Bug}]",
        "f:1:30: the label `Bug` stands here twice (GitHub ignores case: keep one)",
    ),
    "former is present": (
        "labels: [{name: bug, previously: [BUG]}]",
        "f:1:35: `BUG` is the label's present name (take it out of `previously`)",
    ),
    "former is wanted": (
        "labels: [{name: a}, {name: b, previously: A}]",
        "f:1:43: `A` is a label of its own here (one row wants it, the other renames it: keep one of them)",
    ),
    "former of two": (
        "labels: [{name: a, previously: [x]}, {name: b, previously: [X]}]",
        "f:1:61: two labels were previously `X` (keep it where its issues shall go)",
    ),
    "no such family": (
        "labels: [{name: a, family: kin}]",
        "f:1:28: there is no family `kin` (did you mean `kind`?)",
    ),
    "not of its prefix": (
        "labels: [{name: bug, family: kind}]",
        "f:1:30: labels of the family `kind` begin with `kind/` (change the name, or take the family out)",
    ),
    "not in its list": (
        "labels: [{name: bug, family: size}]",
        "f:1:30: the family `size` does not list this label (add it there, or take the family out)",
    ),
    "colour": (
        "labels: [{name: a, color: red}]",
        'f:1:27: expected six hexadecimal digits in quotes, as "d4c5f9", got `red`',
    ),
    "colour that is a number": (
        "labels: [{name: a, color: 123456}]",
        "f:1:27: expected a text, got `123456` (put it in quotes)",
    ),
    "too long": (
        f"labels: [{{name: a, description: {'x' * 101}}}]",
        "f:1:33: the text is too long, at most 100 characters are allowed",
    ),
    "long name": (ROW % ("x" * 51), "f:1:17: a label's name has at most 50 characters, this one has 51"),
    "dots": (ROW % "'..'", "f:1:17: `..` can't be a label's name: GitHub's API can't be asked for it"),
    "spaces": (
        ROW % "' a'",
        "f:1:17: GitHub takes spaces at the beginning and at the end away: leave them out",
    ),
    "line end": (ROW % '"a\\nb"', "f:1:17: line ends and control characters can't stand here"),
    "unknown key": (
        "labels: [{name: a, colour: 'ff0000'}]",
        "f:1:20: unknown key `colour` (did you mean `color`?)",
    ),
    "too many": (
        f"labels: [{', '.join(f'{{name: a{number}}}' for number in range(501))}]",
        "f:1:6900: there are 501 labels, at most 500 are allowed",
    ),
    "what a push does": (
        "labels_sync: applied",
        "f:1:14: expected plan or apply, got `applied` (did you mean `apply`?)",
    ),
}


@pytest.mark.parametrize(("text", "problem"), BAD.values(), ids=BAD)
def test_bad(text, problem):
    assert said(text) == [problem]


def test_without_the_server_a_family_may_be_its():
    text = "labels: [{name: a, family: kind}]"
    assert said(text, None) == ["f:1:28: note: there is no family `kind` here; right only if the server has it"]
    assert said(f"extends: none\n{text}") == ["f:2:28: there is no family `kind`"]


def test_a_family_that_is_switched_off_is_none():
    (problem,) = said("families: {kind: off}\nlabels: [{name: kind/a, family: kind}]")
    assert problem.startswith("f:2:33: there is no family `kind`")
