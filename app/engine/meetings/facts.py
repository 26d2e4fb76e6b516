"""What a command may know of meetings: series in reach of an issue, their agendas, the meeting we are in, open to-dos.

Nothing of a private repository is told in an issue where its readers are not: the answer stands where the command was typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.commands.saying import heard
from app.core.meeting import KnownSeries, Listed, MeetingFacts, MeetingId, OpenTodo, Planned, Sitting
from app.core.names import fold
from app.core.text import code
from app.core.values import Issue, Person, Ref, Role
from app.engine.meetings import places
from app.engine.meetings.due import changed, moment
from app.engine.meetings.files import Described
from app.engine.services import Services
from app.errors import Mistake
from app.meetings import recurrence
from app.store import agenda_items, meetings, minutes, mirror, todos
from app.store.meetings import Key, Meeting
from app.store.mirror import KnownRepository
from app.store.todos import Todo

BEFORE, AHEAD = timedelta(days=35), timedelta(days=430)
MOST_DATES = 400
MOST_TODOS = 500


@dataclass(frozen=True, slots=True)
class Where:
    """`home`: the repository of the text, `number` its issue; `known`: that of the target `issue`."""

    home: KnownRepository
    number: int
    known: KnownRepository
    issue: Issue
    now: datetime


async def meeting_facts(services: Services, where: Where, sender: Person) -> MeetingFacts:
    """All of it, from our database; roles are asked only where a series belongs to a private repository."""
    described = [one for one in await services.all_series() if await _may_know(services, one, where, sender)]
    role = await services.roles.role(where.home.installation_id, where.home.repository, sender)
    return await services.database.read(lambda conn: _Looking(conn, where, described).facts(role))


async def _may_know(services: Services, described: Described, where: Where, sender: Person) -> bool:
    """Whether that there is such a series may be said where the command was typed, and to that person."""
    home = described.home
    if home is None or home.repository.id == where.home.repository.id:
        return True
    if home.installation_id != where.home.installation_id:
        return False
    if not home.repository.private:
        return True
    role = await services.roles.role(home.installation_id, home.repository, sender)
    return where.home.repository.private and (role or Role.NONE) >= Role.READ


class _Looking:
    def __init__(self, conn: Connection, where: Where, described: Iterable[Described]) -> None:
        self._conn = conn
        self._where = where
        self._described = list(described)

    def facts(self, role: Role | None) -> MeetingFacts:
        known = [series for one in self._described if (series := self._series(one)) is not None]
        return MeetingFacts(self._sitting(known, role), tuple(known), self._todos())

    def _series(self, one: Described) -> KnownSeries | None:
        """None where its issues have no place, or a place that is not to be named here."""
        where, conn = self._where, self._conn
        try:
            at = places.place(conn, one)
        except Mistake:
            return None
        elsewhere = at.repository.id != where.home.repository.id
        if at.installation_id != where.known.installation_id or (
            elsewhere and at.repository.private and not where.home.repository.private
        ):
            return None
        kept = meetings.changes(conn, one.repository_id, one.series.id)
        return KnownSeries(
            MeetingId(one.repository_id, one.series.id),
            one.series.name,
            at.repository.full_name,
            near=self._near(one, at),
            hidden="" if places.shown(one, at, where.known) else _hidden(one),
            dates=self._dates(one),
            items=self._items(one),
            said={change.day: change.status for change in kept},
        )

    def _near(self, one: Described, at: KnownRepository) -> bool:
        """Whether the series is about the issue's repository."""
        repository = self._where.known.repository
        here = one.home is not None and one.home.repository.id == repository.id
        names = {name.lower() for query in one.series.agenda.queries for name in query.repos}
        names |= {name.lower() for name in places.usual(one, at)}
        return here or at.repository.id == repository.id or repository.full_name.lower() in names

    def _dates(self, one: Described) -> tuple[Planned, ...]:
        now = self._where.now
        changes = changed(meetings.changes(self._conn, one.repository_id, one.series.id))
        first, last = (now - BEFORE).date(), (now + AHEAD).date()
        found: list[Planned] = []
        for slot in recurrence.occurrences(one.series, changes):
            if slot.day > last or len(found) >= MOST_DATES:
                break
            if slot.day >= first:
                moved = (slot.start, slot.number, slot.variant, slot.status, slot.moved, slot.reason)
                found.append(Planned(slot.day, *moved))
        return tuple(found)

    def _items(self, one: Described) -> tuple[Listed, ...]:
        """What stands of the issue, and what stands in words, on the agendas to come."""
        id_, number = self._where.known.repository.id, self._where.issue.ref.number
        there = agenda_items.standing(self._conn, one.repository_id, one.series.id)
        return tuple(
            Listed(self._where.issue.ref if item.ref_number else None, item.text, item.by_login, item.day)
            for item in there
            if item.ref_number is None or (item.ref_repository_id, item.ref_number) == (id_, number)
        )

    def _sitting(self, known: Iterable[KnownSeries], role: Role | None) -> Sitting | None:
        home = self._where.home
        row = meetings.of_issue(self._conn, home.repository.id, self._where.number) if self._where.number else None
        wanted = MeetingId(row.repository_id, row.series) if row else None
        series = next((one for one in known if one.id == wanted), None)
        described = next(
            (one for one in self._described if MeetingId(one.repository_id, one.series.id) == wanted), None
        )
        if row is None or series is None or described is None:
            return None
        zone = ZoneInfo(described.series.schedule.timezone)
        times = (moment(row.starts_at).astimezone(zone), moment(row.ends_at).astimezone(zone))
        issue = Ref(home.repository.full_name, self._where.number)
        people = dict(described.series.people)
        said = frozenset(self._recorded(row))
        return Sitting(series, row.day, row.number, issue, *times, row.state, role, people, said)

    def _recorded(self, row: Meeting) -> Iterable[tuple[str, str]]:
        for record in minutes.of(self._conn, row.key):
            if record.kind == "role":
                yield record.text, " ".join(sorted(map(fold, record.people)))
            elif record.kind == "present":
                yield from ((record.kind, fold(login)) for login in record.people)
            else:
                refs = (named(self._conn, ref) for ref in record.refs)
                yield record.kind, heard(record.text, tuple(ref for ref in refs if ref is not None))

    def _todos(self) -> tuple[OpenTodo, ...]:
        """Those that may be told where the command was typed."""
        found = todos.of_installation(self._conn, self._where.known.installation_id)
        row = meetings.of_issue(self._conn, self._where.home.repository.id, self._where.number)
        told = (self._todo(one, row) for one in found[:MOST_TODOS] if seen_in(self._conn, one, self._where.home))
        return tuple(one for one in told if one is not None)

    def _todo(self, one: Todo, row: Meeting | None) -> OpenTodo | None:
        said = named(self._conn, (one.home_repository_id, one.home_number))
        if said is None:
            return None
        about = (one.ref_repository_id, one.ref_number) if one.ref_repository_id and one.ref_number else None
        target = (self._where.known.repository.id, self._where.issue.ref.number)
        sitting = row is not None and (row.repository_id, row.series) == (one.repository_id, one.series)
        here = target in {about, (one.home_repository_id, one.home_number)} or (
            sitting and target == (self._where.home.repository.id, self._where.number)
        )
        ref = named(self._conn, about) if about else None
        held = meetings_since(self._conn, one)
        return OpenTodo(one.id, one.owners, one.text, said, one.due, ref, one.by_login, here, held)


