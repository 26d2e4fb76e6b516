"""The burn-up of a milestone: what is in it, what of that is done, and when the rest will be, as a range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from app.core.facts import WEEK
from app.core.forecast import Forecast
from app.web.charts import BROAD, NARROW, Chart, Frame, grid, margin, names, whole_number
from app.web.svg import path, plot, tag, text, ticks
from app.web.wording import day, short_day

AHEAD = 26
"""Weeks of the forecast that are drawn at most."""


class Step(NamedTuple):
    """At the end of a week (`at`, milliseconds; the last: now) so many were in the milestone, and closed."""

    at: int
    scope: int
    closed: int


def burnup(steps: Sequence[Step], forecast: Forecast | None, due: int | None) -> Chart:
    """`forecast` None: not enough is known. `due`: when it is due, milliseconds."""
    title = "Burn-up"
    last = steps[-1]
    said = f"{last.closed:,} of {last.scope:,} closed on {day(last.at)}. {in_words(forecast, last.at)}"
    drawing = _Drawing(steps, _ahead(forecast, due, last.at), forecast, due)
    broad, narrow = (drawing.drawn(f"burnup-{width}", width, (title, said)) for width in (BROAD, NARROW))
    rows = tuple((short_day(step.at), step.scope, step.closed) for step in steps)
    keys = (("line second", "in it"), ("line first", "closed"))
    return Chart(title, broad, narrow, ("To", "In it", "Closed"), rows, keys)


def in_words(forecast: Forecast | None, now: int) -> str:
    """When it will be done, in a sentence."""
    if forecast is None:
        return "Too few weeks are known for a forecast."
    if forecast.early is None:
        return "At this pace no end is in sight."
    if forecast.early == 0 == forecast.late:
        return "Everything is closed."
    early = day(now + forecast.early * WEEK)
    if forecast.late is None:
        return f"Not before {early}, and perhaps much later."
    return f"Done between {early} and {day(now + forecast.late * WEEK)}, if the coming weeks are like the last ones."


def _ahead(forecast: Forecast | None, due: int | None, now: int) -> int:
    """Weeks to be drawn behind the present."""
    known = [weeks for weeks in forecast or () if weeks is not None]
    until = max([*known, -(-(due - now) // WEEK) if due else 0, 1])
    return min(until, AHEAD)


class _Drawing(NamedTuple):
    steps: Sequence[Step]
    ahead: int
    forecast: Forecast | None
    due: int | None

    def drawn(self, key: str, width: int, called: tuple[str, str]) -> Markup:
        marks = ticks(max(step.scope for step in self.steps))
        frame = Frame(width, 220, margin(marks, whole_number), marks[-1], len(self.steps) + self.ahead)
        scope = path(frame.x(0), frame.step, [frame.y(step.scope) for step in self.steps], "line second")
        closed = path(frame.x(0), frame.step, [frame.y(step.closed) for step in self.steps], "line first")
        ends = [step.at for step in self.steps] + [self.steps[-1].at + n * WEEK for n in range(1, self.ahead + 1)]
        parts = [*grid(frame, marks, whole_number), *names(frame, list(map(short_day, ends))), *self._range(frame)]
        return plot(key, width, frame.height, called, *parts, *self._due(frame), scope, closed, linked=False)

    def _range(self, frame: Frame) -> list[Markup]:
        """From what is closed now to where the forecast meets the scope."""
        if self.forecast is None or self.forecast.early is None:
            return []
        here, scope = len(self.steps) - 1, self.steps[-1].scope
        late = self.forecast.late if self.forecast.late is not None else 2 * self.ahead
        now = (frame.x(here), frame.y(self.steps[-1].closed))
        early = (min(frame.x(here + self.forecast.early), frame.width), frame.y(scope))
        share = min(self.ahead / late, 1.0) if late else 1.0
        height = frame.y(self.steps[-1].closed + (scope - self.steps[-1].closed) * share)
        slow = (min(frame.x(here + min(late, self.ahead)), frame.width), height)
        corner = [] if share == 1.0 else [(float(frame.width), frame.y(scope)), (float(frame.width), height)]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in [now, early, *corner, slow])
        return [tag("polygon", points=drawn, class_="range")]

    def _due(self, frame: Frame) -> list[Markup]:
        if self.due is None:
            return []
        place = len(self.steps) - 1 + (self.due - self.steps[-1].at) / WEEK
        if not 0 <= place <= frame.count - 0.5:
            return []
        x = frame.x(place)
        left = x > frame.width / 2
        line = tag("path", d=f"M{x:.1f} 6V{frame.base}", class_="line third")
        return [line, text(x - 5 if left else x + 5, 12, "due", "end" if left else "start")]
