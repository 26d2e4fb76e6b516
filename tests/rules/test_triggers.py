from __future__ import annotations

import pytest

from app.rules import triggers
from tests.commands.world import config
from tests.rules.scenes import BOT, happened

TEXT = """
bots: [9]
rules:
  a: {"on": issue.opened, do: {comment: x}}
  b: {"on": [issue.labeled, pull_request.labeled], if: {label: ["kind/*"]}, do: {comment: x}}
  c: {"on": pull_request.labeled, if: {label: area/api}, do: {comment: x}}
  d: {"on": issue.closed, enabled: false, do: {comment: x}}
  e: {every: day, if: {state: open}, do: {comment: x}}
  f: {"on": issue.unlabeled, if: {label: bug}, do: {comment: x}}
  g: {"on": issue.unlabeled, do: {comment: x}}
"""


@pytest.mark.parametrize(
    ("what", "label", "pull", "expected"),
    [
        ("opened", "", False, True),
        ("opened", "", True, False),
        ("labeled", "Kind/Bug", False, True),
        ("labeled", "area/api", False, False),
        ("labeled", "area/api", True, True),
        ("closed", "", False, False),
        ("unlabeled", "anything", False, True),
    ],
)
def test_what_may_set_off_a_rule(what, label, pull, expected):
    told = triggers.read(triggers.of(config(TEXT)))
    assert told.set_off_by([happened(what, label, pull=pull)]) is expected
    assert told.set_off_by([]) is False


def test_bots_only_if_they_are_listed():
    listed, unlisted = (triggers.read(triggers.of(config(text))) for text in (TEXT, TEXT.replace("[9]", "[8]")))
    assert listed.set_off_by([happened("opened", sender=BOT)])
    assert not unlisted.set_off_by([happened("opened", sender=BOT)])


def test_without_rules_for_events_there_is_nothing_to_tell():
    assert triggers.of(config("bots: [9]")) == ""
    assert triggers.of(config("rules: {e: {every: day, if: {state: open}, do: {comment: x}}}")) == ""
    assert not triggers.read("").set_off_by([happened()])


def test_the_line_is_the_same_every_time():
    assert triggers.of(config(TEXT)) == triggers.of(config(TEXT))
