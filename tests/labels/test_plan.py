"""From the labels that shall be and those that are to the smallest set of writes."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.labels import LabelRow
from app.core.values import Label
from app.errors import Mistake
from app.labels.plan import check_count, deleting, plan
from app.labels.steps import Change, Create, Delete, LabelPlan, Merge, Unfinished, Unknown


def row(name: str, **more: object) -> LabelRow:
    return LabelRow.model_validate({"name": name, **more})


def there(*names: str, color: str = "ededed") -> list[Label]:
    return [Label(number, name, color) for number, name in enumerate(names, 1)]


CASES = {
    "nothing is wanted": ([], there("bug"), ()),
    "it is so already": ([row("bug", color="EDEDED", description="")], there("bug"), ()),
    "what the row leaves open stays": ([row("bug")], [Label(1, "bug", "d73a4a", "It broke")], ()),
    "created": ([row("bug", color="#D73A4A", description="It broke")], [], (Create("bug", "d73a4a", "It broke"),)),
    "created in grey": ([row("bug")], [], (Create("bug", "ededed", ""),)),
    "recoloured": ([row("bug", color="D73A4A")], there("bug"), (Change("bug", 3, color="d73a4a"),)),
    "described": ([row("bug", description="It broke")], there("bug"), (Change("bug", 3, description="It broke"),)),
    "description taken away": (
        [row("bug", description="")],
        [Label(1, "bug", "ededed", "Old")],
        (Change("bug", 3, description=""),),
    ),
    "only the case differs": ([row("Bug")], there("bug"), (Change("bug", 3, new_name="Bug"),)),
    "renamed, with its issues": (
        [row("accessibility", previously=["A11Y"], color="0e8a16")],
        there("a11y"),
        (Change("a11y", 3, new_name="accessibility", color="0e8a16"),),
    ),
    "both exist: merged": (
        [row("accessibility", previously=["a11y"])],
        there("accessibility", "a11y"),
        (Merge("a11y", "accessibility", 5),),
    ),
    "two former ones: the fuller is renamed": (
        [row("accessibility", previously=["a11y", "access"])],
        there("a11y", "access"),
        (Change("access", 5, new_name="accessibility"), Merge("a11y", "accessibility", 3)),
    ),
    "archived": (
        [row("old", archived=True, description="Of 2019")],
        [Label(1, "old", "ff0000", "Of 2019")],
        (Change("old", 3, color="ededed", description="Archived: Of 2019", archives=True),),
    ),
    "archived without words": (
        [row("old", archived=True)],
        there("old"),
        (Change("old", 3, description="Archived", archives=True),),
    ),
    "archived with what was there": (
        [row("old", archived=True, color="111111")],
        [Label(1, "old", "111111", "Mine")],
        (Change("old", 3, description="Archived: Mine", archives=True),),
    ),
    "archived already": (
        [row("old", archived=True, description="x" * 100)],
        [Label(1, "old", "ededed", f"Archived: {'x' * 89}…")],
        (),
    ),
    "what is archived is not made": ([row("old", archived=True)], [], ()),
    "in use again": (
        [row("old")],
        [Label(1, "old", "ededed", "Archived: Mine")],
        (Change("old", 3, description="Mine"),),
    ),
    "a description that only begins so": ([row("old")], [Label(1, "old", "ededed", "Archived mail")], ()),
}


@pytest.mark.parametrize(("rows", "present", "steps"), CASES.values(), ids=CASES)
def test_what_is_done(rows, present, steps):
    assert plan(rows, present, {1: 3, 2: 5}).steps == steps


def test_the_order_lets_each_step_find_what_it_needs():
    rows = [row("c", previously=["d"]), row("new", previously=["x", "y"]), row("made")]
    made = plan(rows, there("c", "d", "x", "y"), {3: 2})
    assert made.steps == (
        Create("made", "ededed", ""),
        Change("x", 2, new_name="new"),
        Merge("d", "c", 0),
        Merge("y", "new", 0),
    )


def test_unknown_labels_are_told_and_left_alone():
    made = plan([row("bug")], there("bug", "mine", "theirs"), {2: 7})
    assert made == LabelPlan((), (Unknown("mine", 7), Unknown("theirs", 0)))


def test_unknown_labels_go_by_name_and_by_count():
    made = plan([row("bug")], there("bug", "mine", "theirs"), {2: 7})
    assert deleting(made, ["mine"]) == LabelPlan((Delete("mine", 7),), (Unknown("theirs", 0),))
    check_count([made, LabelPlan()], 2)
    with pytest.raises(Mistake, match=r"^2 labels are unknown here, not 3: "):
        check_count([made], 3)
    with pytest.raises(Mistake, match=r"^1 label is unknown here, not 0: "):
        check_count([plan([row("a")], there("b"), {})], 0)


@pytest.mark.parametrize(
    ("begun", "steps"),
    [
        (Unfinished("a11y", "Accessibility", 4), (Merge("a11y", "accessibility", 4),)),
        (Unfinished("a11y", "accessibility", 0), ()),
        (Unfinished("a11y", "elsewhere", 4), ()),
        (Unfinished("other", "accessibility", 4), ()),
    ],
)
def test_a_merge_whose_label_is_gone_goes_on_while_issues_wait(begun, steps):
    assert plan([row("accessibility", previously=["a11y"])], there("accessibility"), {}, [begun]).steps == steps


def test_a_merge_that_was_begun_is_planned_once():
    made = plan(
        [row("b", previously=["a"])], there("a", "b"), {1: 9}, [Unfinished("a", "b", 4), Unfinished("a", "b", 2)]
    )
    assert made.steps == (Merge("a", "b", 9),)


# -- for any labels ------------------------------------------------------------------------------------------------

NAMES = [f"{first}{second}" for first in "abAB" for second in ("", "/x", " y", ",z", "🐛")]
name = st.sampled_from(NAMES)
text = st.sampled_from(["", "One", "Archived", "Archived: one", "x" * 100])
color = st.sampled_from(["ededed", "D4C5F9", "#0e8a16"])


@st.composite
def wanted(draw: st.DrawFn) -> list[LabelRow]:
    """Rows as `rounds check` lets them pass: no name twice, in whatever case and place."""
    free = draw(st.permutations(sorted({one.lower(): one for one in draw(st.lists(name))}.values())))
    rows, names = [], iter(free)
    for own in names:
        former = [next(names, "") for _ in range(draw(st.integers(0, 2)))]
        rows.append(
            row(
                own,
                color=draw(st.none() | color),
                description=draw(st.none() | text),
                archived=draw(st.booleans()),
                previously=[one for one in former if one],
            )
        )
    return rows


@st.composite
def present(draw: st.DrawFn) -> list[Label]:
    names = {one.lower(): one for one in draw(st.lists(name))}.values()
    return [Label(number, one, draw(color).removeprefix("#"), draw(text)) for number, one in enumerate(names, 1)]


def done(made: LabelPlan, labels: list[Label]) -> list[Label]:
    """What GitHub has after the plan."""
    ids = count(1000)
    after = {label.name.lower(): label for label in labels}
    for step in made.steps:
        match step:
            case Create():
                assert step.name.lower() not in after
                after[step.name.lower()] = Label(next(ids), step.name, step.color, step.description)
            case Change():
                old = after.pop(step.name.lower())
                new = {"name": step.new_name, "color": step.color, "description": step.description}
                label = replace(old, **{key: value for key, value in new.items() if value is not None})
                assert label.name.lower() not in after
                after[label.name.lower()] = label
            case Merge():
                assert step.into.lower() in after
                del after[step.source.lower()]
            case Delete():
                del after[step.name.lower()]
    return list(after.values())


@given(wanted(), present(), st.booleans())
def test_the_second_run_is_empty(rows, labels, clean):
    made = plan(rows, labels, {})
    if clean:
        made = deleting(made, [label.name for label in made.unknown])
    after = done(made, labels)
    assert plan(rows, after, {}).steps == ()
    names = {label.name for label in after}
    assert {one.name for one in rows if not one.archived} <= names
    assert not names & {former for one in rows for former in one.previously}


@given(wanted(), present())
def test_what_nobody_described_is_never_touched(rows, labels):
    described = {one.lower() for row_ in rows for one in (row_.name, *row_.previously)}
    strangers = [label for label in labels if label.name.lower() not in described]
    made = plan(rows, labels, {})
    assert [one for one in done(made, labels) if one in strangers] == strangers
    assert {one.name for one in made.unknown} == {one.name for one in strangers}
