"""Whether our own edit of a meeting's issue took somebody's words away, who edited it at the same moment; then they come back.

GitHub tells with each edit the text before it (`changes.body.from`): if that is not the text that we had read, somebody
wrote between our reading and our writing.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import structlog

from app.core import events
from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings.refreshing import plain
from app.engine.meetings.said import Voice, mark
from app.engine.writing import Result
from app.meetings import agenda as regions
from app.store import meetings
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository

LOST = (
    "Somebody edited this issue at the very moment at which the agenda was refreshed, and that edit was overwritten. "
    "GitHub keeps it: see *edited* at the top of the issue."
)
log = structlog.get_logger("rounds")


class Guarding:
    """Looks at one delivery."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def look(self, event: events.IssueEvent, known: KnownRepository) -> tuple[str, str]:
        """The state of the delivery and the reason."""
        id_, number = known.repository.id, event.issue.number
        meeting = await self._services.database.read(partial(meetings.of_issue, repository_id=id_, number=number))
        assert event.changes is not None
        assert event.changes.body is not None
        before, after = plain(event.changes.body.from_), plain(event.issue.body)

        async def lost() -> Result:
            """Noted in a step: once it is put back, it looks as if nothing had been lost."""
            return {"after": meeting is not None and after == meeting.body and before != meeting.read_body}

        if not (await self._voice.step("look", lost))["after"] or meeting is None:
            return "done", "mirrored"
        log.warning(
            "somebody edited a meeting's issue while we did", repository=known.repository.full_name, issue=number
        )
        result = await self._voice.step("put back", partial(self._put_back, meeting, known, before, after))
        if result.get("after") == "edited since":
            github = self._services.github.installation(known.installation_id)
            await self._voice.comment(github, known, number, LOST, mark(meeting.key, "lost"))
        return "done", f"somebody's edit was overwritten: {result.get('after') or result.get('refused')}"

    async def _put_back(self, meeting: Meeting, known: KnownRepository, before: str, after: str) -> Result:
        """Their words, with our agenda where they left that alone."""
        assert meeting.issue_number is not None
        repo, number = known.repository.full_name, meeting.issue_number
        github = self._services.github.installation(known.installation_id)
        theirs = regions.in_body(before) != regions.in_body(meeting.read_body)
        wanted = before if theirs else regions.with_region(before, regions.in_body(after) or "") or before
        present = plain((await github.issue(repo, number)).body)
        if present not in (after, wanted):
            return {"after": "edited since"}
        if present == after:
            await self._keep(meeting, read_body=after, body=wanted)
            await github.update_issue(repo, number, body=wanted)
        return {"after": "put back"}

    async def _keep(self, meeting: Meeting, **values: Any) -> None:
        await at_last(lambda: self._services.database.run(lambda conn: meetings.update(conn, meeting.key, **values)))
