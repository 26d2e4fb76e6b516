"""Reads the minutes of a meeting when that is due or asked for, and posts the checklist of what was understood."""

from __future__ import annotations

from sqlalchemy import Connection

from app.engine.again import at_last
from app.engine.meetings import minutes_comment, reading
from app.engine.meetings.files import Described
from app.engine.meetings.said import Voice
from app.engine.meetings.task import Task
from app.engine.services import Services
from app.engine.writing import Result
from app.store import meetings, mirror
from app.store.meetings import Meeting

Ended = tuple[str, str]


class Reading:
    """Does it for one delivery."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def read(self, task: Task, described: Described, meeting: Meeting) -> Ended:
        """The state of the delivery and the reason."""
        if meeting.state == "cancelled":
            return "ignored", "the meeting was cancelled"

        async def work() -> Result:
            return await self._read(described, meeting, asked=bool(task.by))

        result = await self._voice.step("checklist", work)
        if "refused" in result:
            return "failed", f"the minutes were not read: {result['refused']}"
        return "done", f"the minutes were read: {result['after']} entries"

    async def _read(self, described: Described, meeting: Meeting, *, asked: bool) -> Result:
        services = self._services
        at = await services.database.read(lambda conn: mirror.repository(conn, meeting.issue_repository_id or 0))
        if at is None or meeting.issue_number is None:
            return {"refused": "its issue is gone"}
        github = services.github.installation(at.installation_id)
        found = await reading.understand(services, github, at, described, meeting)
        if asked or not found.silent or meeting.minutes_comment_id is not None:  # else nobody waits for an answer
            await minutes_comment.put(services, self._voice.writing(github, at), meeting, found.checklist)
        begun = services.clock() >= meeting.starts_at

        def keep(conn: Connection) -> None:
            if begun:  # what was read before the meeting is only a look at it
                meetings.update(conn, meeting.key, states=["open", "frozen", "read"], state="read")

        await at_last(lambda: services.database.run(keep))
        return {"after": found.count}
