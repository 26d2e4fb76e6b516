from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.names import fits
from app.core.values import Role
from app.rules.conditions import asks_author, asks_speaker, asks_speakers_role, holds
from app.rules.scene import History
from tests.rules.scenes import BOT, ERNEST, NOW, STRANGER, SUMANA, conditions, happened, scene

OLD = {"created_at": NOW - timedelta(days=30), "updated_at": NOW - timedelta(days=14)}


@pytest.mark.parametrize(
    ("text", "issue", "expected"),
    [
        ("{}", {}, True),
        ("{state: open}", {}, True),
        ("{state: open}", {"open": False}, False),
        ("{state: closed}", {"open": False}, True),
        ("{labels: requires triaging}", {}, True),
        ('{labels: ["REQUIRES*"]}', {}, True),
        ('{labels: ["kind/*"]}', {"labels": ("Kind/Bug",)}, True),
        ('{labels: ["kind/*", "area/*"]}', {"labels": ("kind/bug",)}, False),
        ('{labels: ["kind/*", "area/*"]}', {"labels": ("kind/bug", "area/api")}, True),
        ('{labels: "C#"}', {"labels": ("C#",)}, True),
        ('{labels: "bug [old]"}', {"labels": ("bug [old]",)}, True),
        ('{no_labels: ["kind/*", "area/*"]}', {}, True),
        ('{no_labels: ["kind/*", "area/*"]}', {"labels": ("area/api",)}, False),
        ("{milestone: none}", {}, True),
        ("{milestone: none}", {"milestone": 1}, False),
        ('{milestone: "*"}', {}, False),
        ('{milestone: ["otf *"]}', {"milestone": 1}, True),
        ('{milestone: ["otf *"]}', {"milestone": 2}, False),
        ("{assignee: none}", {}, True),
        ('{assignee: "*"}', {}, False),
        ('{assignee: [none, "E*"]}', {"assignees": ("ewdurbin",)}, True),
        ("{author: passer-by}", {}, True),
        ("{author: ewdurbin}", {}, False),
        ('{title: "*token*"}', {}, True),
        ('{title: ["crash", "tok"]}', {}, False),
        ("{age: 30d}", OLD, True),
        ("{age: 5w}", OLD, False),
        ("{quiet: 14d}", OLD, True),
        ("{quiet: 15d}", OLD, False),
        ("{quiet: 14d}", {}, False),
        ("{is: issue}", {}, True),
        ("{is: [pull_request, draft]}", {"pull_request": True}, False),
        ("{is: [pull_request, draft]}", {"pull_request": True, "draft": True}, True),
        ("{is: locked}", {}, False),
        ("{any: [{state: closed}, {labels: requires triaging}]}", {}, True),
        ("{any: [{state: closed}, {labels: nothing}]}", {}, False),
        ("{not: {state: closed}}", {}, True),
        ("{not: {labels: requires triaging}}", {}, False),
        ("{state: open, milestone: '*'}", {}, False),
    ],
)
def test_each_condition(text, issue, expected):
    assert holds(conditions(text), scene(**issue)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{label: ["kind/*"]}', True),
        ("{label: [area/docs, KIND/BUG]}", True),
        ("{label: area/docs}", False),
    ],
)
def test_the_label_is_the_one_that_was_just_added(text, expected):
    assert holds(conditions(text), scene(happened("labeled", "kind/bug"))) is expected
    assert holds(conditions(text), scene(happened())) is False
    assert holds(conditions(text), scene()) is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{field: {Component: API}}", True),
        ('{field: {component: ["x", "a*"]}}', True),
        ("{field: {Component: AP}}", False),
        ("{field: {Other: '*'}}", False),
        ("{field: {Empty: '*'}}", False),
        ("{field: {Component: API, Empty: '*'}}", False),
    ],
)
def test_answers_of_a_form(text, expected):
    assert holds(conditions(text), scene(answers={"Component": "API", "Empty": ""})) is expected


def test_what_a_rule_did_itself_ends_the_quiet():
    acted = History(acted_at=NOW - timedelta(days=1))
    assert holds(conditions("{quiet: 14d}"), scene(**OLD, history=acted)) is False


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        ("author", STRANGER, True),
        ("author", SUMANA, False),
        ("someone_else", SUMANA, True),
        ("someone_else", BOT, False),
        ("bot", BOT, True),
        ("bot", STRANGER, False),
        ("{at_least: triage}", SUMANA, True),
        ("{at_least: triage}", ERNEST, None),
        ("{at_least: triage, who: author}", SUMANA, False),
        ("{below: triage}", SUMANA, False),
        ("{below: triage}", STRANGER, True),
    ],
)
def test_who_spoke_last(text, speaker, expected):
    roles = {SUMANA.id: Role.WRITE, STRANGER.id: Role.READ}
    found = holds(conditions(f"{{last_comment_by: {_whole(text)}}}"), scene(speaker=speaker, comments=3, roles=roles))
    assert found is expected


def _whole(text: str) -> str:
    return text if "{" in text else f"{{who: {text}}}"


def test_where_nobody_commented_the_author_spoke_last():
    assert holds(conditions("{last_comment_by: {who: author}}"), scene(comments=0)) is True
    assert holds(conditions("{last_comment_by: {who: author}}"), scene(comments=2)) is None


@pytest.mark.parametrize(
    ("text", "roles", "expected"),
    [
        ("{author_role: {below: triage}}", {}, None),
        ("{author_role: {below: triage}}", {STRANGER.id: Role.READ}, True),
        ("{author_role: {below: triage}}", {STRANGER.id: Role.TRIAGE}, False),
        ("{author_role: {at_least: triage}}", {STRANGER.id: Role.TRIAGE}, True),
        ("{author_role: {at_least: read, below: write}}", {STRANGER.id: Role.WRITE}, False),
        ("{author_role: {below: triage}}", {STRANGER.id: None}, None),
        ("{not: {author_role: {below: triage}}}", {STRANGER.id: None}, None),
        ("{author_role: {below: triage}, state: closed}", {}, False),
        ("{any: [{author_role: {below: triage}}, {state: open}]}", {}, True),
    ],
)
def test_a_role_that_is_not_known_is_asked_for_only_where_it_decides(text, roles, expected):
    assert holds(conditions(text), scene(roles=roles)) is expected


def test_what_must_be_asked():
    inner = conditions("{any: [{not: {author_role: {below: triage}}}, {last_comment_by: {at_least: triage}}]}")
    assert (asks_author(inner), asks_speaker(inner), asks_speakers_role(inner)) == (True, True, True)
    plain = conditions("{last_comment_by: {who: author}}")
    assert (asks_author(plain), asks_speaker(plain), asks_speakers_role(plain)) == (False, True, False)


@given(st.text(max_size=30))
def test_a_name_fits_itself_whatever_it_is(name):
    assert fits((name,), name)
    assert fits((name,), name.upper().lower()) or name.lower() != name.upper().lower()
