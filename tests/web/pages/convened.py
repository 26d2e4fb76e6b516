"""A team that met for weeks, by the engine and through signed HTTP, and a ledger of what was said in its meetings.

`acme/widgets` is open to all on the dashboard. `acme/gadgets` is so on GitHub alone, so its issues stand on the agenda of a
public meeting, which the dashboard shows to members. `acme/secret` is private, and has a series of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from app.sandbox.things import Comment, Issue, Repository
from app.settings import Settings
from app.store import tables as t
from app.store.database import Database
from app.store.visibility import NOBODY, Visitor
from app.web.desk import Desk
from app.web.pages import call, meeting, meetings
from tests.engine.fakes import Clock
from tests.journeys.hall import SERIES, TEMPLATE, Hall
from tests.journeys.town import CONFIG, REPO
from tests.web.pages.hall import sign_in

HERE, BESIDE, SECRET = REPO, "acme/gadgets", "acme/secret"
MEMBER, READER = Visitor("mia", 1, "mark", "token"), Visitor("rita", 2, "hers", "token")
OPENED = f"{CONFIG}visibility: {{dashboard: public}}\n"
WEEKLY = SERIES.replace("acme/secret]}", "acme/secret], limit: 3}")
INNER = """\
version: 1
name: Inner circle
schedule: {timezone: UTC, starts: 2026-12-18, time: "15:00", duration: 90m, rule: every Friday}
open: {before: 1d}
issue: {title: Inner circle}
agenda: {queries: [{heading: To triage, labels: [requires triaging], repos: [acme/widgets, acme/secret]}]}
"""
FIRST = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
"""The first meeting that is opened, the second of the series: 10:30 in New York, an hour long."""
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
LONGEST = 3 * 3_600_000
"""Milliseconds on one item that count."""
Topic = Issue | str
"""A string is the line of an item in words."""


@dataclass(frozen=True, eq=False)
class Word:
    """Something that was said for the minutes. `at`: milliseconds."""

    kind: str
    text: str
    about: tuple[Issue, ...]
    people: tuple[str, ...]
    by: str
    origin: str
    at: int


@dataclass(frozen=True)
class Line:
    """What somebody types, and what of it belongs into the minutes."""

    typed: str
    kind: str
    text: str = ""
    about: tuple[Issue, ...] = ()
    people: tuple[str, ...] = ()


def carry(issue: Issue, until: str = "") -> Line:
    return Line(f"{name_of(issue)} /carry {until}".strip(), "carry", until, (issue,))


@dataclass(eq=False)
class Owed:
    """A to-do that somebody said there; `about` an issue."""

    id: int
    owners: tuple[str, ...]
    text: str
    due: date | None
    about: Issue | None
    done: bool = False


@dataclass(eq=False)
class Meeting:
    """As those remember it who were there. `planned`: headings with what had to stand under them, and how many more.

    `moves`: when the call went where (None: its end), milliseconds.
    """

    series: str
    number: int
    title: str
    starts: datetime
    minutes: int
    issue: Issue
    planned: Sequence[tuple[str, Sequence[Topic], int]]
    state: str = "open"
    words: list[Word] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    carried: list[Issue] = field(default_factory=list)
    moves: list[tuple[int, Topic | None]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/meetings/{self.series}/{self.starts.date()}"

    def spent(self, topic: Topic) -> int:
        """Milliseconds that the call was at it, without the time that is running."""
        stays = [until - at for (at, on), (until, _) in pairwise(self.moves) if on == topic]
        return sum(min(stay, LONGEST) for stay in stays)


@dataclass(eq=False)
class Convened:
    """`clock`: of all. `meetings`: in the order in which they were opened."""

    hall: Hall
    database: Database
    meetings: list[Meeting] = field(default_factory=list)
    said_to_do: int = 0

    @property
    def clock(self) -> Clock:
        return self.hall.clock

    def repository(self, name: str) -> Repository:
        return self.hall.town.world.find_repository(name)

    def opened(
        self, series: str, number: int, title: str, starts: datetime, *planned: tuple[str, Sequence[Topic], int]
    ) -> Meeting:
        """The newest meeting of it."""
        issue = self.hall.issues(SECRET if series == "inner" else HERE)[-1]
        made = Meeting(series, number, title, starts, 90 if series == "inner" else 60, issue, planned)
        self.meetings.append(made)
        return made

    async def says(self, where: Issue, login: str, text: str) -> Comment:
        self.clock.forward(seconds=5)
        comment = await self.hall.town.says(where, login, text)
        assert self.hall.town.reactions(comment) == ["+1"], (text, self.hall.town.replies(where)[-1:])
        return comment

    async def hears(self, where: Meeting, login: str, *lines: Line) -> None:
        """A comment, and what of each line belongs into the minutes."""
        comment = await self.says(where.issue, login, "\n".join(line.typed for line in lines))
        issue = comment.issue
        origin = f"{self.hall.town.world.web_url}/{issue.repository.full_name}/issues/{issue.number}"
        for one in lines:
            said = (login, f"{origin}#issuecomment-{comment.id}", self.clock())
            where.words.append(Word(one.kind, one.text, one.about, one.people, *said))
            where.carried += one.about if one.kind == "carry" else ()

    async def promises(
        self, where: Meeting, line: str, *owners: str, text: str, due: date | None = None, about: Issue | None = None
    ) -> None:
        await self.says(where.issue, "mia", f"/todo {line}")
        self.said_to_do += 1
        where.owed.append(Owed(self.said_to_do, owners, text, due, about))

    async def goes(self, where: Meeting, to: Topic | None, seconds: float) -> None:
        """After so many seconds the call goes there: the page's own form is sent."""
        self.clock.forward(seconds=seconds)
        path = f"{where.path}/call"
        async with browser(self, MEMBER) as mine:
            page = (await mine.get(f"{path}.json")).json()["meeting"]
            entries = [entry for part in page["parts"] for entry in part["entries"]]
            names = {entry["ref"] or entry["text"]: entry["key"] for entry in entries}
            key = "" if to is None else names[to if isinstance(to, str) else name_of(to)]
            answer = await mine.post(path, data={"to": key, "seen": page["current"], "next": path})
        assert answer.status_code == 303
        where.moves.append((self.clock(), to))


