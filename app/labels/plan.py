"""From the labels that shall be and those that are: the smallest set of writes. Done once, the next plan is empty."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from app.config.labels import LONGEST_DESCRIPTION, LabelRow
from app.core.text import clip
from app.core.values import Label
from app.errors import Mistake
from app.labels.desired import key
from app.labels.steps import ARCHIVED, GREY, Change, Create, Delete, LabelPlan, Merge, Step, Unfinished, Unknown

_ORDER = (Create, Change, Merge, Delete)
"""What is merged into must be there first, with its present name."""


def plan(
    rows: Sequence[LabelRow], present: Iterable[Label], counts: Mapping[int, int], unfinished: Sequence[Unfinished] = ()
) -> LabelPlan:
    """`counts`: issues and pull requests, open and closed, by the label's id; a label that is not in it has none.

    `unfinished`: merges that were begun: one goes on even where its label was deleted meanwhile, for issues still wait.
    """
    there = {key(label.name): label for label in present}
    unknown, steps = dict(there), list[Step]()
    for row in rows:
        own, former = there.get(key(row.name)), _former(row, there)
        for label in (own, *former):
            unknown.pop(key(label.name) if label else "", None)
        steps += _row(row, own, former, counts)
        if own or former or not row.archived:
            steps += _left(row, former, unfinished)
    ordered = sorted(steps, key=lambda step: _ORDER.index(type(step)))
    return LabelPlan(tuple(ordered), tuple(Unknown(it.name, counts.get(it.id, 0)) for it in unknown.values()))


def deleting(made: LabelPlan, names: Container[str]) -> LabelPlan:
    """The same, with those of the labels gone that nobody described and that are named here."""
    gone = tuple(label for label in made.unknown if label.name in names)
    kept = tuple(label for label in made.unknown if label not in gone)
    return LabelPlan((*made.steps, *(Delete(label.name, label.issues) for label in gone)), kept)


def check_count(plans: Iterable[LabelPlan], count: int) -> None:
    """Raises Mistake unless exactly that many labels are unknown in all: whoever deletes has looked, and nothing changed."""
    found = sum(len(made.unknown) for made in plans)
    if found != count:
        labels = "1 label is" if found == 1 else f"{found} labels are"
        raise Mistake(f"{labels} unknown here, not {count}: look at `rounds labels diff`, then say that number.")


def _former(row: LabelRow, there: Mapping[str, Label]) -> list[Label]:
    found = {key(name): there[key(name)] for name in row.previously if key(name) in there}
    return list(found.values())


def _row(row: LabelRow, own: Label | None, former: list[Label], counts: Mapping[int, int]) -> Iterator[Step]:
    """One row: the label is there, or the former one with the most issues takes its name, or it is made."""
    base = own or max(former, key=lambda label: counts.get(label.id, 0), default=None)
    if base is None:
        if not row.archived:
            yield Create(row.name, _color(row.color) or GREY, row.description or "")
        return
    change = _change(row, base, counts.get(base.id, 0))
    if change != Change(base.name, change.issues):
        yield change
    yield from (Merge(label.name, row.name, counts.get(label.id, 0)) for label in former if label is not base)


def _left(row: LabelRow, former: list[Label], unfinished: Iterable[Unfinished]) -> Iterator[Step]:
    """Merges into this label whose source is gone already, with issues that still wait for the label."""
    ours, there = {key(name) for name in row.previously}, {key(label.name) for label in former}
    for one in unfinished:
        if key(one.into) == key(row.name) and key(one.source) in ours - there and one.left:
            yield Merge(one.source, row.name, one.left)


def _change(row: LabelRow, base: Label, issues: int) -> Change:
    """What differs from `base`."""
    color, description = _wanted_color(row), _wanted_description(row, base)
    return Change(
        base.name,
        issues,
        new_name=row.name if row.name != base.name else None,
        color=color if color != base.color.lower() else None,
        description=description if description != base.description.strip() else None,
        archives=row.archived and not is_archived(base),
    )


def _color(color: str | None) -> str | None:
    return color.removeprefix("#").lower() if color else None


def _wanted_color(row: LabelRow) -> str | None:
    return _color(row.color) or (GREY if row.archived else None)


def is_archived(label: Label) -> bool:
    """By our own mark."""
    return label.description == ARCHIVED or label.description.startswith(f"{ARCHIVED}: ")


def _wanted_description(row: LabelRow, base: Label) -> str:
    """The row's, or what is there; with the mark of archived labels or without it."""
    said = row.description if row.description is not None else _unmarked(base).strip()
    if not row.archived:
        return said
    return clip(f"{ARCHIVED}: {said}", LONGEST_DESCRIPTION) if said else ARCHIVED


def _unmarked(label: Label) -> str:
    return label.description.removeprefix(ARCHIVED).removeprefix(": ") if is_archived(label) else label.description
