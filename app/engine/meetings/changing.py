"""A meeting whose issue is open is moved, skipped, cancelled, or held after all: a comment says it, people's text stays. What
people had put on the agenda of one that is not held waits for the next.

The title is ours as long as nobody changed it; then it follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings import due, places
from app.engine.meetings.files import Described
from app.engine.meetings.opening import Opening
from app.engine.meetings.pinning import Pinning
from app.engine.meetings.said import Voice, mark
from app.engine.meetings.scene import Scene
from app.engine.meetings.task import Task
from app.engine.writing import Result
from app.errors import Mistake
from app.meetings import announcements
from app.store import agenda_items, meetings, mirror
from app.store.meetings import Meeting


class Changing:
    """Does it for one delivery."""

    def __init__(self, services: Services, voice: Voice, opening: Opening) -> None:
        self._services = services
        self._voice = voice
        self._opening = opening

    async def change(self, task: Task, described: Described, meeting: Meeting) -> tuple[str, str]:
        """The state of the delivery and the reason."""
        try:
            scene = await self._services.database.read(lambda conn: self._scene(conn, task, described, meeting))
        except Mistake as mistake:
            return "failed", str(mistake)
        one = scene.occurrence
        if meeting.issue_number is None or not due.differs(meeting, one):
            return "done", "the issue says so already"
        kept = await self._services.database.read(lambda conn: meetings.change(conn, meeting.key))
        by = kept.by_login if kept else ""
        if one.status != "planned":
            return await self._drop(scene, meeting, announcements.dropped(one, by))
        if meeting.state == "cancelled":
            text = announcements.held_after_all(described.series, one, by)
            return await self._hold(scene, meeting, text)
        return await self._move(scene, meeting, announcements.moved(described.series, one, by))

    def _scene(self, conn: sa.Connection, task: Task, described: Described, meeting: Meeting) -> Scene:
        """With the issue where it is, should the series have its issues elsewhere by now."""
        return replace(self._opening.scene(conn, task, described), at=places.where(conn, meeting))

    async def _drop(self, scene: Scene, meeting: Meeting, text: str) -> tuple[str, str]:
        await self._say(scene, meeting, text)
        said = await self._turn(scene, meeting, "closed")
        if meeting.pinned and meeting.issue_number is not None:
            said += await Pinning(self._services, self._voice).release(meeting.key, scene.at, meeting.issue_number)
        release = partial(agenda_items.release, key=meeting.key)
        await self._keep(meeting, release, state="cancelled", reason=scene.occurrence.reason)
        return "done", "; ".join([scene.occurrence.status, *said])

    async def _hold(self, scene: Scene, meeting: Meeting, text: str) -> tuple[str, str]:
        await self._say(scene, meeting, text)
        said = await self._turn(scene, meeting, "open")
        begun = self._services.clock() >= due.millis(scene.occurrence.start)
        listed = partial(meetings.list_items, ids=scene.gathered.listed, day=meeting.day)
        await self._keep(meeting, listed, state="frozen" if begun else "open", reason="", **_times(scene))
        return "done", "; ".join(["held after all", *said])

    async def _move(self, scene: Scene, meeting: Meeting, text: str) -> tuple[str, str]:
        await self._say(scene, meeting, text)
        said = await self._voice.step("title", partial(self._retitle, scene, meeting))
        await self._keep(meeting, **_times(scene))
        return "done", "; ".join(["moved", *([str(said["after"])] if said.get("after") else [])])

    async def _say(self, scene: Scene, meeting: Meeting, text: str) -> None:
        assert meeting.issue_number is not None
        github = self._services.github.installation(scene.at.installation_id)
        what = f"{scene.occurrence.status} {scene.occurrence.start:%Y-%m-%dT%H:%M}"
        await self._voice.comment(github, scene.at, meeting.issue_number, text, mark(meeting.key, what))

    async def _turn(self, scene: Scene, meeting: Meeting, state: str) -> list[str]:
        result = await self._voice.step(state, partial(self._turned, scene, meeting, state))
        return [f"not {state}: {result['refused']}"] if "refused" in result else [state]

    async def _turned(self, scene: Scene, meeting: Meeting, state: str) -> Result:
        assert meeting.issue_number is not None
        github, repo = self._services.github.installation(scene.at.installation_id), scene.at.repository.full_name
        if state == "closed":
            issue = await github.update_issue(repo, meeting.issue_number, state="closed", state_reason="not_planned")
        else:
            issue = await github.update_issue(repo, meeting.issue_number, state="open")
        id_ = scene.at.repository.id
        await at_last(
            lambda: self._services.database.run(lambda conn: mirror.put_issues(conn, id_, [issue], answered=True))
        )
        return {"after": issue.state}

    async def _retitle(self, scene: Scene, meeting: Meeting) -> Result:
        """The title follows where it is as we wrote it."""
        assert meeting.issue_number is not None
        github, repo = self._services.github.installation(scene.at.installation_id), scene.at.repository.full_name
        rendered = await self._opening.rendered(scene)
        issue = await github.issue(repo, meeting.issue_number)
        if issue.title == rendered.title or issue.title != meeting.title:
            return {"after": ""}
        await github.update_issue(repo, meeting.issue_number, title=rendered.title)
        await self._keep(meeting, title=rendered.title)
        return {"after": "retitled"}

    async def _keep(
        self, meeting: Meeting, besides: Callable[[sa.Connection], None] | None = None, **values: Any
    ) -> None:
        """New values of the meeting's row, and what is written with them."""

        def keep(conn: sa.Connection) -> None:
            meetings.update(conn, meeting.key, **values)
            if besides is not None:
                besides(conn)

        await at_last(lambda: self._services.database.run(keep))


def _times(scene: Scene) -> dict[str, Any]:
    one = scene.occurrence
    return {
        "starts_at": due.millis(one.start),
        "ends_at": due.millis(one.end),
        "number": one.number,
        "variant": one.variant,
        "place": one.place,
    }
