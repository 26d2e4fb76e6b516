"""Charts as SVG: bars, lines by week, sparklines. Drawn once broad and once narrow, so that text is never below 11 px.

Each has a name, a description, links where something can be looked at, and the same numbers as a table. What is not over yet is
hatched; a second line is told apart by its dashes, not by its colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from app.web.svg import HATCH, path, plot, spread, tag, text, ticks

BROAD, NARROW = 460, 254
"""Widths in pixels: the least of a column on a desk, and of a screen of 320 with its margins. Neither is shown smaller."""
FINGER = 8
"""Pixels: what is narrower on a small screen is no link there, for nobody could hit it; the table has it too."""
STYLES = ("first", "second", "third")
_TOP, _BOTTOM, _LETTER = 14, 24, 6.4

Say = Callable[[float], str]
Cell = str | int | tuple[str, str]


def whole_number(value: float) -> str:
    """ "1,234"."""
    return f"{value:,.0f}"


class Chart(NamedTuple):
    """`broad`, `narrow`: the same picture in two widths. `columns`, `rows`: its numbers; a cell may be (text, address).
    `keys`: which line is what, as (class, words). `note`: what a reader must know."""

    title: str
    broad: Markup
    narrow: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[tuple[str, str], ...] = ()
    note: str = ""


class Bar(NamedTuple):
    """`name`: under the bar. `said`: the whole in words. `address`: where what it counts is listed."""

    name: str
    value: int
    said: str
    address: str = ""


class Series(NamedTuple):
    """A line. None: there is no number then."""

    name: str
    values: Sequence[float | None]


class Point(NamedTuple):
    """A place on the axis of lines, as a week. `said`: in words, with its numbers."""

    name: str
    said: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where values of 0 to `most` stand in a picture. `left`: room for the axis."""

    width: int
    height: int
    left: int
    most: float
    count: int

    @property
    def step(self) -> float:
        return (self.width - self.left) / max(self.count, 1)

    def x(self, place: float) -> float:
        """The middle of a place."""
        return self.left + (place + 0.5) * self.step

    def y(self, value: float) -> float:
        return self.base - value / self.most * (self.base - _TOP)

    @property
    def base(self) -> int:
        return self.height - _BOTTOM

    def aim(self, place: int) -> Markup:
        """What is pointed at: the whole column, at least as wide as it is shown. In whole pixels, for a page has hundreds."""
        x = round(self.left + place * self.step)
        return tag("rect", x=x, y=_TOP - 10, width=math.ceil(self.step), height=self.base - _TOP + 10, class_="aim")


def bars(key: str, title: str, given: Sequence[Bar], unit: str) -> Chart:
    """A histogram. `key`: an id of letters, once on a page; `unit`: what is counted, as "issues"."""
    description = "; ".join(bar.said for bar in given) or "Nothing to show."
    broad, narrow = (_bars(f"{key}-{width}", width, (title, description), given) for width in (BROAD, NARROW))
    rows = tuple((bar.name, (f"{bar.value:,}", bar.address) if bar.address else bar.value) for bar in given)
    return Chart(title, broad, narrow, ("", unit.capitalize()), rows)


def _bars(key: str, width: int, names: tuple[str, str], given: Sequence[Bar]) -> Markup:
    most = max((bar.value for bar in given), default=0) or 1
    frame = Frame(width, 190, 0, most, len(given))
    drawn = [_bar(frame, place, bar) for place, bar in enumerate(given)]
    floor = tag("path", d=f"M0 {frame.base + 0.5}H{width}", class_="base")
    return plot(key, width, frame.height, names, floor, *drawn, linked=any(bar.address for bar in given))


def _bar(frame: Frame, place: int, bar: Bar) -> Markup:
    thick = min(frame.step * 0.62, 56)
    top = min(frame.y(bar.value), frame.base - 2) if bar.value else frame.base
    shape = tag("rect", x=frame.x(place) - thick / 2, y=top, width=thick, height=frame.base - top, rx=2, class_="bar")
    number = text(frame.x(place), top - 5, f"{bar.value:,}", class_="value")
    name = text(frame.x(place), frame.height - 7, bar.name)
    return linked(bar.address, bar.said, frame.aim(place), shape, number, name)


def linked(address: str, said: str, *drawn: Markup) -> Markup:
    """The same as a link that says what it is, where there is an address."""
    if not address:
        return tag("g", tag("title", said), *drawn)
    return tag("a", tag("title", said), *drawn, href=address, aria_label=said)