def name_of(issue: Issue) -> str:
    return f"{issue.repository.full_name}#{issue.number}"


@cache
def _site(database: Database, visitor: Visitor, clock: Clock) -> FastAPI:
    async def who(_request: object) -> Visitor:
        return visitor

    pages, desk = FastAPI(), Desk(database, Settings(), who, clock=clock)
    for one in (call, meetings, meeting):
        pages.include_router(one.routes(desk))
    return pages


def browser(made: Convened, visitor: Visitor = NOBODY) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(_site(made.database, visitor, made.clock))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def convene(url: str) -> Convened:
    """Five weeks."""
    async with Hall.open(url, begin=False) as hall:
        made = Convened(hall, Database.open(url))
        world = hall.town.world
        files = {(HERE, ".github/rounds.yml"): OPENED, (SECRET, ".github/rounds.yml"): OPENED,
                 (HERE, ".github/meetings/weekly.yml"): WEEKLY, (HERE, ".github/meetings/weekly.md"): TEMPLATE,
                 (SECRET, ".github/meetings/inner.yml"): INNER, (SECRET, ".github/meetings/inner.md"): TEMPLATE}  # fmt: skip
        for (name, path), text in files.items():
            world.push_file(name, path, text, by="ann")
        issues = _issues(made)
        await hall.begin()
        _sign_in(made)
        await _second(made, issues)
        await _third(made, issues)
        await _fourth(made, issues)
        await _under_way(made, issues)
    return made


def _sign_in(made: Convened) -> None:
    """Both read everything; one triages."""
    with made.database.transaction() as conn:
        ids = conn.scalars(sa.select(t.repository.c.id)).all()
        for visitor in (MEMBER, READER):
            sign_in(conn, visitor, *ids, triages=visitor is MEMBER)


def _issues(made: Convened) -> dict[str, Issue]:
    """By a letter for the repository and a number; all but `w4` and `s2` wait to be sorted."""
    world, found = made.hall.town.world, {}
    for name in ("w1", "w2", "g1", "s1", "g2", "w3", "w4", "w5", "s2"):
        place = {"w": HERE, "g": BESIDE, "s": SECRET}[name[0]]
        labels = [] if name in {"w4", "s2"} else ["bug" if name == "w5" else "requires triaging"]
        found[name] = world.open_issue(place, f"Thing {name}", "It broke", by="mia" if place == SECRET else "sam")
        world.add_labels(found[name], labels, by="ann")
        made.clock.forward(seconds=7)
    world.set_milestone(found["w5"], "v1", by="ann")
    world.assign(found["w5"], ["tim"], by="ann")
    return found


async def _second(made: Convened, by: dict[str, Issue]) -> None:
    """Held on 20 November, its minutes approved."""
    hall = made.hall
    await hall.until(FIRST - DAY)
    words = "How do we handle design changes? (asked by tim)"
    asked = [words, by["w4"]]
    triage = [by["w1"], by["w2"], by["g1"]]
    held = made.opened(
        "weekly", 2, "Weekly meeting #002, 2026-11-20", FIRST,
        ("Asked for", asked, 0), ("To triage", triage, 2), ("Bugs of v1", [by["w5"]], 0),
    )  # fmt: skip
    await made.says(held.issue, "tim", "/agenda How do we handle design changes?")
    await made.says(by["w4"], "tim", "/agenda")
    await hall.tick(minutes=2)
    await hall.until(FIRST)
    await _talk(made, held, by, words)
    await hall.until(FIRST + 5 * HOUR)
    await made.goes(held, None, 60)  # after more than three hours at one item
    await made.says(held.issue, "wes", "/minutes ok")
    held.state = "closed"


