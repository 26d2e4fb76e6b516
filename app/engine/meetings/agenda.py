"""What is on the agenda of a meeting: issues by query, what people asked for, what was carried, open TODOs; from our database.

An issue stands there once: where it was carried or asked for, else under the first heading that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import sqlalchemy as sa

from app.config.series_issue import Query
from app.engine.meetings import places
from app.engine.meetings.facts import seen_in
from app.engine.meetings.files import Described
from app.meetings.agenda import AgendaItem, Matches, TodoLine, region
from app.store import agenda_read, meetings, mirror, todos
from app.store.agenda_read import Wanted
from app.store.meetings import Item, Key
from app.store.mirror import KnownRepository
from app.store.todos import Todo

CARRIED = "Carried over"
ASKED = "Asked for"


@dataclass(frozen=True, slots=True)
class ByQuery:
    """An issue that a query found, with the labels that brought it here."""

    repository_id: int
    number: int
    heading: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """`listed`: ids of what waited and stands there now."""

    items: tuple[AgendaItem, ...]
    todos: tuple[TodoLine, ...]
    totals: dict[str, Matches]
    listed: tuple[int, ...]
    found: tuple[ByQuery, ...]
    region: str

    @property
    def carried(self) -> tuple[AgendaItem, ...]:
        return tuple(item for item in self.items if item.heading == CARRIED)


def gather(
    conn: sa.Connection, described: Described, at: KnownRepository, day: date, *, now: int, web_url: str
) -> Gathered:
    """For the meeting of that day, whose issue is (or will be) in `at`."""
    return _Gathering(conn, described, at, Key(described.repository_id, described.series.id, day), web_url).all(now)


class _Gathering:
    def __init__(self, conn: sa.Connection, described: Described, at: KnownRepository, key: Key, web_url: str) -> None:
        self._conn = conn
        self._described = described
        self._agenda = described.series.agenda
        self._at = at
        self._key = key
        self._web_url = web_url
        self._queried = places.queried(conn, described, at)
        ids = {one.repository.id for one in self._queried.values()}
        self._seen = meetings.issues(conn, ids)  # a meeting is no item of a meeting
        self._totals: dict[str, Matches] = {}
        self._found: list[ByQuery] = []

    def all(self, now: int) -> Gathered:
        asked = self._asked(now)
        items = [self._item(item) for item in asked]
        shown = [item for item in items if item is not None]
        shown.sort(key=lambda item: item.heading != CARRIED)
        shown += [item for query in self._agenda.queries for item in self._of_query(query)]
        todos_ = tuple(self._todos()) if self._agenda.todos else ()
        listed = tuple(
            one.id for one, item in zip(asked, items, strict=True) if item is not None and one.state == "waiting"
        )
        made = region(shown, todos_, self._totals, width=self._described.series.numbering.width or 1)
        return Gathered(tuple(shown), todos_, self._totals, listed, tuple(self._found), made)

    def _asked(self, now: int) -> list[Item]:
        """What this meeting lists already, and what waits, unless an earlier meeting of the series will take that."""
        found = meetings.items(self._conn, self._key)
        if not meetings.earlier_open(self._conn, self._key, now):
            found += meetings.waiting(self._conn, self._key.repository_id, self._key.series, self._key.day)
        wanted = {True: self._agenda.carry_over, False: self._agenda.comments}
        return [one for one in found if one.heading or wanted[one.times > 0]]

    def _item(self, item: Item) -> AgendaItem | None:
        """None where it must not be shown here, or its issue is closed or gone."""
        heading = item.heading or (CARRIED if item.times else ASKED)
        about = {"by": item.by_login, "carried_from": item.carried_from, "times": item.times}
        if item.ref_repository_id is None or item.ref_number is None:
            return AgendaItem(heading, None, item.text, **about)  # type: ignore[arg-type]  # as the fields say
        place = (item.ref_repository_id, item.ref_number)
        found = agenda_read.named(self._conn, [place]).get(place)
        known = mirror.repository(self._conn, item.ref_repository_id)
        if found is None or known is None or not places.shown(self._described, self._at, known):
            return None
        match, open_ = found
        if not open_ or place in self._seen:
            return None
        self._seen.add(place)
        title = f"{match.title}: {item.text}" if item.text else match.title
        return AgendaItem(heading, match.ref, title, **about)  # type: ignore[arg-type]  # as the fields say

    def _of_query(self, query: Query) -> Iterator[AgendaItem]:
        known = self._queried
        names = query.repos or places.usual(self._described, self._at)
        asked = [known[name.lower()] for name in names if name.lower() in known]
        matches = agenda_read.matches(self._conn, {one.repository.id for one in asked}, _wanted(query))
        again = 0
        for match in matches.found:
            place = (match.repository_id, match.ref.number)
            if place in self._seen:
                again += 1
                continue
            self._seen.add(place)
            self._found.append(ByQuery(*place, query.heading, query.labels))
            yield AgendaItem(query.heading, match.ref, match.title)
        before = self._totals.get(query.heading, Matches(0))
        self._totals[query.heading] = Matches(
            before.total + matches.total - again, before.url or self._url(query, asked)
        )

    def _url(self, query: Query, asked: list[KnownRepository]) -> str:
        """Where GitHub lists the same, if that is one repository."""
        if len(asked) != 1:
            return ""
        words = [f"is:{query.is_ or 'issue'}".replace("pull_request", "pr")]
        words += [] if query.state == "all" else [f"is:{query.state}"]
        words += [f'label:"{name}"' for name in query.labels] + [f'-label:"{name}"' for name in query.no_labels]
        words += [f'milestone:"{query.milestone}"'] if query.milestone else []
        return f"{self._web_url}/{asked[0].repository.full_name}/issues?q={quote(' '.join(words))}"

    def _todos(self) -> Iterator[TodoLine]:
        """Those of earlier meetings, and of none, that are open."""
        days = meetings.days(self._conn, self._key.repository_id, self._key.series)
        held = [day for day, state in days.items() if state not in ("cancelled", "reported") and day < self._key.day]
        for todo in todos.of_series(self._conn, self._key.repository_id, self._key.series):
            told = seen_in(self._conn, todo, self._at)
            if told and (todo.day is None or todo.day < self._key.day):
                since = sum(day > todo.day for day in held) if todo.day else 0
                yield self._todo(todo, since)

    def _todo(self, todo: Todo, since: int) -> TodoLine:
        ref = None
        if todo.ref_repository_id is not None and todo.ref_number is not None:
            place = (todo.ref_repository_id, todo.ref_number)
            found = agenda_read.named(self._conn, [place]).get(place)
            known = mirror.repository(self._conn, todo.ref_repository_id)
            if found is not None and known is not None and places.shown(self._described, self._at, known):
                ref = found[0].ref
        return TodoLine(todo.owners, todo.text, todo.due, ref=ref, meetings_open=since)


def _wanted(query: Query) -> Wanted:
    kinds = {None: None, "issue": False, "pull_request": True}
    return Wanted(query.labels, query.no_labels, query.milestone, query.state, kinds[query.is_], query.limit)
