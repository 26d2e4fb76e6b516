"""Charts that several pages show: opened and closed by week, what is open by age, how long something took by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from app.core.clause import Clause
from app.core.facts import DAY, WEEK
from app.store.facts_read import Week
from app.store.label_stats import Used
from app.store.percentiles import Spread
from app.web.charts import Bar, Chart, Point, Series, bars, lines, spark
from app.web.focus import Focus
from app.web.wording import day, length, short_day, short_length

AGES = ("..7d", "7d..30d", "30d..90d", "90d..365d", "365d..")
"""As a filter says them."""
_AGES = {
    "..7d": ("< 1 wk", "less than a week old"),
    "7d..30d": ("1–4 wks", "7 to 30 days old"),
    "30d..90d": ("1–3 mos", "30 to 90 days old"),
    "90d..365d": ("3–12 mos", "90 days to a year old"),
    "365d..": ("> 1 year", "a year old or older"),
}
_BOUNDS = (7, 30, 90, 365)
HOUR = DAY // 24


def age_bounds(now: int) -> list[int]:
    """Moments between the buckets of `AGES`, falling."""
    return [now - days * DAY for days in _BOUNDS]


def monday(start: int) -> str:
    """ISO 8601."""
    return datetime.fromtimestamp(start / 1000, UTC).date().isoformat()


def ageing(key: str, focus: Focus, counts: Sequence[int], *labels: Clause) -> Chart:
    """What is open by age. `labels`: with which it is counted."""
    given = [
        Bar(
            _AGES[age][0],
            count,
            f"{count:,} {focus.things} {_AGES[age][1]}",
            focus.issues(*labels, Clause("age", (age,))),
        )
        for age, count in zip(AGES, counts, strict=True)
    ]
    return bars(key, f"Open {focus.things} by age", given, focus.things)


def flow(key: str, focus: Focus, weeks: Sequence[Week], *labels: Clause) -> Chart:
    """Opened and closed, week by week."""
    points = [
        Point(
            short_day(week.start),
            f"Week of {day(week.start)}: {week.opened:,} opened, {week.closed:,} closed, {week.open_end:,} open at its end",
            focus.issues(*labels, week_of_creation(week.start), state="all"),
        )
        for week in weeks
    ]
    series = [Series("opened", [week.opened for week in weeks]), Series("closed", [week.closed for week in weeks])]
    return lines(key, f"Opened and closed {focus.things}", points, series)


def stock(key: str, focus: Focus, weeks: Sequence[Week]) -> Chart:
    """How many were open at the end of each week."""
    points = [
        Point(short_day(week.start), f"Week of {day(week.start)}: {week.open_end:,} open at its end") for week in weeks
    ]
    return lines(key, f"Open {focus.things}", points, [Series("open", [week.open_end for week in weeks])])


def lately(one: Used) -> Markup:
    """How many open ones carried the label at the end of each of the last weeks, as a small line."""
    return spark(one.weeks, f"{one.weeks[0]:,} open {len(one.weeks)} weeks ago, {one.weeks[-1]:,} now")


def took(key: str, title: str, starts: Sequence[int], found: Mapping[int, Spread | None]) -> Chart:
    """Median and ninetieth percentile by week; a week in which nothing ended has no number."""
    points = [Point(short_day(start), _took(start, found.get(start))) for start in starts]
    told = [found.get(start) for start in starts]
    series = [
        Series("half took at most", [one.p50 if one else None for one in told]),
        Series("9 of 10 took at most", [one.p90 if one else None for one in told]),
    ]
    most = max((one.p90 for one in told if one), default=0)
    return lines(key, title, points, series, short_length, whole=DAY if most > 2 * DAY else HOUR)


def _took(start: int, one: Spread | None) -> str:
    if one is None:
        return f"Week of {day(start)}: none"
    return f"Week of {day(start)}: half of {one.number:,} took at most {length(one.p50)}, nine of ten at most {length(one.p90)}"


def week_of_creation(start: int) -> Clause:
    """Opened in the week that begins then."""
    first = datetime.fromtimestamp(start / 1000, UTC).date()
    return Clause("created", (f"{first.isoformat()}..{(first + timedelta(days=6)).isoformat()}",))


def starts(now_week: int, count: int) -> list[int]:
    """Mondays of the last weeks to that one, oldest first."""
    return [now_week - place * WEEK for place in reversed(range(count))]
