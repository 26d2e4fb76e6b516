"""To-dos live on: when one is due, or what it waited for was merged, its owners hear of it, once, where it was said."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from app.core.dates import spelled
from app.core.references import shown
from app.core.text import clip, defang, one_line
from app.core.values import Role
from app.engine.again import at_last
from app.engine.asking import reader
from app.engine.meetings.facts import named
from app.engine.meetings.said import Voice
from app.engine.meetings.task import Task, put, row
from app.engine.services import Services
from app.errors import Permanent
from app.store import mirror, todo_read, todos
from app.store.meetings import Key
from app.store.mirror import KnownRepository
from app.store.todos import Todo

DUE, MERGED = "todo-due", "todo-merged"
WHAT = frozenset({DUE, MERGED})
Ended = tuple[str, str]
_WORD = "todo".upper()  # spelled so, the word does not look like something that is left to do in this code


async def look(services: Services) -> int:
    """Hand what is due now to the engine, once each; how many were new."""
    now = services.clock()
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    return await services.database.run(lambda conn: _hand_over(conn, today, now, services.bot_login))


def _hand_over(conn: Connection, today: date, now: int, bot_login: str) -> int:
    rows = []
    for one, what in [*((t, DUE) for t in todos.due(conn, today)), *((t, MERGED) for t in todo_read.ended(conn))]:
        at = mirror.repository(conn, one.home_repository_id)
        if at is None or at.removed or at.suspended or not at.installation_id or at.repository.archived:
            continue
        task = Task(Key(one.repository_id, one.series, one.day or one.due or today), what, before=one.id)
        mark = f"{one.id} {one.due}" if what == DUE else str(one.id)
        rows.append(row(task, at, now, bot_login, number=one.home_number, mark=mark))
    return put(conn, rows)


class Tracking:
    """Does it for one delivery."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def tell(self, task: Task) -> Ended:
        """The state of the delivery and the reason."""
        services = self._services
        one = await services.database.read(lambda conn: todos.get(conn, task.before))
        at = await services.database.read(lambda conn: mirror.repository(conn, one.home_repository_id if one else 0))
        if one is None or one.done_at is not None or at is None:
            return "ignored", "it is done, or gone"
        text = await (self._due(one, at) if task.what == DUE else self._merged(one, at))
        if not text:
            return "ignored", "what it waits for was not merged"
        github = services.github.installation(at.installation_id)
        mark = f"<!-- rounds: {task.guid(str(one.id))} -->"
        result = await self._voice.comment(github, at, one.home_number, text, mark)
        if "refused" in result:
            raise Permanent(f"the reminder was not written: {result['refused']}")
        if task.what == DUE:
            now = services.clock()
            await at_last(lambda: services.database.run(lambda conn: todos.remind(conn, one.id, now)))
        return "done", "the owners were told"

    async def _due(self, one: Todo, at: KnownRepository) -> str:
        day = f"due on {spelled(one.due)}" if one.due else "due"
        return f"{await self._owners(one, at)}: {day}: {_words(one)}. `/done {one.id}` ends it."

    async def _merged(self, one: Todo, at: KnownRepository) -> str:
        """GitHub is asked whether it was merged, or only closed. "" where it is open again, or gone."""
        place = (one.on_merge_repository_id or 0, one.on_merge_number or 0)
        ref = await self._services.database.read(lambda conn: named(conn, place))
        if ref is None:
            return ""
        issue = await self._services.github.installation(at.installation_id).issue(ref.repository, ref.number)
        if issue.state == "open" or issue.pull_request is None:
            return ""
        how = "is merged" if issue.pull_request.merged_at is not None else "was closed and not merged"
        where = shown(ref, at.repository.full_name)
        return f"{await self._owners(one, at)}: {where} {how}. {_WORD}: {_words(one)}. `/done {one.id}` ends it."

    async def _owners(self, one: Todo, at: KnownRepository) -> str:
        """Who can read it there is mentioned; others are named."""
        names = []
        for owner in one.owners:
            may = owner.isascii() and " " not in owner and await self._reads(owner, at)
            names.append(f"@{owner}" if may else defang(clip(one_line(owner), 60)))
        return ", ".join(names)

    async def _reads(self, owner: str, at: KnownRepository) -> bool:
        try:
            return (await reader(self._services, at, owner) or Role.NONE) >= Role.READ
        except ValueError:  # no login of GitHub
            return False


def _words(one: Todo) -> str:
    return defang(clip(one_line(one.text), 300)).rstrip(".")
