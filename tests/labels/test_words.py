"""Plans in words."""

from __future__ import annotations

import pytest

from app.labels.steps import Change, Create, Delete, Merge
from app.labels.words import cells, counted


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Create("bug", "d73a4a", "It broke"), ("create", "bug", "#d73a4a · “It broke”", "0")),
        (Create("bug", "d73a4a", ""), ("create", "bug", "#d73a4a", "0")),
        (Change("a", 3, new_name="b"), ("rename", "a", "b", "3")),
        (Change("a", 3, color="ff0000", description="x"), ("recolour, describe", "a", "#ff0000 · “x”", "3")),
        (Change("a", 3, description=""), ("describe", "a", "no description", "3")),
        (Change("a", 0, "b", "ff0000", "Archived", True), ("rename, archive", "a", "b · #ff0000 · “Archived”", "0")),
        (Merge("a", "b", 12), ("merge", "a", "b", "12")),
        (Delete("a", 1), ("delete", "a", "–", "1")),
    ],
)
def test_a_step(step, said):
    assert cells(step) == said


def test_many():
    steps = [Create("a", "ff0000", ""), Create("b", "ff0000", ""), Change("c", 1, new_name="d", color="00ff00")]
    assert counted(steps) == "2 to create, 1 to rename, 1 to recolour"
    assert counted([*steps, Merge("x", "y", 3), Delete("z", 0)], past=True) == (
        "2 created, 1 renamed, 1 recoloured, 1 merged, 1 deleted"
    )
    assert counted([]) == ""
