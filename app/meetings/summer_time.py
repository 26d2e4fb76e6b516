"""Weeks in which clocks disagree: one of a team's zones has begun or ended summer time, and another not yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SPAN = timedelta(days=36)
"""How far apart two switches of one season are at most: Sydney and New York are 28 days apart."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Switch:
    """`at`: the first second with the new time."""

    zone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`done`: zones that have switched lately. `ahead`: those that will soon, the first one first."""

    done: tuple[Switch, ...]
    ahead: tuple[Switch, ...]


def disagreement(start: datetime, zones: Iterable[str]) -> Disagreement | None:
    """Whether at `start` some of `zones` have switched and others not yet; None where they agree, or never switch."""
    done, ahead = [], []
    for name in dict.fromkeys(zones):
        zone = ZoneInfo(name)
        past = _last(zone, start - SPAN, start)
        coming = _first(zone, start, start + SPAN)
        if past is not None:
            done.append(Switch(name, past))
        elif coming is not None:
            ahead.append(Switch(name, coming))
    if not done or not ahead:
        return None
    return Disagreement(tuple(done), tuple(sorted(ahead, key=lambda switch: switch.at)))


def notice(start: datetime, zones: Iterable[str]) -> str:
    """A paragraph for the meeting issue, or nothing. `start` is on the clock of the series' zone, the first of `zones`."""
    names = list(dict.fromkeys(zones))
    found = disagreement(start, names)
    if found is None:
        return ""
    others = [switch.zone for switch in (*found.done, *found.ahead) if switch.zone != names[0]]
    told = [words for zone in others if (words := _told(start, found, ZoneInfo(zone)))]
    switched = f"the clocks have changed in {_named(found.done)} and not yet in {_named(found.ahead)}"
    return f"**Summer time:** {switched}. So {start:%H:%M} in {names[0]} is {_and(told)}." if told else ""


def _last(zone: ZoneInfo, since: datetime, until: datetime) -> datetime | None:
    """The last switch within the time, `until` included."""
    moment = until
    while moment > since:
        before = max(moment - _DAY, since)
        if _offset(zone, before) != _offset(zone, moment):
            return _exactly(zone, before, moment)
        moment = before
    return None


def _first(zone: ZoneInfo, since: datetime, until: datetime) -> datetime | None:
    moment = since
    while moment < until:
        after = min(moment + _DAY, until)
        if _offset(zone, moment) != _offset(zone, after):
            return _exactly(zone, moment, after)
        moment = after
    return None


def _exactly(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The switch between the two, to the second."""
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            after = middle
    return after.astimezone(zone)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _told(start: datetime, found: Disagreement, zone: ZoneInfo) -> str:
    """What time it is there, where that is not as before or not as it will be."""
    first, last = min(switch.at for switch in found.done), found.ahead[-1].at
    before = start - ((start - first) // _DAY + 2) * _DAY  # on the clock of the series' zone: the same time of day
    after = start + ((last - start) // _DAY + 2) * _DAY
    was, now, will = (f"{moment.astimezone(zone):%H:%M}" for moment in (before, start, after))
    words = f"{now} in {zone.key}"
    if was == will:
        return "" if now == was else f"{words} instead of {was}"
    other = [f"{was} before"] * (was != now) + [f"{will} from {last:%B} {last.day} on"] * (will != now)
    return f"{words} ({', '.join(other)})"


def _named(switches: Iterable[Switch]) -> str:
    return _and([f"{switch.zone} ({switch.at:%B} {switch.at.day})" for switch in switches])


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
