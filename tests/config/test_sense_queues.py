from __future__ import annotations

import pytest

from app.config.check import read
from app.config.defaults import load
from app.config.merge import extend
from app.core.filter import from_words

SERVER = load()
ORDERS = "oldest, newest, updated, quiet, comments, reactions or waiting"
MINE = "`@me` is whoever looks: each person sees another list, and without signing in an empty one"
TEXT = "put it in quotes to look for the text"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('queues: {a: {filter: "is:open lable:bug"}}', "1:31: there is no qualifier `lable:` (did you mean `label:`?)"),
        ("queues:\n  a:\n    filter: is:open is:opne", "3:21: `is:` has no `opne` (did you mean `open`?)"),
        ("queues:\n  a: {filter: 'age:old'}", "2:15: `old` is not a span of time, as `>30d`, `<7d` or `30d..90d`"),
        ("queues:\n  a:\n    filter: |\n      is:open\n      x:y", f"3:13: there is no qualifier `x:` ({TEXT})"),
        ("queues: {a: {filter: sort:newest, sort: oldest}}", "1:35: the filter says the order already (say it once)"),
        ("queues: {a: {filter: is:open, sort: oldst}}", f"1:37: expected {ORDERS}, got `oldst` (did you mean `oldest`?)"),
        ("queues: {a: {title: x}}", "1:10: the key `filter` is missing"),
        ("queues: {to-triag: off}", "1:10: there is no queue `to-triag` (did you mean `to-triage`?)"),
        ('queues: {a: {filter: "assignee:@me"}}', f"1:22: note: {MINE}"),
    ],
)  # fmt: skip
def test_a_slip_in_a_queue_has_its_line_and_column(text: str, said: str):
    assert [str(problem) for problem in read(text, filename="f", base=SERVER).problems] == [f"f:{said}"]


def test_every_slip_is_told():
    problems = read('queues: {a: {filter: "foo:x is:nothing"}, b: {filter: "label:"}}', base=SERVER).problems
    assert [problem.column for problem in problems] == [22, 29, 55]


def test_there_is_a_bound():
    text = "queues:\n" + "".join(f"  q{n}: {{filter: is:open}}\n" for n in range(101))
    assert [problem.message for problem in read(text, base=SERVER).errors] == [
        "there are 101 queues, at most 100 are allowed"
    ]


def test_a_team_switches_one_of_the_servers_off_and_says_another_anew():
    own = read("queues: {to-triage: off, no-answer: {filter: is:open}, ours: {filter: is:pr}}", base=SERVER)
    assert own.problems == ()
    assert own.config is not None
    queues = extend(SERVER, own.config).queues
    assert queues.keys() == SERVER.queues.keys() - {"to-triage"} | {"ours"}
    assert queues["no-answer"].filter == "is:open"


def test_without_a_base_a_name_that_is_switched_off_may_be_the_servers():
    assert [problem.severity for problem in read("queues: {anything: off}").problems] == ["note"]


def test_the_servers_queues_say_how_an_issue_leaves_them():
    assert len(SERVER.queues) == 5
    for queue in SERVER.queues.values():
        assert queue.title
        assert queue.resolution
        assert from_words(queue.filter).slips == ()
