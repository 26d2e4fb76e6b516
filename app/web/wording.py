"""Times and lengths in words, for templates and charts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

Moment = datetime | int
"""An int counts milliseconds since 1970."""
_UNITS = ((365, "year"), (30, "month"), (1, "day"))


def at(moment: Moment) -> datetime:
    """In UTC."""
    return moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment / 1000, UTC)


def day(moment: Moment | date) -> str:
    """ "3 November 2026"."""
    found = at(moment) if isinstance(moment, int) else moment
    return f"{found.day} {found:%B} {found.year}"


def short_day(moment: Moment) -> str:
    """ "3 Nov"."""
    found = at(moment)
    return f"{found.day} {found:%b}"


def moment(moment: Moment) -> Markup:
    """The minute in UTC, as HTML that says it to programs too."""
    found = at(moment)
    return _time(found, f"{day(found)}, {found:%H:%M} UTC")


def when(moment: Moment, now: Moment) -> Markup:
    """As `ago`, as HTML that says the second to programs too."""
    return _time(at(moment), ago(moment, now))


def _time(found: datetime, shown: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(found.isoformat(timespec="seconds"), shown)


def length(milliseconds: float) -> str:
    """The length of a span in its greatest unit: "9 minutes", "30 hours", "12 days", "5 months", "2 years"."""
    minutes = milliseconds / 60_000
    if minutes < 60:
        return _counted(int(minutes), "minute")
    if minutes < 48 * 60:
        return _counted(int(minutes / 60), "hour")
    days = int(minutes / 1440)
    least, unit = next((least, unit) for least, unit in _UNITS if days >= 2 * least or least == 1)
    return _counted(days // least, unit)


def short_length(milliseconds: float) -> str:
    """For axes: "0", "45 min", "7 h", "12 d", "3.1 y"."""
    if not milliseconds:
        return "0"
    hours = milliseconds / 3_600_000
    if hours < 1:
        return f"{milliseconds / 60_000:.0f} min"
    if hours < 48:
        return f"{hours:.0f} h"
    days = hours / 24
    return f"{days:,.0f} d" if days < 1000 else f"{days / 365:.1f} y"


def ago(then: Moment, now: Moment) -> str:
    """ "12 days ago", "in 2 hours", "just now"."""
    passed = (at(now) - at(then)) / timedelta(milliseconds=1)
    if abs(passed) < 60_000:
        return "just now"
    return f"{length(passed)} ago" if passed > 0 else f"in {length(-passed)}"


def span(then: Moment, now: Moment) -> str:
    """ "12 days"."""
    return length(max((at(now) - at(then)) / timedelta(milliseconds=1), 0))


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


FILTERS = {
    "day": day, "short_day": short_day, "moment": moment, "when": when, "length_of": length, "ago": ago, "span": span,
}  # fmt: skip
