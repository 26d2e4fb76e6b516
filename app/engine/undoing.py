"""What `/undo` is about: the sender's last command on an issue, or those of a linked comment, as the audit has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.commands import asking, undo
from app.core.actions import Action, AddLabels, Assign, Close
from app.core.effect import NOTHING, Effect, Undoing, things
from app.core.invocation import Invocation
from app.core.merge import apply
from app.core.names import fold
from app.core.text import code
from app.core.values import Issue, Person, Ref
from app.engine import plans
from app.engine.services import Services
from app.errors import Mistake
from app.store import effects, mirror

Lines = Collection[tuple[int, int]]
"""Command lines, as (delivery, line)."""
Place = tuple[int, int]
"""An issue, as (repository's id, number)."""
CLOCKS = 60_000
"""Milliseconds by which GitHub's clock and ours may differ."""


@dataclass(frozen=True, slots=True)
class Did:
    """What one line did to one issue; `row`: its id in the audit, `home`: the issue of its text, `at`: milliseconds."""

    row: int
    seq: int
    line: int
    order: int
    command: str
    actor: str
    place: Place
    home: Place
    action: Action
    before: Issue
    at: int


async def targets(
    services: Services, sender: Person, invocation: Invocation, home: Ref, passed: Lines
) -> Mapping[Ref, Undoing]:
    """The issues that a line is about, and what there is to be taken back on each: an `/undo` reaches all that the undone
    command did. `passed`: what earlier lines of this text take back already."""
    wanted = asking.meant(invocation)
    named = wanted.targets or (home,)
    if wanted.verb != undo.CARD.verb:
        return dict.fromkeys(named, NOTHING)
    try:
        link = undo.linked(wanted)
    except Mistake:  # the command itself says what is wrong
        return dict.fromkeys(named, NOTHING)
    if link is not None:
        return await services.database.read(lambda conn: _linked(conn, sender, link, named[0]))
    return await services.database.read(lambda conn: _last(conn, sender, named, passed))


def _last(conn: Connection, sender: Person, named: Iterable[Ref], passed: Lines) -> dict[Ref, Undoing]:
    """Of each issue that was named, the last command."""
    found: dict[Ref, Undoing] = {}
    chosen = set(passed)
    for ref in named:
        line = _last_line(conn, sender, ref, chosen)
        chosen |= {line} if line else set()
        found |= _undoing(conn, [line]) if line else ({} if ref in found else {ref: NOTHING})
    return found


def _last_line(conn: Connection, sender: Person, ref: Ref, passed: Lines) -> tuple[int, int] | None:
    known = mirror.repository_named(conn, ref.repository)
    if known is None:
        return None
    place = known.repository.id, ref.number
    for seq in effects.recent(conn, sender.id, *place):
        gone = effects.taken_back(conn, [seq]) | set(passed)
        lines = {
            did.line for did in _did(conn, [seq]) if place in (did.place, did.home) and (seq, did.line) not in gone
        }
        if lines:
            return seq, max(lines)
    return None


def _linked(conn: Connection, sender: Person, link: undo.Link, named: Ref) -> dict[Ref, Undoing]:
    """All commands of that text that the sender gave."""
    known = mirror.repository_named(conn, link.ref.repository)
    mine = effects.of_source(conn, sender.id, known.repository.id, link.ref.number, link.source) if known else []
    lines = {(did.seq, did.line) for did in _did(conn, mine)}
    if lines:
        return _undoing(conn, lines)
    where = f"{link.source} in {code(str(link.ref))}" if link.comment_id else code(str(link.ref))
    why = f"no command of yours in {where} did anything; those of others are for them to take back."
    return {named: Undoing(why=why)}


def _undoing(conn: Connection, lines: Lines) -> dict[Ref, Undoing]:
    """By the present names of the issues, the last effect first."""
    found: dict[Ref, tuple[Effect, ...]] = {}
    for place, there in _by_place(_did(conn, {seq for seq, _ in lines})).items():
        known = mirror.repository(conn, place[0])
        wanted = [did for did in there if (did.seq, did.line) in lines]
        if known is None or not wanted:
            continue
        ref = Ref(known.repository.full_name, place[1])
        made = [_effect(conn, did, ref) for did in wanted]
        found[ref] = tuple(reversed(made))
    return {ref: Undoing(made) for ref, made in found.items()}


def _by_place(done: Iterable[Did]) -> dict[Place, list[Did]]:
    """Of each issue in order, each with the issue as it was just before."""
    found: dict[Place, list[Did]] = {}
    for did in sorted(done, key=lambda did: (did.seq, did.line, did.order)):
        there = found.setdefault(did.place, [])
        earlier = there[-1] if there and there[-1].seq == did.seq else None
        there.append(replace(did, before=apply(earlier.before, [earlier.action])) if earlier else did)
    return found


def _effect(conn: Connection, did: Did, ref: Ref) -> Effect:
    since = _since(conn, did)
    touched = {thing: since[thing] for thing in things(did.action) if thing in since}
    action, before = replace(did.action, target=ref), replace(did.before, ref=ref)
    return Effect(did.seq, did.line, did.command, action, before, touched)


def _since(conn: Connection, did: Did) -> dict[str, str]:
    """What later commands changed that still stand, and who gave them; also that the issue was closed once more."""
    later = [one for row in effects.later(conn, *did.place, did.row) for one in _of_row(row)]
    gone = effects.taken_back(conn, {one.seq for one in later})
    found: dict[str, str] = {}
    for one in later:
        if one.seq != did.seq and (one.seq, one.line) not in gone:
            found |= {thing: one.actor for thing in things(one.action) if thing not in found}
    closed = effects.closed_at(conn, *did.place) if isinstance(did.action, Close) else None
    if closed is not None and closed > did.at + CLOCKS:
        found.setdefault("state", "")
    return found


def _did(conn: Connection, seqs: Collection[int]) -> list[Did]:
    """What command lines did in those deliveries; a rule is no line."""
    return [did for row in effects.of(conn, seqs) for did in _of_row(row) if did.line > 0]


def _of_row(row: effects.Row) -> list[Did]:
    """What was done by a row of the audit; nothing for an `/undo`."""
    kept = row._mapping
    after, before = msgspec.json.decode(kept["after"]), msgspec.json.decode(kept["before"])
    if before is None:
        return []
    issue, place = msgspec.convert(before, Issue), (kept["repository_id"], kept["number"])
    home = kept.get("home_repository_id", 0), kept.get("home_number", 0)
    about = (kept["actor"], place, home)
    return [
        Did(row.id, row.seq, part["line"], part["place"], part["command"], *about, _taken(part, after), issue, row.at)
        for part in after.get("parts", ())
        if part["command"] != undo.CARD.verb
    ]


def _taken(part: Mapping[str, Any], after: Mapping[str, Any]) -> Action:
    """The action of a part, without the names that GitHub refused."""
    action = plans.from_json({name: value for name, value in part.items() if name not in {"line", "command", "place"}})
    if "refused" not in after:
        return action
    there = {fold(name) for name in after["answer"] if isinstance(name, str)}
    if isinstance(action, AddLabels):
        return replace(action, names=tuple(name for name in action.names if fold(name) in there))
    if isinstance(action, Assign):
        return replace(action, logins=tuple(login for login in action.logins if fold(login) in there))
    return action
