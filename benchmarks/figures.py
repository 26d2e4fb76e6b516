"""What was measured: figures, shown as a table, kept as JSON, and told in RESULTS.md."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from rich.table import Table

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parent / "RESULTS.md"
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Goal:
    """A number to reach, and on which side of it."""

    side: Literal["≥", "≤"]
    value: float

    def reached(self, value: float) -> bool:
        return value >= self.value if self.side == "≥" else value <= self.value

    def __str__(self) -> str:
        return f"{self.side} {shown(self.value)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its unit, and others that belong to it (`also`: by name with unit)."""

    what: str
    value: float
    unit: str
    goal: Goal | None = None
    also: Mapping[str, float] = field(default_factory=dict)

    def cells(self) -> list[str]:
        """For a row: what, value, goal, whether it is reached, and what belongs to it."""
        verdict = "" if self.goal is None else ("yes" if self.goal.reached(self.value) else "no")
        others = " · ".join(f"{name} {shown(value)}" for name, value in self.also.items())
        return [self.what, f"{shown(self.value)} {self.unit}", str(self.goal or ""), verdict, others]


HEADS = ("measured", "found", "goal", "reached", "besides")


def shown(value: float) -> str:
    """Three digits that mean something."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(title: str, figures: Iterable[Figure]) -> Table:
    """For the terminal."""
    made = Table(*HEADS, title=title, title_justify="left")
    for figure in figures:
        made.add_row(*figure.cells(), style="red" if figure.cells()[3] == "no" else None)
    return made


def keep(database: str, found: Mapping[str, list[Figure]], about: Mapping[str, object]) -> Path:
    """Write the figures of some benchmarks into the file of today; those of others that are in it stay."""
    path = RESULTS / f"{time.strftime('%Y-%m-%d')}-{database}.json"
    RESULTS.mkdir(exist_ok=True)
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name, figures in found.items():
        kept[name] = {**about, "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def write_page() -> None:
    """RESULTS.md from the newest file of each database."""
    parts = [
        "# Measured",
        "",
        "Written by `make bench` (`python -m benchmarks`). How it is measured: "
        "[docs/performance.md](../docs/performance.md); where the time goes: [FINDINGS.md](FINDINGS.md).",
        "`busy` is what other programs took of all processors just before: above a few percent a number is indicative.",
    ]
    for database, title in TITLES.items():
        files = sorted(RESULTS.glob(f"*-{database}.json"))
        if files:
            parts += ["", f"## {title}, {files[-1].name[:10]}", *_page(json.loads(files[-1].read_text("utf-8")))]
    PAGE.write_text("\n".join(parts) + "\n", encoding="utf-8")


def _page(kept: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, part in kept.items():
        where = f"{part['machine']}; {part['system']}; commit {part['commit']}; busy {part['busy']} %"
        lines += ["", f"### {name}", "", where, "", f"| {' | '.join(HEADS)} |", "|---" * len(HEADS) + "|"]
        lines += [f"| {' | '.join(_figure(one).cells())} |" for one in part["figures"]]
    return lines


def _figure(kept: dict[str, Any]) -> Figure:
    goal = Goal(**kept["goal"]) if kept["goal"] else None
    return Figure(kept["what"], kept["value"], kept["unit"], goal, kept["also"])
