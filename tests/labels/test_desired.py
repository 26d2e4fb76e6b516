"""Rows of the server, the organization and the repository, laid over each other."""

from __future__ import annotations

import pytest

from app.config import check
from app.labels.desired import desired


def layers(*texts: str):
    found = [check.read(text) for text in texts]
    assert [str(problem) for one in found for problem in one.errors] == []
    return [one.config for one in found]


def names(*texts: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.name, row.previously) for row in desired(layers(*texts)).rows]


def test_each_layer_adds_its_own():
    assert names("labels: [{name: bug}]", "labels: [{name: docs}]", "labels: [{name: mine}]") == [
        ("bug", ()),
        ("docs", ()),
        ("mine", ()),
    ]


def test_the_upper_row_counts_whole():
    found = desired(layers("labels: [{name: bug, color: 'd73a4a', description: Old}]", "labels: [{name: BUG}]")).rows
    assert [(row.name, row.color, row.description) for row in found] == [("BUG", None, None)]


@pytest.mark.parametrize(
    ("lower", "upper", "found"),
    [
        (
            "labels: [{name: a11y}]",
            "labels: [{name: accessibility, previously: [A11y]}]",
            [("accessibility", ("A11y",))],
        ),
        (
            "labels: [{name: accessibility, previously: [a11y, access]}]",
            "labels: [{name: A11y}]",
            [("accessibility", ("access",)), ("A11y", ())],
        ),
        (
            "labels: [{name: one, previously: [old]}]",
            "labels: [{name: two, previously: [old]}]",
            [("one", ()), ("two", ("old",))],
        ),
        ("labels: [{name: bug}]", "extends: none\nlabels: [{name: mine}]", [("mine", ())]),
        ("labels: [{name: bug}]", "extends: none", []),
    ],
)
def test_what_the_upper_says_of_a_name_is_all_that_counts(lower, upper, found):
    assert names(lower, upper) == found


@pytest.mark.parametrize(
    ("texts", "apply"),
    [
        ([""], False),
        (["labels_sync: apply"], True),
        (["labels_sync: apply", ""], True),
        (["labels_sync: apply", "labels_sync: plan"], False),
        (["", "labels_sync: apply", "labels: [{name: a}]"], True),
        (["labels_sync: apply", "extends: none"], False),
    ],
)
def test_whether_a_push_changes_labels(texts, apply):
    assert desired(layers(*texts)).apply is apply