async def _talk(made: Convened, held: Meeting, by: dict[str, Issue], words: str) -> None:
    here, w1, g1, s2 = f"#{by['w1'].number}", by["w1"], by["g1"], by["s2"]
    await made.hears(
        held, "tim", Line("/present @tim @wes", "present", people=("tim", "wes")),
        Line("/moderator @mia", "role", "moderator", people=("mia",)),
        Line("/notes @wes and @tim", "role", "notes", people=("wes", "tim")),
    )  # fmt: skip
    await made.goes(held, words, 10)
    await made.hears(held, "rita", Line("/present", "present", people=("rita",)))
    await made.goes(held, w1, 125)
    await made.hears(held, "tim", Line(f"{here} /label bug", "command", "/label bug", (w1,)))
    await made.hears(held, "wes", Line(f"/decision {here} Keep it as it is", "decision", "Keep it as it is", (w1,)))
    await made.promises(held, f"@wes and @rita see the reports {here} by 2026-11-27", "wes", "rita",
                        text=f"see the reports {here}", due=date(2026, 11, 27), about=w1)  # fmt: skip
    await made.goes(held, g1, 61)
    await made.hears(
        held, "mia", Line(f"/decision {name_of(g1)} Mend it in spring", "decision", "Mend it in spring", (g1,)),
        Line(f"/note {here} {name_of(g1)} They are one", "note", "They are one", (w1, g1)),
    )  # fmt: skip
    await made.goes(held, by["w2"], 30)
    await made.promises(held, "@tim tell them", "tim", text="tell them")
    await made.goes(held, w1, 40)  # once more
    await made.hears(
        held, "mia", carry(by["w2"]), Line("/note Legal looks at it", "note", "Legal looks at it"),
        Line(f"/decision {name_of(s2)} Mend the hole", "decision", "Mend the hole", (s2,)),
    )  # fmt: skip
    await made.promises(held, f"@mia mend {name_of(s2)}", "mia", text=f"mend {name_of(s2)}", about=s2)
    await made.goes(held, by["w5"], 20)


async def _third(made: Convened, by: dict[str, Issue]) -> None:
    """A week later: what was left is left once more."""
    starts, town = FIRST + WEEK, made.hall.town
    await made.hall.until(starts - DAY)
    held = made.opened(
        "weekly", 3, "Weekly meeting #003, 2026-11-27", starts,
        ("Carried over", [by["w2"]], 0), ("To triage", [by["g1"], by["g2"]], 1), ("Bugs of v1", [by["w5"]], 0),
    )  # fmt: skip
    await made.hall.until(starts)
    more = Line("/decision No more of this", "decision", "No more of this")
    await made.hears(held, "mia", carry(by["w2"]), carry(by["g2"], "2026-12-18"), more)
    await made.says(held.issue, "tim", f"/done {made.meetings[0].owed[1].id}")
    made.meetings[0].owed[1].done = True
    town.world.close_issue(by["w5"], by="tim", reason="not_planned")
    await town.settled()
    await made.hall.until(starts + HOUR)
    await made.says(held.issue, "wes", "/minutes ok")
    held.state = "closed"


async def _fourth(made: Convened, by: dict[str, Issue]) -> None:
    """One is cancelled after it was opened, the next is left out before, and so is not on any page."""
    starts = FIRST + 2 * WEEK
    await made.hall.until(starts - DAY)
    gone = made.opened(
        "weekly", 4, "Weekly meeting #004, 2026-12-04", starts,
        ("Carried over", [by["w2"]], 0), ("To triage", [by["g1"], by["g2"]], 1),
    )  # fmt: skip
    await made.says(gone.issue, "wes", "/meeting cancel 2026-12-04 nobody has time\n/meeting skip 2026-12-11")
    await made.hall.tick(minutes=1)
    gone.state = "cancelled"


async def _under_way(made: Convened, by: dict[str, Issue]) -> None:
    """Two on one day, one of them in private, are held just now."""
    starts, hall = FIRST + 4 * WEEK, made.hall
    await hall.until(starts - DAY)
    weekly = made.opened(
        "weekly", 4, "Weekly meeting #004, 2026-12-18", starts,
        ("Carried over", [by["w2"], by["g2"]], 0), ("To triage", [by["g1"]], 1),
    )  # fmt: skip
    inner = made.opened("inner", 1, "Inner circle", starts - HOUR / 2, ("To triage", [by["w2"], by["s1"], by["w3"]], 0))
    await hall.until(starts)
    for held in (weekly, inner):
        held.state = "frozen"
    await made.hears(weekly, "tim", Line("/present", "present", people=("tim",)))
    await made.goes(weekly, by["g1"], 45)
    await made.hears(weekly, "mia", carry(by["g1"]))
    await made.goes(inner, by["s1"], 15)
    await made.goes(weekly, by["w2"], 75)
    await made.hears(inner, "mia", Line(f"#{by['s1'].number} /decision Wait", "decision", "Wait", (by["s1"],)))
    await made.hears(weekly, "tim", Line(f"/note #{by['w2'].number} Ask again", "note", "Ask again", (by["w2"],)))
    await made.says(weekly.issue, "mia", f"#{by['w2'].number} /carry")
    await made.says(weekly.issue, "mia", "/undo")
    await made.promises(weekly, f"@tim ask #{by['w2'].number}", "tim", text=f"ask #{by['w2'].number}", about=by["w2"])
    await made.goes(inner, by["w3"], 100)
    made.clock.forward(seconds=33)
