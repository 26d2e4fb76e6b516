"""Mistakes in rules: each with its line and column, and what to write instead; rules that set each other off."""

from __future__ import annotations

import pytest

from app.config.check import read
from app.config.merge import extend, put_over
from app.config.schema import RepositoryConfig

SERVER = read("rules: {stale: {every: day, enabled: false, if: {quiet: 60d}, do: {add_labels: stale}}}").config
assert SERVER is not None


def problems(rules: str, base: RepositoryConfig | None = SERVER) -> list[str]:
    return [str(problem).partition("yml:")[2] for problem in read(f"rules:\n{rules}", base=base).problems]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{do: {comment: x}}", "2:3: a rule has either `on` or `every`: exactly one of them"),
        ("{on: issue.opened, every: day, if: {state: open}, do: {comment: x}}", "2:3: a rule has either `on` or `every`"),
        ("{every: day, do: {comment: x}}", "2:3: a sweep without conditions would change every issue (say which"),
        ("{on: issue.opened, limit: 3, do: {comment: x}}", "2:25: `limit` is for sweeps"),
        ("{every: daily, if: {state: open}, do: {comment: x}}", "2:14: expected `hour`, `day`, `week` or a duration"),
        ("{every: day, if: {quiet: 14 days}, do: {comment: x}}", "2:31: expected a duration, as `30m`"),
        ("{every: day, if: {state: opened}, do: {comment: x}}", "2:31: expected open or closed, got `opened` (did you mean"),
        ("{every: day, if: {lables: x}, do: {comment: x}}", "2:24: unknown key `lables` (did you mean `labels`?)"),
        ("{every: day, if: {any: [{lables: x}]}, do: {comment: x}}", "2:31: unknown key `lables` (did you mean `labels`?)"),
        ("{every: day, if: {not: {is: isue}}, do: {comment: x}}", "2:34: expected issue, pull_request, draft or locked, got"),
        ("{every: day, if: {any: []}, do: {comment: x}}", "2:29: the list is empty"),
        ("{every: day, if: {author_role: triage}, do: {comment: x}}", "2:37: expected keys and values, got `triage`"),
        ("{every: day, if: {author_role: {}}, do: {comment: x}}", "2:24: it says nothing (as `{below: triage}`)"),
        ("{every: day, if: {field: {}}, do: {comment: x}}", "2:24: it names no field"),
        ("{every: day, if: {label: x}, do: {comment: x}}", "2:24: `label` stands only with `on: issue.labeled`"),
        ("{on: issue.opened, if: {any: [{label: x}]}, do: {comment: x}}", "2:37: `label` stands only with"),
        ("{on: [issue.labeled, issue.opened], if: {label: x}, do: {comment: x}}", "2:47: `label` stands only with"),
        ("{every: day, limit: 0, if: {state: open}, do: {comment: x}}", "2:26: the number must be at least 1"),
        ("{on: issue.opened, do: []}", "2:29: the list is empty"),
        ("{on: issue.opened, do: [{add_label: x}]}", "2:31: unknown key `add_label` (did you mean `add_labels`?)"),
        ("{on: issue.opened, do: [{close: true, comment: x}]}", "2:30: a step has one action"),
        ("{on: issue.opened, do: {comment: '{{ nobody }}'}}", "2:39: the template sees no `nobody`, only author, field"),
        ("{on: issue.labeled, if: {label: bug}, do: {remove_labels: BUG}}", "2:3: it takes back what sets it off: the label"),
        ("{on: issue.unlabeled, if: {label: b*}, do: {add_labels: bug}}", "2:3: it takes back what sets it off"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place(rule, expected):
    found = problems(f"  x: {rule}")
    assert len(found) == 1
    assert found[0].startswith(expected)


@pytest.mark.parametrize(
    "rule",
    [
        "{on: issue.labeled, if: {label: bug}, do: {remove_labels: requires triaging}}",
        "{on: issue.labeled, if: {labels: bug}, do: {remove_labels: bug}}",
        "{on: issue.opened, do: {comment: \"{{ title }} {{ field['Which?'] }}\"}}",
        "{on: [issue.labeled, pull_request.unlabeled], if: {label: x}, do: {comment: x}}",
        "{every: 6h, limit: 1000, if: {last_comment_by: author}, do: {close: true}}",
        "{every: week, if: {last_comment_by: {who: bot, at_least: read}}, do: {close: {reason: not_planned}}}",
    ],
)
def test_what_is_right_is_not_complained_about(rule):
    assert problems(f"  x: {rule}") == []


ADDS = "  a: {on: issue.labeled, if: {label: x}, do: [{add_labels: y}]}\n"
LOOP = "  b: {on: issue.labeled, if: {label: y}, do: [{remove_labels: y}, {add_labels: x}]}\n"


@pytest.mark.parametrize(
    ("rules", "loops"),
    [
        (f"{ADDS}{LOOP}", True),
        (ADDS, False),
        (f"{ADDS}  b: {{on: issue.labeled, if: {{label: y}}, do: [{{remove_labels: z}}, {{add_labels: x}}]}}\n", False),
        ("  a: {on: issue.closed, do: [{reopen: true}]}\n  b: {on: issue.reopened, do: [{close: true}]}\n", True),
        ("  a: {on: issue.unlabeled, if: {no_labels: k*}, do: {add_labels: n}}\n"
         "  b: {on: issue.labeled, if: {labels: k*}, do: {remove_labels: n}}\n", False),
        ("  a: {on: issue.unlabeled, do: {add_labels: n}}\n  b: {on: issue.labeled, do: {remove_labels: n}}\n", True),
        ("  a: {on: issue.labeled, if: {label: x}, do: {add_labels: '{{ label }}'}}\n"
         "  b: {on: issue.labeled, if: {label: y}, do: {remove_labels: '{{ label }}'}}\n", False),
        ("  a: {on: issue.closed, do: [{reopen: true}]}\n  b: {on: issue.opened, do: [{close: true}]}\n", False),
        ("  a: {on: issue.opened, do: {add_labels: n}}\n  b: {on: issue.labeled, do: {remove_labels: n}}\n", False),
        ("  a: {on: issue.unlabeled, if: {no_labels: 'k*'}, do: [{add_labels: new}]}\n"
         "  b: {on: issue.labeled, if: {no_labels: new}, do: [{remove_labels: new}]}\n", False),
    ],
)  # fmt: skip
def test_rules_that_set_each_other_off_are_found(rules, loops):
    found = [problem for problem in problems(rules) if "set each other off" in problem]
    assert bool(found) is loops


def test_a_loop_over_a_third_rule_is_found():
    rules = (
        "  a: {on: issue.labeled, if: {label: x}, do: [{add_labels: y}]}\n"
        "  b: {on: issue.labeled, if: {label: y}, do: [{close: true}]}\n"
        "  c: {on: issue.closed, do: [{remove_labels: y}, {add_labels: x}]}\n"
    )
    assert any("`a` and `c` set each other off and turn the label `y`" in problem for problem in problems(rules))


def test_too_many_rules_are_refused_at_once():
    many = "".join(f"  r{n}: {{on: issue.labeled, do: {{comment: x}}}}\n" for n in range(101))
    assert problems(many) == ["1:1: there are 101 rules, at most 100 are allowed"]


@pytest.mark.parametrize("word", ["on", "off"])
def test_only_rules_that_exist_can_be_switched(word):
    assert problems(f"  stale: {word}") == []
    assert problems(f"  stall: {word}") == ["2:3: there is no rule `stall` (did you mean `stale`?)"]
    (note,) = problems(f"  stall: {word}", None)
    assert note.startswith("2:3: note: no rule `stall` here")


def own(text: str) -> RepositoryConfig:
    config = read(text, base=SERVER).config
    assert config is not None
    return config


def test_a_rule_of_the_server_is_switched_on_and_off():
    assert not SERVER.rules["stale"].enabled
    assert extend(SERVER, own("rules: {stale: on}")).rules["stale"].enabled
    on = put_over(own("rules: {stale: on}"), SERVER)
    assert on.rules["stale"].enabled
    assert "stale" not in extend(on, own("rules: {stale: off}")).rules
    assert extend(SERVER, own("extends: none\nversion: 1")).rules == {}


def test_a_rule_of_ones_own_goes_over_the_servers():
    mine = own("rules: {stale: {every: week, if: {quiet: 9w}, do: {close: true}}}")
    found = extend(SERVER, mine).rules["stale"]
    assert (found.every, found.enabled) == ("week", True)
