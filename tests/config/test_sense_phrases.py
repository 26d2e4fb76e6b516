"""`phrases` in a configuration: what is wrong is told with its line and column, and what a team changes counts."""

from __future__ import annotations

import pytest

from app.config import defaults
from app.config.check import read
from app.config.merge import extend

SERVER = defaults.load()


def problems(text: str) -> list[str]:
    return [
        f"{p.line}:{p.column} {p.message}" + (f" ({p.suggestion})" if p.suggestion else "")
        for p in read(text, base=SERVER).problems
    ]


def one(body: str) -> list[str]:
    return problems(f"phrases:\n  later:\n{body}")


@pytest.mark.parametrize(
    "body",
    [
        "    says: not now\n    do: {add_labels: later}",
        "    says: [not now, some other day]\n    run: /close not-planned",
        "    says: ['not for {what}']\n    args: {what: {type: word}}\n    run: /out-of-scope {{ what }}",
        "    says: hear hear\n    as: note",
        "    says: behind closed doors\n    as: private\n    sure: false",
    ],
)
def test_good_ones(body):
    assert one(body) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    run: /close", ["2:3 the key `says` is missing"]),
        ("    says: x", ["2:3 a phrase means one thing: exactly one of `run`, `do` and `as`"]),
        (
            "    says: x\n    run: /close\n    as: note",
            ["2:3 a phrase means one thing: exactly one of `run`, `do` and `as`"],
        ),
        ("    says: x\n    as: notes", ["4:9 expected note, carry or private, got `notes` (did you mean `note`?)"]),
        ("    says: x\n    run: /clsoe", ["4:10 there is no verb `clsoe` (did you mean `close`?)"]),
        ("    says: x\n    run: close it", ["4:10 expected one command, as `/close not-planned`"]),
        ("    says: x\n    run: /close {{ what }}", ["4:10 the template sees no `what`, only issue, repository, sender"]),
        ("    says: x\n    do: {ad_labels: y}", ["4:9 unknown key `ad_labels` (did you mean `add_labels`?)"]),
        ("    says: x\n    do: {comment: '{{ what }}'}", ["4:19 the template sees no `what`, only issue, repository, sender"]),
        ("    says: '{x} y'\n    as: note", ["3:11 the phrase has a place `{x}`, but `args` has no such name"]),
        ("    says: [a, 'b [c']\n    as: note", ["3:15 a bracket of the phrase is not closed"]),
        (
            "    says: a\n    as: note\n    args: {target: {type: issue}}",
            ["5:12 `{target}` is known already: the issue that is meant"],
        ),
        ("    say: a\n    as: note", ["2:3 the key `says` is missing", "3:5 unknown key `say` (did you mean `says`?)"]),
    ],
)  # fmt: skip
def test_every_mistake_has_its_place(body, said):
    found = one(body)
    assert [text[: len(expected)] for text, expected in zip(found, said, strict=True)] == said


def test_what_is_switched_off_must_be_there():
    assert problems("phrases: {pr-welcome: off}") == []
    assert problems("phrases: {pr-wellcome: off}") == [
        "1:11 there is no phrase `pr-wellcome` (did you mean `pr-welcome`?)"
    ]
    told = read("phrases: {pr-wellcome: off}").problems
    assert [problem.severity for problem in told] == ["note"]


def test_there_is_a_limit():
    many = "\n".join(f"  p{n}: {{says: x, as: note}}" for n in range(101))
    assert problems(f"phrases:\n{many}") == ["1:1 at most 100 phrases with 400 ways to say them are allowed"]


def test_a_team_replaces_and_switches_off():
    own = read(
        "phrases: {pr-welcome: off, close: {says: shut it, run: /close}, later: {says: later, as: carry}}", base=SERVER
    )
    assert own.config is not None
    merged = extend(SERVER, own.config)
    assert "pr-welcome" not in merged.phrases
    assert merged.phrases["close"].says == ("shut it",)
    assert merged.phrases["later"].as_ == "carry"
    assert merged.phrases["milestone"] == SERVER.phrases["milestone"]
    alone = read("extends: none\nphrases: {later: {says: later, as: carry}}").config
    assert alone is not None
    assert set(extend(SERVER, alone).phrases) == {"later"}


def test_the_shipped_ones_are_there():
    expected = {"out-of-scope", "milestone", "close", "duplicate", "pr-welcome", "user-test", "support"}
    assert expected <= set(SERVER.phrases)
