"""How the filter `date` writes days and times, in any zone: bounded, in English, the same on every system."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.core.template_budget import TemplateMistake

MOST_FORM = 200
"""Characters of a form."""
FORMS = {"iso": "%Y-%m-%d", "hhmm": "%H%M", "time": "%H:%M"}
"""Forms with a name, besides `long`."""
LONG = "long"

_PARTS = "aAbBcCdDeFgGhHIjklmMnprRStTuUVwWxXyYzZ%"
"""What may follow a %: `%s` would be the server's own time, and a width (`%999999999d`) makes a text of that length."""
_PART = re.compile(r"%(-?)(.?)", re.DOTALL)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")


def formatted(moment: date, form: str, zone: str | None = None) -> str:
    """`moment` in `form`: `iso`, `long`, `hhmm`, `time`, or signs of strftime. `zone`: its own by default.

    Raises TemplateMistake for a form or a zone that nobody knows, and for a time of day that a mere day has not.
    """
    if isinstance(moment, datetime) and zone is not None:
        moment = moment.astimezone(_zone(zone))
    if form == LONG:
        return f"{moment:%A, %B} {moment.day}, {moment.year}"
    return _filled(moment, FORMS.get(form, form))


def _filled(moment: date, form: str) -> str:
    if "%" not in form:
        raise TemplateMistake(
            f"`date` knows no `{form[:30]}`: write {', '.join(FORMS)}, {LONG}, or signs as '%d %B %Y'."
        )
    if len(form) > MOST_FORM:
        raise TemplateMistake(f"A form for `date` has at most {MOST_FORM} characters.")
    return _PART.sub(lambda found: _part(moment, found[1], found[2]), form)


def _part(moment: date, flag: str, sign: str) -> str:
    if not sign or sign not in _PARTS:
        raise TemplateMistake(f"`date` knows no `%{flag}{sign}`: write signs as %d, %-d, %B, %Y, %H, %M.")
    made = moment.strftime(f"%{sign}")
    return (made.strip().lstrip("0") or "0") if flag else made


def _zone(name: str) -> ZoneInfo:
    try:
        if _ZONE.fullmatch(name):
            return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        pass  # no such file, a folder of files, or a file of another kind
    raise TemplateMistake(f"There is no time zone `{name[:40]}`: write one as Europe/Berlin, or UTC.")
