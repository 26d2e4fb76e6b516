"""The time of a meeting for people in other zones: a line a zone, and a page that shows everybody's own time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.core.template_values import Listed, Parts

PAGE = "https://www.timeanddate.com/worldclock/fixedtime.html"
_UTC = "1440"
"""UTC's number among the places of that page."""


def local_link(name: str, start: datetime, end: datetime, *, page: bool) -> Parts:
    """ "1430 UTC", a link to timeanddate's page of the meeting `name` if `page` is wanted; has `url`, else empty."""
    utc = start.astimezone(UTC)
    text = f"{utc:%H%M} UTC"
    if not page:
        return Parts(text, {"url": ""})
    minutes = int((end - start).total_seconds()) // 60
    asked = {"msg": name[:100], "iso": f"{utc:%Y%m%dT%H%M}", "p1": _UTC, "ah": minutes // 60, "am": minutes % 60}
    url = f"{PAGE}?{urlencode({key: value for key, value in asked.items() if value})}"
    return Parts(f"[{text}]({url})", {"url": url})


def in_zones(start: datetime, zones: Iterable[str]) -> Listed:
    """ "1430 UTC", "0030 Asia/Tokyo (Saturday)": each prints so and has `name`, `start` there, and `other_day`."""
    items = [_in_zone(start, name) for name in zones]
    return Listed(", ".join(item.text for item in items), items)


def _in_zone(start: datetime, name: str) -> Parts:
    there = start.astimezone(ZoneInfo(name))
    other_day = there.date() != start.date()
    text = f"{there:%H%M} {name}" + (f" ({there:%A})" if other_day else "")
    return Parts(text, {"name": name, "start": there, "other_day": other_day})
