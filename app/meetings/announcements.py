"""What Rounds says in a meeting issue by itself: reminders, changes of date, an empty agenda. Times from the occurrence alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.config.series_schema import Series
from app.core.text import defang, one_line
from app.meetings import local_time, moments, sight
from app.meetings.occurrence import Occurrence

_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def when(series: Series, occurrence: Occurrence) -> str:
    """ "Friday, November 27, 2026, 10:30 America/New_York (1530 UTC, 1630 Europe/Berlin)"."""
    start = occurrence.start
    page = series.time_link == "timeanddate"
    elsewhere = [local_time.local_link(series.name, start, occurrence.end, page=page).text]
    elsewhere += [local_time.in_zones(start, [zone]).text for zone in series.zones if zone != "UTC"]
    day = f"{start:%A, %B} {start.day}, {start.year}"
    return f"{day}, {start:%H:%M} {series.schedule.timezone} ({', '.join(elsewhere)})"


def reminder(series: Series, occurrence: Occurrence, now: datetime) -> str:
    """Of a meeting that will begin."""
    left = moments.utc(occurrence.start) - now
    lines = [f"**{_name(series)}** begins in {span(left)}: {when(series, occurrence)}."]
    lines += [f"Place: {one_line(occurrence.place)}"] if occurrence.place else []
    notice = sight.notice(series, occurrence)
    return "\n\n".join([*lines, *([notice] if notice else [])])


def moved(series: Series, occurrence: Occurrence, by: str) -> str:
    """It is held at another time now. `by`: a login, "" where the series' file says so."""
    notice = sight.notice(series, occurrence)
    said = f"This meeting is now on **{when(series, occurrence)}**{_by(by)}.{_why(occurrence.reason)}"
    return f"{said}\n\n{notice}" if notice else said


def dropped(occurrence: Occurrence, by: str) -> str:
    """It is not held."""
    what = "cancelled" if occurrence.status == "cancelled" else "skipped"
    return f"This meeting is **{what}**{_by(by)}.{_why(occurrence.reason)}"


def held_after_all(series: Series, occurrence: Occurrence, by: str) -> str:
    """It was cancelled, and is held now."""
    return f"This meeting is held after all{_by(by)}: **{when(series, occurrence)}**."


def empty(series: Series, occurrence: Occurrence) -> str:
    """The question whether to meet."""
    return (
        f"Nothing is on the agenda of {_name(series)} on {when(series, occurrence)}. "
        "If it is not needed, `/meeting cancel` cancels it; otherwise it is held."
    )


def span(left: timedelta) -> str:
    """ "1 day", "3 hours", "45 minutes": rounded to what people would say."""
    for name, unit in _UNITS:
        count = round(left / unit)
        if left >= unit * 0.95 and count:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "a moment"


def _name(series: Series) -> str:
    return defang(one_line(series.name))


def _by(login: str) -> str:
    return f", said {defang(one_line(login))}" if login else ""


def _why(reason: str) -> str:
    return f" Reason: {defang(one_line(reason))}." if reason else ""
