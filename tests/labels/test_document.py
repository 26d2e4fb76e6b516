"""The example of docs/labels.md is run: its configuration, its labels, and what is said to come of them."""

from __future__ import annotations

import re
from pathlib import Path

from app.config import check
from app.core.values import Label
from app.labels.desired import desired
from app.labels.plan import plan
from app.labels.words import cells, unknown_cells

PAGE = Path(__file__).parents[2] / "docs" / "labels.md"
BEFORE = re.compile(r"(?P<name>\S+) +(?P<color>[0-9a-f]{6}) +(?P<count>\d+) issues(?:  (?P<description>.+))?")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_example_does_what_it_says():
    (text,) = blocks("yaml")
    before, shown = blocks("text")
    labels, counts = [], {}
    for number, found in enumerate(map(BEFORE.fullmatch, before.splitlines()), 1):
        assert found
        labels.append(Label(number, found["name"], found["color"], found["description"] or ""))
        counts[number] = int(found["count"])
    config = check.read(text).config
    assert config is not None
    made = plan(desired([config]).rows, labels, counts)
    rows = [tuple(cell.strip() for cell in line.split("|")) for line in shown.splitlines()]
    assert [*map(cells, made.steps), *unknown_cells(made)] == rows
