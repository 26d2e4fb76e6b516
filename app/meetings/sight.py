"""What a template of a meeting sees: names, what each means, and the values they have for one occurrence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.config.series_schema import Series
from app.core.template_values import Listed, Parts, Whole
from app.core.text import clip, defang, one_line
from app.core.values import Ref
from app.meetings import local_time, summer_time
from app.meetings.agenda import AgendaItem, TodoLine, item_line, owners_line, todo_line
from app.meetings.occurrence import Occurrence

NAMES = {
    "name": "The series' name.",
    "about": "What the meetings are for, from the series' file.",
    "number": "The meeting's number; `{{ number | pad(3) }}` is `002`.",
    "start": "Day and time on the clock of the series' zone, for the filter `date`.",
    "end": "The same of its end.",
    "place": "Where it is, by variant.",
    "variant": "Its kind, empty where there are none.",
    "roles": "Who does what: `{{ roles.moderator }}`, several with commas.",
    "agenda": "The region that Rounds keeps fresh; in an issue template of GitHub it is put at the end.",
    "agenda_url": "What `agenda.link` says: an address, or `#agenda` for this issue.",
    "previous": "The one before, nothing at the first: prints its issue; has `number`, `start`, `title`, `url`, `ref`, `link`.",
    "next": "The one after, in the same way; prints its day until it has an issue.",
    "attendees": "Logins of who will be or was there: prints them with commas, or loop over them.",
    "carried": "Items from meetings before: each prints its line; has `ref`, `title`, `by`, `origin`, `number`, `times`.",
    "todos": "Open TODOs, the oldest first: each prints its line; has `owners`, `text`, `due`, `ref`, `origin`, `meetings`.",
    "local_link": "`1430 UTC`, with `time_link: timeanddate` a link to everybody's own time; has `url`.",
    "zones": "The time in each of the series' `zones`: each prints as `1630 Europe/Berlin`; has `name`, `start`, `other_day`.",
    "summer_time": "A notice in weeks in which the team's zones disagree; it stands on top where a template has no place for it.",
}
LATER_NAMES = {"number_of_next": "Only in `issue.previous.comment`: the number of the next meeting's issue."}
INLINE_URL = "#agenda"
_BRACKETS, _ESCAPED = re.compile(r"[\[\]\\]"), r"\\\g<0>"
MOST_LISTED = 200
"""Items of a list that a template sees: a rendering takes 1,000 loop steps at most."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The meeting before or after. `title`, `url`, `ref`: of its issue, empty where it has none yet. `start`: aware."""

    number: int
    start: datetime
    title: str = ""
    url: str = ""
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What is known beside the series and the date. `agenda`: made by `app.meetings.agenda.region`.

    `agenda_url`: an address for `agenda.link: issue` and `project`; the others are known without. `number_of_next`: of the
    next meeting's issue, for the comment that closes this one.
    """

    previous: Neighbour | None = None
    next: Neighbour | None = None
    agenda: str = ""
    agenda_url: str = ""
    attendees: tuple[str, ...] = ()
    carried: tuple[AgendaItem, ...] = ()
    todos: tuple[TodoLine, ...] = ()
    number_of_next: int | None = None


def values(series: Series, occurrence: Occurrence, view: View) -> dict[str, object]:
    """By name, everything in NAMES; `number_of_next` where it is known."""
    later = {} if view.number_of_next is None else {"number_of_next": view.number_of_next}
    return {**_of_series(series, occurrence), **_of_view(series, view), **later}


def zones(series: Series) -> list[str]:
    """The team's zones, the series' own first."""
    return list(dict.fromkeys([series.schedule.timezone, *series.zones]))


def notice(series: Series, occurrence: Occurrence) -> str:
    """See `summer_time`; nothing in most weeks."""
    return summer_time.notice(occurrence.start, zones(series))


def _of_series(series: Series, occurrence: Occurrence) -> dict[str, object]:
    start, end = occurrence.start, occurrence.end
    return {
        "name": series.name,
        "about": series.about,
        "number": occurrence.number,
        "start": start,
        "end": end,
        "place": occurrence.place,
        "variant": occurrence.variant,
        "roles": {role: ", ".join(people) or "nobody" for role, people in occurrence.roles.items()},
        "local_link": local_time.local_link(series.name, start, end, page=series.time_link == "timeanddate"),
        "zones": local_time.in_zones(start, series.zones),
        "summer_time": notice(series, occurrence),
    }


def _of_view(series: Series, view: View) -> dict[str, object]:
    return {
        "agenda": Whole(view.agenda),
        "agenda_url": _agenda_url(series.agenda.link, view),
        "previous": _neighbour(view.previous),
        "next": _neighbour(view.next),
        "attendees": _attendees(view.attendees),
        "carried": _lines(_item(item, series.numbering.width) for item in view.carried[:MOST_LISTED]),
        "todos": _lines(_todo(todo) for todo in view.todos[:MOST_LISTED]),
    }


def _agenda_url(link: str, view: View) -> str:
    if link.startswith("http"):
        return link
    known = view.previous.url if link == "previous" and view.previous else view.agenda_url
    return known or INLINE_URL


def _neighbour(other: Neighbour | None) -> Parts | None:
    if other is None:
        return None
    title = defang(clip(one_line(other.title), 256)) or f"{other.start:%A, %B} {other.start.day}, {other.start.year}"
    link = f"[{_BRACKETS.sub(_ESCAPED, title)}]({other.url})" if other.url else title
    ref = str(other.ref or "")
    parts = {"number": other.number, "start": other.start, "title": title, "url": other.url, "ref": ref, "link": link}
    return Parts(ref or title, parts)


def _attendees(logins: Iterable[str]) -> Listed:
    names = [defang(one_line(login)) for login in list(logins)[:MOST_LISTED]]
    return Listed(", ".join(names), names)


def _item(item: AgendaItem, width: int) -> Parts:
    parts = {"title": defang(one_line(item.title)), "by": defang(item.by), "origin": defang(one_line(item.origin))}
    numbers = {"number": item.carried_from, "times": item.times}
    return Parts(item_line(item, width), {**parts, **numbers, "ref": str(item.ref or "")})


def _todo(todo: TodoLine) -> Parts:
    parts = {"text": defang(one_line(todo.text)), "origin": defang(one_line(todo.origin)), "ref": str(todo.ref or "")}
    owners = owners_line(todo.owners)
    more = {"owners": owners, "due": todo.due, "meetings": todo.meetings_open}
    return Parts(f"{owners}: {todo_line(todo)}", {**parts, **more})


def _lines(items: Iterable[Parts]) -> Listed:
    """A list that prints as one of Markdown."""
    found = list(items)
    return Listed("\n".join(f"- [ ] {item.text}" for item in found), found)


def allowed(series: Series, occurrence: Occurrence, view: View) -> frozenset[str]:
    """Names that a body may mention because the series' file or GitHub names them: roles and attendees, in small letters."""
    people = [person for held in occurrence.roles.values() for person in held]
    return frozenset(name.removeprefix("@").lower() for name in [*people, *view.attendees, *series.people.values()])