def meetings_since(conn: Connection, one: Todo) -> int:
    """How many meetings of its series were held since it was said."""
    if one.day is None or not one.series:
        return 0
    days = meetings.days(conn, one.repository_id, one.series)
    return sum(day > one.day and state not in {"cancelled", "reported"} for day, state in days.items())


def seen_in(conn: Connection, one: Todo, place: KnownRepository) -> bool:
    """Whether a to-do may be told in issues of that repository: it comes from there, or from what everybody may read."""
    for id_ in {one.home_repository_id, one.ref_repository_id, one.on_merge_repository_id} - {None}:
        known = mirror.repository(conn, id_)  # type: ignore[arg-type]  # None was taken out
        if known is None or known.removed or (known.repository.private and known.repository.id != place.repository.id):
            return False
    return True


def named(conn: Connection, ref: tuple[int, int]) -> Ref | None:
    """By its present name."""
    known = mirror.repository(conn, ref[0])
    return Ref(known.repository.full_name, ref[1]) if known is not None else None


def key_of(meeting: MeetingId, day: date) -> Key:
    return Key(meeting.repository_id, meeting.series, day)


def now_of(services: Services) -> datetime:
    return datetime.fromtimestamp(services.clock() / 1000, UTC)


def _hidden(one: Described) -> str:
    return f"{code(one.series.name)} meets where others read along, so issues of this private repository must not be named there."