def lines(
    key: str, title: str, points: Sequence[Point], series: Sequence[Series], say: Say = whole_number,
    *, running: bool = True, unit: str = "Week of", whole: float = 1,
) -> Chart:  # fmt: skip
    """At most three lines over weeks. `say`: a value in words; `running`: the last point is not over yet; `whole`: the axis has
    round multiples of it, as days."""
    ends = dict.fromkeys([points[0].said, points[-1].said] if points else ["Nothing to show."])
    description = "; ".join(ends)  # the whole stands in the table beside it
    drawing = _Lines((title, description), points, series, say, running, whole)
    broad, narrow = (drawing.drawn(f"{key}-{width}", width) for width in (BROAD, NARROW))
    shown = [[("–" if value is None else say(value)) for value in one.values] for one in series]
    heads = [(point.name, point.address) if point.address else point.name for point in points]
    rows = tuple((head, *cells) for head, *cells in zip(heads, *shown, strict=True))
    keys = tuple((f"line {style}", one.name) for style, one in zip(STYLES, series, strict=False))
    known = any(value is not None for one in series for value in one.values)
    note = ("The hatched week is not over yet." if running else "") if known else "There is nothing to show yet."
    return Chart(title, broad, narrow, (unit, *(one.name for one in series)), rows, keys, note)


class _Lines(NamedTuple):
    names: tuple[str, str]
    points: Sequence[Point]
    series: Sequence[Series]
    say: Say
    running: bool
    whole: float

    def drawn(self, key: str, width: int) -> Markup:
        most = max((value for one in self.series for value in one.values if value is not None), default=0)
        marks = [mark * self.whole for mark in ticks(most / self.whole)]
        frame = Frame(width, 200, margin(marks, self.say), marks[-1], len(self.points))
        parts = [*grid(frame, marks, self.say), *names(frame, [point.name for point in self.points])]
        if self.running and self.points:
            parts += [HATCH.format(f"{key}-hatch"), _veil(frame, key)]
        for style, one in zip(STYLES, self.series, strict=False):
            parts += _line(frame, style, one.values)
        open_ = any(point.address for point in self.points)
        aimed = width == BROAD or (open_ and frame.step >= FINGER)
        if aimed:
            parts += [linked(point.address, point.said, frame.aim(place)) for place, point in enumerate(self.points)]
        return plot(key, width, frame.height, self.names, *parts, linked=open_ and aimed)


def margin(marks: Sequence[float], say: Say) -> int:
    """Pixels for the numbers of these marks."""
    return math.ceil(max(len(say(mark)) for mark in marks) * _LETTER) + 8


def grid(frame: Frame, marks: Sequence[float], say: Say) -> list[Markup]:
    """Lines across at round values, with their numbers."""
    drawn = []
    for mark in marks:
        y = round(frame.y(mark)) + 0.5
        drawn.append(tag("path", d=f"M{frame.left} {y}H{frame.width}", class_="grid" if mark else "base"))
        drawn.append(text(frame.left - 6, y + 4, say(mark), "end"))
    return drawn


def names(frame: Frame, said: Sequence[str]) -> list[Markup]:
    """As many names of places as there is room for, under them."""
    room = max(int((frame.width - frame.left) / 58), 1)
    found = []
    for place in spread(len(said), room):
        last = place == len(said) - 1
        x = frame.width if last else frame.x(place)
        found.append(text(x, frame.height - 7, said[place], "end" if last else "middle"))
    return found


def _veil(frame: Frame, key: str) -> Markup:
    """Hatches the last place."""
    x = frame.left + (frame.count - 1) * frame.step
    size = {"width": frame.step, "height": frame.base - _TOP}
    return tag("rect", x=x, y=_TOP, **size, fill=f"url(#{key}-hatch)", opacity=0.5)


def _line(frame: Frame, style: str, values: Sequence[float | None]) -> list[Markup]:
    """Broken where there is no number; a number that stands alone is a dot."""
    drawn: list[Markup] = []
    run: list[float] = []
    for place, value in enumerate([*values, None]):
        if value is not None:
            run.append(frame.y(value))
        elif run:
            x = frame.x(place - len(run))
            alone = tag("circle", cx=x, cy=run[0], r=3, class_=f"dot {style}")
            drawn.append(alone if len(run) == 1 else path(x, frame.step, run, f"line {style}"))
            run = []
    return drawn


def spark(values: Sequence[float], said: str) -> Markup:
    """A small line without axes, from 0 on."""
    width, height = 104, 24
    most = max(values, default=0) or 1
    step = (width - 4) / max(len(values) - 1, 1)
    heights = [height - 3 - value / most * (height - 6) for value in values]
    end = (
        tag("circle", cx=2 + (len(values) - 1) * step, cy=heights[-1], r=2, class_="dot first") if values else Markup()
    )
    inside = (tag("title", said), path(2, step, heights, "line first"), end)
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    return tag("svg", *inside, class_="spark", role="img", aria_label=said, **size)
