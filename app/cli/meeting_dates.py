"""`rounds meetings list` and `rounds meetings next`: which series there are, and when they meet."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import terminal
from app.errors import Mistake

if TYPE_CHECKING:
    from datetime import datetime

    from app.cli.meeting_sources import Found
    from app.config.series_schema import Series
    from app.meetings.occurrence import Occurrence

MOST = 200

Folder = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        help="A folder with meetings/SERIES.yml: needs no GitHub. Default: .github, if it has series, else all that are known.",
    ),
]
Repository = Annotated[
    str | None, typer.Option("--repo", metavar="OWNER/REPO", help="The series of this repository on GitHub.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def listing(config: Folder = None, repo: Repository = None, as_json: AsJson = False) -> None:
    """List the series: whose each is, when it meets, its next meeting, and the address of its calendar."""
    from app.cli import meeting_sources

    found, now = meeting_sources.every(config, repo), meeting_sources.now()
    if as_json:
        _write([_described(one, now) for one in found])
        return
    if not found:
        terminal.say("There is no series yet: describe one in .github/meetings/, or name a folder with --config.")
        return
    table = terminal.table("series", "of", "when", "next", "calendar")
    for one in found:
        coming = [_start(next_) for next_ in _following(one, now, 1)] or ["–"]
        table.add_row(*map(_cell, (one.series.id, one.where, _when(one.series), coming[0], one.calendar or "–")))
    terminal.out().print(table)


def coming(  # noqa: PLR0917  # the command line gives them by name
    series: Annotated[str, typer.Argument(help="The series: the name of its file without the ending.")],
    count: Annotated[int, typer.Option("-n", min=1, max=MOST, help="How many meetings.")] = 10,
    config: Folder = None,
    repo: Repository = None,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="DATE", help="Those after this day, as 2020-09-18; without it from now on."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the next meetings: date, number, place, roles, and the time in each of the team's zones."""
    from app.cli import meeting_sources

    one = meeting_sources.only(series, config, repo)
    found = _following(one, _since(one.series, after), count)
    if as_json:
        _write([_shown(one.series, meeting) for meeting in found])
        return
    terminal.say(f"{one.series.name}: {_when(one.series)}", "bold")
    if not found:
        terminal.say("No meeting comes any more.", "yellow")
        return
    _print(one.series, found)
    for line in _notes(one, found):
        terminal.say(line, "yellow")


def _print(series: Series, found: list[Occurrence]) -> None:
    zones = _zones(series)
    table = terminal.table("number", series.schedule.timezone, *zones, "place", "roles")
    for column in table.columns[:-2]:
        column.no_wrap = True
    for one in found:
        times = (_start(one, zone) for zone in zones)
        table.add_row(*map(_cell, (_number(series, one), _start(one), *times, one.place or "–", _roles(one) or "–")))
    terminal.out().print(table)


def _notes(found: Found, shown: list[Occurrence]) -> Iterator[str]:
    """What is not as usual: dates that are moved or not held, weeks in which the team's clocks disagree."""
    from app.meetings import sight
    from app.meetings.recurrence import occurrences

    first, last = (pick(one.day for one in shown) for pick in (min, max))
    for one in occurrences(found.series, found.changes):
        if one.day > last:
            return
        if one.day < first:
            continue
        reason = f": {one.reason}" if one.reason else ""
        if one.status != "planned":
            yield f"{one.day} is {one.status}{reason}"
        elif one.moved:
            yield f"{one.day} is moved to {_start(one)}{reason}"
        if one.status == "planned" and (notice := sight.notice(found.series, one)):
            yield f"{one.day}: {notice.replace('**', '')}"


def _following(found: Found, since: datetime, count: int) -> list[Occurrence]:
    from app.meetings.recurrence import following

    return following(found.series, since, found.changes, limit=count)


def _since(series: Series, after: str | None) -> datetime:
    """The last moment of that day in the series' zone."""
    from datetime import date, time, timedelta
    from zoneinfo import ZoneInfo

    from app.cli import meeting_sources
    from app.meetings import moments

    if after is None:
        return meeting_sources.now()
    try:
        day = date.fromisoformat(after)
        next_day = moments.at(day + timedelta(days=1), time(), ZoneInfo(series.schedule.timezone))
    except (ValueError, OverflowError):
        raise Mistake(f"{after} is no date: write it as 2020-09-18.") from None
    return moments.utc(next_day) - timedelta(microseconds=1)


def _when(series: Series) -> str:
    from app.meetings.rule_words import in_words

    rules = [series.schedule.rule, *(change.rule for change in series.schedule.changes if change.rule)]
    return f"{in_words(rules[-1])}, {series.schedule.timezone}"


def _zones(series: Series) -> list[str]:
    return [zone for zone in dict.fromkeys(series.zones) if zone != series.schedule.timezone]


def _start(one: Occurrence, zone: str | None = None) -> str:
    """ "Fri 2020-09-18 10:30"; in another zone only the time, and the weekday where it is another."""
    from zoneinfo import ZoneInfo

    there = one.start.astimezone(ZoneInfo(zone)) if zone else one.start
    if zone is None:
        return f"{there:%a %Y-%m-%d %H:%M}"
    return f"{there:%H:%M}" if there.date() == one.start.date() else f"{there:%a %H:%M}"


def _number(series: Series, one: Occurrence) -> str:
    return f"{one.number:0{series.numbering.width}}" if series.numbering.width else str(one.number)


def _roles(one: Occurrence) -> str:
    return "; ".join(f"{name}: {', '.join(who) or 'nobody'}" for name, who in one.roles.items())


def _cell(text: str) -> Any:
    from rich.text import Text

    return Text(terminal.plain(text))


def _described(found: Found, now: datetime) -> dict[str, object]:
    series = found.series
    return {
        "series": series.id,
        "name": series.name,
        "of": found.where,
        "when": _when(series),
        "next": next((_shown(series, one) for one in _following(found, now, 1)), None),
        "calendar": found.calendar or None,
    }


def _shown(series: Series, one: Occurrence) -> dict[str, object]:
    from zoneinfo import ZoneInfo

    zones = {zone: one.start.astimezone(ZoneInfo(zone)).isoformat() for zone in _zones(series)}
    return {
        "date": str(one.day),
        "number": one.number,
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
        "opens": one.opens_at.isoformat(),
        "moved": one.moved,
        "variant": one.variant,
        "place": one.place,
        "roles": {name: list(who) for name, who in one.roles.items()},
        "zones": zones,
    }


def _write(value: object) -> None:
    """Not through the console, which would break long lines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
