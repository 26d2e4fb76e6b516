"""A plan in words: cells of a table for people, and a sentence for logs and deliveries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from app.labels.steps import Change, Create, Delete, LabelPlan, Merge, Step

HEADS = ("change", "label", "becomes", "issues")
_KINDS = ("create", "rename", "recolour", "describe", "archive", "merge", "delete")
_PAST = {"create": "created", "rename": "renamed", "recolour": "recoloured", "describe": "described",
         "archive": "archived", "merge": "merged", "delete": "deleted"}  # fmt: skip
Cells = tuple[str, str, str, str]


def cells(step: Step) -> Cells:
    """As HEADS: what is done, to which label, what becomes of it, and how many issues carry it."""
    what = ", ".join(kinds(step))
    match step:
        case Create():
            return what, step.name, _becomes(None, step.color, step.description or None), "0"
        case Change():
            return what, step.name, _becomes(step.new_name, step.color, step.description), str(step.issues)
        case Merge():
            return what, step.source, step.into, str(step.issues)
        case Delete():
            return what, step.name, "–", str(step.issues)


def unknown_cells(plan: LabelPlan) -> Iterator[Cells]:
    """What is left alone."""
    return (("left alone", label.name, "", str(label.issues)) for label in plan.unknown)


def kinds(step: Step) -> tuple[str, ...]:
    """Verbs: one change may do several things."""
    match step:
        case Create():
            return ("create",)
        case Merge():
            return ("merge",)
        case Delete():
            return ("delete",)
        case Change(archives=True):
            return ("rename", "archive") if step.new_name else ("archive",)
        case Change():
            said = {"rename": step.new_name, "recolour": step.color, "describe": step.description}
            return tuple(kind for kind, value in said.items() if value is not None)


def counted(steps: Iterable[Step], *, past: bool = False) -> str:
    """ "2 to create, 1 to merge", or "2 created, 1 merged"; "" for none."""
    found = Counter(kind for step in steps for kind in kinds(step))
    return ", ".join(f"{found[kind]} {_PAST[kind] if past else f'to {kind}'}" for kind in _KINDS if found[kind])


def _becomes(name: str | None, color: str | None, description: str | None) -> str:
    """What is None stays."""
    parts = [name or "", f"#{color}" if color else ""]
    if description is not None:
        parts.append(f"“{description}”" if description else "no description")
    return " · ".join(part for part in parts if part)
