"""SVG as text: elements whose attributes and texts are escaped, and scales for axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup, escape

HATCH = Markup(
    '<defs><pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatched-ground" width="6" height="6"></rect><path class="hatched" d="M0 0V6"></path></pattern></defs>'
)
"""Stripes, for what is not over yet; the place is for its id."""


def tag(name: str, *inside: Markup | str, **attributes: object) -> Markup:
    """An element. Attributes in snake case; `class_` and those that are None are what they look like.

    Escaped piece by piece and put together as plain text: a page has thousands of them, and `Markup.format` takes ten times as
    long.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{told}>{''.join(map(escape, inside))}</{name}>")  # noqa: S704 - every piece is escaped


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value) if isinstance(value, int) else escape(value)


def text(x: float, y: float, said: str, anchor: str = "middle", class_: str | None = None) -> Markup:
    """Text at a place."""
    return tag("text", said, x=x, y=y, text_anchor=anchor, class_=class_)


def path(x: float, step: float, heights: Sequence[float], class_: str) -> Markup:
    """A line from `x` on through points at equal distances.

    Each is told from the one before, in half pixels: the distance is the same each time, and a page packs to a fifth less.
    """
    halves = [round(2 * height) for height in heights]
    moves = "".join(f"l{step:.3f} {_written((to - at) / 2)}" for at, to in pairwise(halves))
    return tag("path", d=f"M{_written(x)} {_written(halves[0] / 2)}{moves}", class_=class_) if halves else Markup()


def plot(key: str, width: int, height: int, names: tuple[str, str], *inside: Markup, linked: bool) -> Markup:
    """A whole picture with its name and what it says. `linked`: there are links in it, so that it is no single image."""
    title, description = names
    return tag(
        "svg",
        tag("title", title, id=f"{key}-name"),
        tag("desc", description, id=f"{key}-said"),
        *inside,
        class_="plot", viewBox=f"0 0 {width} {height}", width=width, height=height,
        role="group" if linked else "img", aria_labelledby=f"{key}-name", aria_describedby=f"{key}-said",
    )  # fmt: skip


def ticks(most: float, count: int = 4) -> list[float]:
    """Round numbers from 0 to at least `most`, some `count` steps."""
    if most <= 0:
        return [0.0, 1.0]
    rough = max(most / count, 1e-9)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * power for unit in (1, 2, 2.5, 5, 10) if unit * power >= rough * 0.999)
    if most >= 1:
        step = max(math.ceil(step), 1)
    return [place * step for place in range(max(math.ceil(most / step - 1e-9), 1) + 1)]


def spread(count: int, most: int) -> Sequence[int]:
    """Which of `count` places get a name when there is room for `most`: the last always, at equal distances."""
    step = max(math.ceil(count / most), 1)
    return range((count - 1) % step, count, step)
