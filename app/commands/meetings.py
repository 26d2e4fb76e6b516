"""Which meeting or series a command means, and whether the sender and the issue may have to do with it."""

from __future__ import annotations

from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, Refused
from app.core.dates import spelled
from app.core.meeting import KnownSeries, Planned, Sitting
from app.core.names import Names, fold
from app.core.references import same
from app.core.text import code, listed, verbatim
from app.core.values import Role


def sitting(facts: Facts, verb: str, needed: Role = Role.TRIAGE) -> Sitting:
    """The meeting in whose issue the line was typed. Raises Impossible where there is none, Refused where the sender, who
    may command the target, may not speak in the meeting's repository."""
    found = facts.meeting.sitting
    if found is None:
        raise Impossible(f"{verbatim('/' + verb)} belongs into the issue of a meeting, and this is none.")
    elsewhere = found.issue.repository.lower() != facts.repository.full_name.lower()
    if elsewhere and (found.role or Role.NONE) < needed:
        raise Refused(f"refused: you need the {needed.name.lower()} role or above in {code(found.issue.repository)}.")
    return found


def in_meeting(facts: Facts) -> bool:
    """Whether the line is about the meeting's own issue."""
    found = facts.meeting.sitting
    return found is not None and same(found.issue, facts.issue.ref)


def series(typed: str, facts: Facts) -> KnownSeries:
    """The series that is named, or else the only one that it can be. Raises a Mistake that names the choices."""
    found = _named(typed, facts) if typed else _only(facts)
    if found.hidden:
        raise Impossible(found.hidden)
    return found


def near(facts: Facts) -> tuple[KnownSeries, ...]:
    """The series on whose agendas the issue can come, without asking which."""
    here = facts.meeting.sitting
    if here is not None:
        return () if here.series.hidden else (here.series,)
    return tuple(one for one in facts.meeting.series if one.near and not one.hidden)


def coming(found: KnownSeries, facts: Facts) -> tuple[Planned, ...]:
    """Its meetings after now, and after the one in whose issue we are. Raises Impossible where there is none."""
    here = facts.meeting.sitting
    present = here.day if here is not None and here.series.id == found.id else None
    left = tuple(one for one in found.following(facts.now) if one.day != present)
    if not left:
        raise Impossible(f"no further meeting of {code(found.name)} is planned.")
    return left


def named(planned: Planned, found: KnownSeries) -> str:
    """ "`Weekly`, Friday, 27 November 2026"."""
    return f"{code(found.name)}, {spelled(planned.start.date())}"


def _named(typed: str, facts: Facts) -> KnownSeries:
    known = facts.meeting.series
    wanted = fold(typed)
    for one in known:
        if wanted in {fold(one.id.series), fold(one.name)}:
            return one
    raise _unknown(typed, known)


def _only(facts: Facts) -> KnownSeries:
    found = near(facts)
    if len(found) == 1:
        return found[0]
    if not found:
        hidden = [one for one in facts.meeting.series if one.near and one.hidden]
        if hidden:
            raise Impossible(hidden[0].hidden)
        ids = tuple(one.id.series for one in facts.meeting.series)
        choices = f" Name one of {listed(ids)}." if ids else " Series are described in `.github/meetings/`."
        raise Impossible(f"no series of meetings is about {code(facts.repository.full_name)}.{choices}")
    raise Misunderstood(f"there are several series, so name one: {listed(tuple(one.id.series for one in found))}.")


def _unknown(typed: str, known: tuple[KnownSeries, ...]) -> Misunderstood:
    names = Names(one.id.series for one in known)
    near_ = names.near(typed)
    guess = f" Did you mean {code(near_[0])}?" if near_ else ""
    there = f" There are {listed(tuple(names))}." if known and not near_ else ""
    return Misunderstood(f"there is no series {code(typed)}.{guess}{there}")
