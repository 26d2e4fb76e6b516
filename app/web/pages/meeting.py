"""`/meetings/{series}/{day}`: what do we talk about, what did we decide? The agenda as it stood, with what was said of each.

`?repo=` says whose series; without it one is sent on to the list where several repositories have one of that name. What is in
repositories that the visitor may not see is left out: issues, and what was said of them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.core.names import fold
from app.meetings.listed import ListedItem, sections
from app.store import calls, issue_list, meeting_list, minutes, todos
from app.store.issue_list import Row
from app.store.meeting_list import Held
from app.store.meetings import Key, Meeting
from app.store.minutes import Record
from app.store.visibility import visible
from app.web.desk import Asked, Desk, Rows
from app.web.pages.meetings import WORDS

Place = tuple[int, int]
SAID = ("decision", "note", "command", "carry")
OVER = frozenset({"closed", "cancelled", "reported"})
"""States of meetings at which no call is held any more. One whose minutes were read may still go on talking."""
KINDS = {"decision": "decided", "note": "noted", "command": "done", "carry": "carried", "todo": "to-do"}


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was said. `about`: issues, "owner/name#1"."""

    kind: str
    text: str
    about: tuple[str, ...]
    people: tuple[str, ...]
    by: str
    origin: str
    at: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the agenda. `key`: what it is called in its call. `issue`: as it is now, None for a mere text.

    `spent`: milliseconds, without the time that is running.
    """

    key: str
    ref: str
    text: str
    issue: Row | None
    said: tuple[Told, ...]
    spent: int


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the agenda with its items. `more`: those that it had no place for."""

    heading: str
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Promised:
    """A to-do that the meeting made."""

    id: int
    owners: tuple[str, ...]
    text: str
    due: date | None
    done: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The page. `present`: logins. `said`: about no item of the agenda. `current`: the key of what the call is at, "" for
    nothing that the visitor may see; `since`: milliseconds."""

    held: Held
    parts: tuple[Part, ...]
    said: tuple[Told, ...]
    present: tuple[str, ...]
    roles: tuple[Told, ...]
    todos: tuple[Promised, ...]
    carried: tuple[str, ...]
    current: str
    since: int

    @property
    def over(self) -> bool:
        """Whether its call is."""
        return self.held.state in OVER

    @property
    def entries(self) -> list[Entry]:
        """All items in their order."""
        return [entry for part in self.parts for entry in part.entries]

    @property
    def decided(self) -> list[Told]:
        """All that was said, in time."""
        everything = [*self.said, *(told for entry in self.entries for told in entry.said)]
        return sorted(dict.fromkeys(everything), key=lambda told: told.at)


def compute(conn: sa.Connection, asked: Asked, series: str, day: date) -> MeetingPage | None:
    """None where there is none, or the visitor may not see it, or several have that name and `?repo=` says not which."""
    found = find(conn, asked, series, day)
    return read(conn, asked, *found) if found else None


def find(conn: sa.Connection, asked: Asked, series: str, day: date) -> tuple[Held, Meeting] | None:
    """As `compute`, without what was said there."""
    found = meeting_list.find(conn, visible(asked.visitor), series, day, asked.given("repo"))
    return found[0] if len(found) == 1 else None


def read(conn: sa.Connection, asked: Asked, held: Held, meeting: Meeting) -> MeetingPage:
    """The page of a meeting that `find` found."""
    return _Reading(conn, asked).page(held, meeting)


class _Reading:
    """One look at a meeting."""

    def __init__(self, conn: sa.Connection, asked: Asked) -> None:
        self._conn = conn
        self._visible = visible(asked.visitor)

    def page(self, held: Held, meeting: Meeting) -> MeetingPage:
        told = self._told(meeting.key)
        running = calls.get(self._conn, meeting.key)
        parts = self._parts(meeting.agenda, told, running.spent if running else {})
        listed = {entry.ref for part in parts for entry in part.entries if entry.ref}
        people = dict.fromkeys(who for one in told if one.kind == "present" for who in one.people)
        at = running.item if running and held.state not in OVER else ""
        current = at if any(entry.key == at for part in parts for entry in part.entries) else ""
        rest = tuple(one for one in told if one.kind in SAID and not listed & set(one.about))
        return MeetingPage(
            held,
            parts,
            said=rest,
            present=tuple(people),
            roles=tuple(one for one in told if one.kind == "role"),
            todos=self._todos(meeting.key),
            carried=self._carried(meeting, told),
            current=current,
            since=running.since if running and current else 0,
        )

    def _told(self, key: Key) -> tuple[Told, ...]:
        """Records of which every issue may be seen."""
        records = minutes.of(self._conn, key)
        names = meeting_list.visible_refs(self._conn, self._visible, {ref for one in records for ref in one.refs})
        return tuple(_told(one, names) for one in records if all(ref in names for ref in one.refs))

    def _parts(self, agenda: str, told: tuple[Told, ...], spent: Mapping[str, int]) -> tuple[Part, ...]:
        found = sections(agenda)
        refs = [item.ref for part in found for item in part.items if item.ref]
        names = meeting_list.visible_names(self._conn, self._visible, {ref.repository for ref in refs})
        places = {
            ref: (names[ref.repository.lower()][0], ref.number) for ref in refs if ref.repository.lower() in names
        }
        rows = {
            (row.repository_id, row.number): row for row in issue_list.rows(self._conn, sorted(set(places.values())))
        }
        about: dict[str, list[Told]] = defaultdict(list)
        for one in told:
            if one.kind in SAID:
                for ref in one.about:
                    about[ref].append(one)

        def entry(item: ListedItem) -> Entry:
            place = places[item.ref] if item.ref else None
            ref = f"{names[item.ref.repository.lower()][1]}#{item.ref.number}" if item.ref else ""
            key = _key(place, item.text)
            return Entry(key, ref, item.text, rows.get(place) if place else None, tuple(about[ref]), spent.get(key, 0))

        parts = (
            Part(
                one.heading,
                tuple(entry(item) for item in one.items if item.ref is None or item.ref in places),
                one.more,
            )
            for one in found
        )
        return _once(part for part in parts if part.entries or part.more)

    def _todos(self, key: Key) -> tuple[Promised, ...]:
        made = todos.of_series(self._conn, key.repository_id, key.series, day=key.day)
        places = {
            (id_, 0) for one in made for id_ in (one.ref_repository_id, one.on_merge_repository_id, one.home_repository_id)
            if id_
        }  # fmt: skip
        seen = {id_ for id_, _ in meeting_list.visible_refs(self._conn, self._visible, places)} | {None}
        return tuple(
            Promised(one.id, one.owners, one.text, one.due, one.done_at is not None)
            for one in made
            if {one.ref_repository_id, one.on_merge_repository_id, one.home_repository_id} <= seen
        )

    def _carried(self, meeting: Meeting, told: tuple[Told, ...]) -> tuple[str, ...]:
        """What was said to be carried; and what only its minutes left over, as far as no later meeting carried it on.

        A cancelled meeting leaves nothing over: the next one may have its number.
        """
        said = [ref for one in told if one.kind == "carry" for ref in one.about or (one.text,)]
        left = meeting_list.carried(self._conn, meeting) if meeting.state != "cancelled" else []
        places = {(one.ref_repository_id, one.ref_number) for one in left if one.ref_repository_id and one.ref_number}
        names = meeting_list.visible_refs(self._conn, self._visible, places)
        shown = (
            names.get((one.ref_repository_id or 0, one.ref_number or 0)) if one.ref_number else one.text for one in left
        )
        return tuple(dict.fromkeys([*said, *(one for one in shown if one)]))


def _told(one: Record, names: Mapping[Place, str]) -> Told:
    about = tuple(names[ref] for ref in one.refs)
    return Told(one.kind, one.text, about, one.people, one.by_login, one.origin, one.at)


def _key(place: Place | None, text: str) -> str:
    if place:
        return f"{place[0]}-{place[1]}"
    return hashlib.sha256(fold(text).encode(errors="replace")).hexdigest()[:16]


def _once(parts: Iterable[Part]) -> tuple[Part, ...]:
    """What stands under two headings is talked about at the first."""
    seen: set[str] = set()
    made = []
    for part in parts:
        kept = {entry.key: entry for entry in part.entries if entry.key not in seen}
        seen |= kept.keys()
        made.append(replace(part, entries=tuple(kept.values())))
    return tuple(part for part in made if part.entries or part.more)


def table(found: MeetingPage) -> Rows:
    """One row an item, a thing said, a to-do, a thing carried."""
    rows: list[tuple[object, ...]] = [("kind", "heading", "about", "text", "by", "at", "milliseconds")]
    for part in found.parts:
        rows += [("item", part.heading, one.ref, one.text, "", "", one.spent) for one in part.entries]
    rows += [(one.kind, "", " ".join(one.about), one.text, one.by, one.at, "") for one in found.decided]
    rows += [
        ("todo", "done" if one.done else "open", "", one.text, ", ".join(one.owners), one.due, "")
        for one in found.todos
    ]
    rows += [("carried", "", "", one, "", "", "") for one in found.carried]
    return rows


def day_of(text: str) -> tuple[date | None, str]:
    """The day and the form of "2026-11-20.json"; None where it is no day."""
    name, _, form = text.partition(".")
    try:
        return (date.fromisoformat(name) if len(name) == 10 else None), form or "html"
    except ValueError:
        return None, form or "html"


async def _are_several(desk: Desk, request: Request, series: str, day: date) -> bool:
    """Whether several repositories meet so on that day, and the address says not which is meant."""
    asked = await desk.asked(request)
    if asked.given("repo") is not None:
        return False
    return len(await desk.read(lambda conn: meeting_list.find(conn, visible(asked.visitor), series, day, None))) > 1


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/meetings/{series}/{named}", methods=["GET", "HEAD"])
    async def meeting(request: Request, series: str, named: str) -> Response:
        day, form = day_of(named)

        def look(conn: sa.Connection, asked: Asked) -> MeetingPage | None:
            return compute(conn, asked, series, day) if day else None

        values = {"words": WORDS, "kinds": KINDS, "github": desk.settings.github_web_url}
        shown = await desk.show(request, form, "meeting.html", look, table, **values)
        if shown.status_code == 404 and form == "html" and day and await _are_several(desk, request, series, day):
            return RedirectResponse(f"/meetings/{quote(series)}", 303)
        return shown

    return router
