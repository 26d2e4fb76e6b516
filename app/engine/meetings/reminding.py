"""Comments before a meeting: reminders, and the question whether to meet where nothing is on the agenda."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings import agenda, due, places
from app.engine.meetings.files import Described
from app.engine.meetings.refreshing import plain
from app.engine.meetings.said import Voice, mark
from app.engine.meetings.task import Task
from app.errors import Mistake
from app.meetings import announcements, recurrence
from app.meetings.occurrence import Occurrence
from app.store import meetings
from app.store.meetings import KeptChange, Meeting
from app.store.mirror import KnownRepository

NOTHING = "nothing is on the agenda"


class Reminding:
    """Does it for one delivery."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def remind(self, task: Task, described: Described, meeting: Meeting) -> tuple[str, str]:
        """The state of the delivery and the reason."""
        found = await self._coming(described, meeting)
        if isinstance(found, str):
            return "ignored", found
        at, one = found
        text = announcements.reminder(described.series, one, due.moment(self._services.clock()))
        return await self._say(at, meeting, text, f"reminder {task.before} {one.start:%Y-%m-%dT%H:%M}")

    async def empty(self, described: Described, meeting: Meeting) -> tuple[str, str]:
        """Ask, or cancel where nobody wrote anything into the issue."""
        found = await self._coming(described, meeting)
        if isinstance(found, str):
            return "ignored", found
        at, one = found
        now, web_url = self._services.clock(), self._services.web_url
        look = partial(agenda.gather, described=described, at=at, day=meeting.day, now=now, web_url=web_url)
        if (await self._services.database.read(look)).items:
            return "done", "something is on the agenda"
        rule = described.series.agenda.cancel_if_empty
        if rule is not None and not rule.ask and await self._untouched(at, meeting):
            await self._cancel(meeting)
            return "done", f"cancelled: {NOTHING}"
        return await self._say(
            at, meeting, announcements.empty(described.series, one), f"empty {one.start:%Y-%m-%dT%H:%M}"
        )

    async def _coming(self, described: Described, meeting: Meeting) -> tuple[KnownRepository, Occurrence] | str:
        """Where its issue is, and the date as it is now; or why there is nothing to say."""

        def look(conn: sa.Connection) -> tuple[KnownRepository, Occurrence]:
            changes = due.changed(meetings.changes(conn, meeting.repository_id, meeting.series))
            return places.where(conn, meeting), recurrence.on(described.series, meeting.day, changes)

        if meeting.state != "open" or meeting.issue_number is None:
            return f"the meeting is {meeting.state}"
        try:
            at, one = await self._services.database.read(look)
        except Mistake as mistake:
            return str(mistake)
        return (at, one) if due.millis(one.start) > self._services.clock() else "the meeting has begun"

    async def _say(self, at: KnownRepository, meeting: Meeting, text: str, what: str) -> tuple[str, str]:
        assert meeting.issue_number is not None
        github = self._services.github.installation(at.installation_id)
        result = await self._voice.comment(github, at, meeting.issue_number, text, mark(meeting.key, what))
        return ("failed", f"no comment: {result['refused']}") if "refused" in result else ("done", "said")

    async def _untouched(self, at: KnownRepository, meeting: Meeting) -> bool:
        """Whether nobody wrote there: who put something into the text or a comment wants to talk about it."""
        assert meeting.issue_number is not None
        github, repo = self._services.github.installation(at.installation_id), at.repository.full_name
        if plain((await github.issue(repo, meeting.issue_number)).body) != meeting.body:
            return False
        comments = await github.comments(repo, meeting.issue_number)
        return all(comment.user_login == self._services.bot_login for comment in comments)

    async def _cancel(self, meeting: Meeting) -> None:
        """As if somebody had said `/meeting cancel`: the rest follows from that."""
        said = KeptChange(
            *meeting.key,
            status="cancelled",
            by_login=self._services.bot_login,
            at=self._services.clock(),
            reason=NOTHING,
        )
        await at_last(lambda: self._services.database.run(lambda conn: meetings.put_change(conn, said)))
