"""`/minutes ok`: carries out what is ticked in the checklist, for who approved it: decided once, then performed step by step.

Each write is a durable step of its own; a comment that is there is found by its hidden line, everything else is the same when
it is done again. So a crash anywhere, or a limit in the middle, ends with each issue told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec
from sqlalchemy import Connection

from app.core import meeting_actions as m
from app.core.meeting import MeetingId
from app.core.plan import Outcome, Plan
from app.core.text import clip, code, defang, one_line
from app.core.values import Person, Ref
from app.engine import plans
from app.engine.again import at_last
from app.engine.answering import with_results
from app.engine.audit import audited, results
from app.engine.durable import Durable
from app.engine.meetings import minutes_comment, reading
from app.engine.meetings.files import Described
from app.engine.meetings.opening import Opening
from app.engine.meetings.reading import Found
from app.engine.meetings.said import Voice
from app.engine.meetings.settling import Settling
from app.engine.meetings.task import Task
from app.engine.performing import Performed, Performer, Silence
from app.engine.services import Services
from app.engine.writing import Result
from app.errors import Mistake
from app.meetings import archive as archives
from app.meetings import template
from app.meetings.minutes.approval import ticked
from app.meetings.minutes.owners import People
from app.meetings.occurrence import Occurrence
from app.meetings.template import View
from app.store import meetings, mirror, records, todos
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository

Ended = tuple[str, str]
WRONG = frozenset({"refused", "misunderstood", "failed", "partly"})
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Stored:
    """A plan with what it settles: keys of the checklist by the line of their outcome, those of nobody's below zero."""

    plan: Plan
    keys: dict[int, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A meeting as its template saw it."""

    occurrence: Occurrence
    view: View


class Approving:
    """Does it for one delivery."""

    def __init__(self, services: Services, durable: Durable, voice: Voice) -> None:
        self._services = services
        self._durable = durable
        self._voice = voice
        self._delivery = voice.delivery

    async def approve(self, task: Task, described: Described, meeting: Meeting) -> Ended:
        """The state of the delivery and the reason. Raises what app.github.errors draws."""
        at = await self._services.database.read(lambda conn: mirror.repository(conn, meeting.issue_repository_id or 0))
        if at is None or meeting.issue_number is None:
            return "ignored", "the meeting's issue is gone"
        approver = Person(task.by_id, task.by)
        stored = await self._stored(approver, described, meeting, at)
        performed = await self._perform(stored.plan, approver, at, meeting)
        outcomes = with_results(stored.plan, performed)
        await self._settled(meeting, stored, outcomes)
        said = _told(outcomes, performed)
        await self._show(described, meeting, at, said)
        wrong = sum(outcome.status in WRONG for outcome in outcomes)
        return "done", f"minutes carried out by {task.by}: {len(performed)} writes, {wrong} not done"

    async def _stored(self, approver: Person, described: Described, meeting: Meeting, at: KnownRepository) -> Stored:
        """The plan of this delivery, made once: a repeated run performs the same."""
        seq, attempt = self._delivery.seq, self._delivery.attempt
        database = self._services.database
        text = await database.look(lambda conn: records.plan_of(conn, seq, attempt))
        if text is None:
            made = await self._planned(approver, described, meeting, at)
            now, written = self._services.clock(), _dumps(made)
            text = await at_last(lambda: database.run(lambda conn: records.keep_plan(conn, seq, attempt, written, now)))
        return _loads(text)

    async def _planned(self, approver: Person, described: Described, meeting: Meeting, at: KnownRepository) -> Stored:
        services = self._services
        github = services.github.installation(at.installation_id)
        found = await reading.understand(services, github, at, described, meeting)
        config = await services.configs.of(at.repository, at.installation_id)

        def look(conn: Connection) -> tuple[list[todos.Todo], dict[str, KnownRepository]]:
            every = mirror.repositories(conn)
            ours = {one.repository.full_name.lower(): one for one in every if one.installation_id == at.installation_id}
            return todos.of_series(conn, described.repository_id, described.series.id), ours

        tracked, known = await services.database.read(look)
        settling = Settling(services, described, meeting, at, approver, found, config, tracked, known)
        plan = await settling.plan(await self._archive(described, meeting, at, found))
        chosen = ticked(found.present, found.minutes).keys - found.settled
        lines = dict(settling.keys)
        lines |= {-n - 1: key for n, key in enumerate(sorted(chosen - set(lines.values())))}
        return Stored(plan, lines)

    async def _archive(
        self, described: Described, meeting: Meeting, at: KnownRepository, found: Found
    ) -> m.OpenArchive | None:
        """The file with the minutes, if the series wants one. A template that does not fit any more keeps nothing else back."""
        series = described.series
        if series.archive is None:
            return None
        try:
            opened = await self._opened(described, meeting)
            path = template.archive_path(series, opened.occurrence, opened.view)
            rendered = template.render(series, described.template, opened.occurrence, opened.view)
        except Mistake:
            return None
        if path is None:
            return None
        home, people = at.repository.full_name, People.of(series.people)
        text = archives.text(rendered, found.body, found.said, people=people, home=home)
        title = f"Minutes: {clip(one_line(meeting.title), 200)}"
        target = Ref(home, meeting.issue_number or 0)
        return m.OpenArchive(target, MeetingId(*meeting.key), path, text, title, "archive", series.archive.pull_request)

    async def _opened(self, described: Described, meeting: Meeting) -> Opened:
        """What its template saw when the issue was opened, with the agenda as it was last. Raises Mistake."""
        opening = Opening(self._services, self._voice)
        look = partial(opening.scene, task=Task(meeting.key, "open"), described=described)
        scene = await self._services.database.read(look)
        view = await opening.view(scene)
        return Opened(scene.occurrence, replace(view, agenda=meeting.agenda))

    async def _perform(
        self, plan: Plan, approver: Person, at: KnownRepository, meeting: Meeting
    ) -> Sequence[Performed]:
        delivery, services = self._delivery, self._services
        github = services.github.installation(at.installation_id)
        home = Ref(at.repository.full_name, meeting.issue_number or 0)
        link = f"{services.web_url}/{home.repository}/issues/{home.number}"
        writing = self._voice.writing(github, at, link=link, home=home)
        effects: dict[int, str] = {}
        if delivery.attempt > 1:  # a replay of this attempt has its own record of steps
            effects = await services.database.look(lambda conn: records.effects_of(conn, delivery.seq))
        performer = Performer(services, self._durable, Silence())
        try:
            await performer.perform(plan, writing, results(effects))
        finally:  # what was done before one write was given up took effect all the same
            rows = audited(
                delivery, approver, plan, performer.performed, services.clock(), bot_login=services.bot_login
            )
            await at_last(lambda: services.database.run(lambda conn: records.keep_audit(conn, rows)))
        return performer.performed

    async def _settled(self, meeting: Meeting, stored: Stored, outcomes: Sequence[Outcome]) -> None:
        """What could not be done stays in the list, to be approved again."""
        wrong = {outcome.line for outcome in outcomes if outcome.status in WRONG}
        keys = frozenset(key for line, key in stored.keys.items() if line not in wrong)
        database = self._services.database
        await at_last(lambda: database.run(lambda conn: reading.settle(conn, meeting.key, keys)))

    async def _show(self, described: Described, meeting: Meeting, at: KnownRepository, said: str) -> None:
        """The checklist with what is left of it, and what was done."""
        services = self._services
        github = services.github.installation(at.installation_id)

        async def work() -> Result:
            row = await services.database.read(lambda conn: meetings.get(conn, meeting.key)) or meeting
            found = await reading.understand(services, github, at, described, row)
            text = f"{found.checklist}\n\n{said}"
            return {"after": await minutes_comment.put(services, self._voice.writing(github, at), row, text)}

        await self._voice.step("minutes", work)


def _told(outcomes: Sequence[Outcome], performed: Sequence[Performed]) -> str:
    """What was carried out, counted, and what was not, with the reason."""
    done = [one.action for one in performed if "refused" not in one.result]
    issues = sum(isinstance(action, m.WriteBack) for action in done)
    tracked = sum(isinstance(action, m.AddTodo | m.EndTodo) for action in done)
    carried = sum(isinstance(action, m.Carry) for action in done)
    changes = sum(not isinstance(action, m.MeetingAction) for action in done)
    counts = (
        (issues, "issue told", "issues told"),
        (changes, "change", "changes"),
        (tracked, "thing to do", "things to do"),
        (carried, "carried over", "carried over"),
    )
    parts = [f"{count} {words if count == 1 else many}" for count, words, many in counts if count]
    for one in performed:
        if isinstance(one.action, m.OpenArchive) and one.result.get("after"):
            parts.append(f"minutes proposed in #{one.result['after']}")
    lines = [f"#### Carried out\n\n{' · '.join(parts) or 'Nothing was to be done.'}"]
    wrong = [outcome for outcome in outcomes if outcome.status in WRONG]
    lines += ["\n".join(["Not done:\n", *map(_line, wrong[:MOST_TOLD])])] if wrong else []
    return "\n\n".join(lines)


def _line(outcome: Outcome) -> str:
    what = f" {code(outcome.typed)}" if outcome.typed else ""
    return f"- {code(str(outcome.target), 150)}{what}: {defang(one_line(clip(outcome.text, 300)))}"


def _dumps(stored: Stored) -> str:
    inner = msgspec.Raw(plans.dumps(stored.plan).encode())
    return msgspec.json.encode({"plan": inner, "keys": stored.keys}).decode()


def _loads(text: str) -> Stored:
    read = msgspec.json.decode(text)
    plan = plans.loads(msgspec.json.encode(read["plan"]).decode())
    return Stored(plan, {int(line): key for line, key in read["keys"].items()})
