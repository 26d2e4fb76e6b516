from __future__ import annotations

import json

from app.core.actions import AddLabels, Close, Comment, SetMilestone
from app.core.plan import Outcome, Plan
from app.core.values import Issue, Person, Ref
from app.engine.audit import audited, results
from app.engine.performing import Performed
from app.store import records
from app.store.deliveries import Delivery
from app.store.tables import audit
from tests.engine.letters import EMPTY

ANN = Person(1, "ann")
HOME, AWAY = Ref("acme/widgets", 12), Ref("acme/gadgets", 7)
ISSUE = Issue(HOME, 1012, "It broke", ANN, labels=("old",))
DELIVERY = Delivery(**(EMPTY | {"seq": 3, "guid": "g", "repository_id": 77, "number": 12, "attempt": 2}))


def plan(*outcomes: Outcome) -> Plan:
    actions = tuple(action for outcome in outcomes for action in outcome.actions)
    return Plan(outcomes, actions, (ISSUE,))


def done(line: int, command: str, *actions: object) -> Outcome:
    return Outcome(line, command, HOME, "done", actions=actions)


def test_each_effect_is_a_row_with_before_and_after():
    label, milestone = AddLabels(HOME, ("bug",)), SetMilestone(HOME, 1, "v1")
    made = plan(done(1, "a11y", label, milestone))
    performed = [Performed(label, 77, {"after": ["old", "bug"]}), Performed(milestone, 77, {"after": 1})]
    first, second = audited(DELIVERY, ANN, made, performed, now=99)
    assert (first["seq"], first["attempt"], first["place"], second["place"]) == (3, 2, 0, 1)
    assert (first["repository_id"], first["number"], first["actor_id"], first["actor"]) == (77, 12, 1, "ann")
    assert (first["command"], first["action"], first["at"]) == ("a11y", "AddLabels", 99)
    assert json.loads(first["before"])["labels"] == ["old"]
    assert json.loads(first["after"])["answer"] == ["old", "bug"]
    assert json.loads(second["after"])["title"] == "v1"


def test_an_effect_elsewhere_is_a_row_of_that_repository():
    away = AddLabels(AWAY, ("bug",))
    (row,) = audited(DELIVERY, ANN, plan(done(1, "label", away)), [Performed(away, 78, {"after": ["bug"]})], 1)
    assert (row["repository_id"], row["number"]) == (78, 7)
    assert json.loads(row["before"]) is None


def test_what_did_not_happen_is_no_row_and_what_happened_in_part_is_one():
    label, close = AddLabels(HOME, ("bug", "no such")), Close(HOME)
    performed = [
        Performed(label, 77, {"refused": "GitHub did not add no such.", "after": ["bug"], "partly": True}),
        Performed(close, 77, {"refused": "GitHub left the state as it was.", "after": "open"}),
    ]
    rows = audited(DELIVERY, ANN, plan(done(1, "label", label), done(2, "close", close)), performed, 1)
    assert [row["action"] for row in rows] == ["AddLabels"]
    assert results({row["place"]: row["after"] for row in rows}) == {0: performed[0].result}


def test_what_an_earlier_attempt_did_is_no_row_again():
    label, close = AddLabels(HOME, ("bug",)), Close(HOME)
    performed = [Performed(label, 77, {"after": ["bug"]}, earlier=True), Performed(close, 77, {"after": "closed"})]
    (row,) = audited(DELIVERY, ANN, plan(done(1, "label", label), done(2, "close", close)), performed, 1)
    assert (row["place"], row["action"]) == (1, "Close")


def test_a_row_names_the_commands_that_wanted_it_each_once():
    one, two, elsewhere = AddLabels(HOME, ("a",)), AddLabels(HOME, ("b",)), AddLabels(AWAY, ("c",))
    outcomes = (done(1, "label", one), done(2, "a11y", two), done(3, "label", two), done(4, "confirm", elsewhere))
    both = AddLabels(HOME, ("a", "b"))
    (row,) = audited(DELIVERY, ANN, Plan(outcomes, (both,)), [Performed(both, 77, {"after": ["a", "b"]})], 1)
    assert row["command"] == "label a11y"


def test_a_comment_is_of_the_line_that_wanted_it():
    first, second = Comment(HOME, "one", "1.0"), Comment(HOME, "two", "2.0")
    outcomes = (done(1, "greet", first), done(2, "confirm", second))
    performed = [Performed(first, 77, {"after": 900}), Performed(second, 77, {"after": 901})]
    rows = audited(DELIVERY, ANN, Plan(outcomes, (first, second)), performed, 1)
    assert [row["command"] for row in rows] == ["greet", "confirm"]


def test_the_rows_fit_into_the_table(database):
    label = AddLabels(HOME, ("bug",))
    rows = audited(DELIVERY, ANN, plan(done(1, "label", label)), [Performed(label, 77, {"after": ["bug"]})], 5)
    with database.transaction() as conn:
        records.keep_audit(conn, rows)
        kept = conn.execute(audit.select()).one()
    assert {name: kept._mapping[name] for name in rows[0]} == rows[0]
