"""What follows when a meeting's issue is there: the previous one links to it and is closed, the pin, labels come off."""

from __future__ import annotations

from functools import partial

from app.core.values import Ref
from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings import due, listing
from app.engine.meetings.pinning import Pinning
from app.engine.meetings.said import Voice, mark
from app.engine.meetings.scene import Scene
from app.engine.writing import Result
from app.errors import Mistake
from app.meetings import recurrence, template
from app.meetings.template import View
from app.store import meetings, mirror
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository


class Following:
    """Each part is a durable step; what GitHub refuses is told, and the rest is done."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def settle(self, scene: Scene, number: int) -> list[str]:
        """What was done, in words. `number`: of the new issue."""
        said = []
        previous, at = scene.previous, scene.previous_at
        if previous is not None and previous.issue_number is not None and _reachable(scene, at):
            assert at is not None
            said += await self._link(scene, previous, at, number)
            said += await self._close(scene, previous, at)
        if scene.described.series.issue.previous.pin:
            said += await Pinning(self._services, self._voice).move(scene, number)
        if scene.described.series.agenda.remove_label == "when-listed":
            said += await listing.take_off(self._services, self._voice, scene.described, scene.key, scene.gathered)
        return said

    async def _link(self, scene: Scene, previous: Meeting, at: KnownRepository, number: int) -> list[str]:
        text = await self._text(scene, previous, at, number)
        if text is None or previous.issue_number is None:
            return []
        github = self._services.github.installation(at.installation_id)
        result = await self._voice.comment(github, at, previous.issue_number, text, mark(scene.key, "next"))
        return _told(result, f"#{previous.issue_number} links to it", f"no comment on #{previous.issue_number}")

    async def _text(self, scene: Scene, previous: Meeting, at: KnownRepository, number: int) -> str | None:
        """What the series says; a number alone would lead nowhere from another repository."""
        series, here = scene.described.series, at.repository.id == scene.at.repository.id
        there = Ref(scene.at.repository.full_name, number)
        plain = f"The next meeting: {f'#{number}' if here else there}" if series.issue.previous.link else None
        changes = due.changed(
            await self._services.database.read(
                lambda conn: meetings.changes(conn, scene.described.repository_id, series.id)
            )
        )
        occurrence = recurrence.find(series, previous.day, changes)
        if series.issue.previous.comment is None or occurrence is None or not here:
            return plain
        try:
            return template.comment(series, occurrence, View(number_of_next=number))
        except Mistake:
            return plain

    async def _close(self, scene: Scene, previous: Meeting, at: KnownRepository) -> list[str]:
        """One that is not over yet stays open."""
        number = previous.issue_number
        if not scene.described.series.issue.previous.close or number is None:
            return []
        if previous.ends_at > self._services.clock():
            return [f"#{number} stays open until it is over"]
        known = await self._services.database.read(lambda conn: mirror.issue(conn, at.repository.id, number))
        if known is not None and not known.open:
            return []
        result = await self._voice.step("close", partial(self._closed, at, number))
        return _told(result, f"#{number} closed", f"#{number} not closed")

    async def _closed(self, at: KnownRepository, number: int) -> Result:
        github = self._services.github.installation(at.installation_id)
        issue = await github.update_issue(at.repository.full_name, number, state="closed", state_reason="completed")
        id_ = at.repository.id
        await at_last(
            lambda: self._services.database.run(lambda conn: mirror.put_issues(conn, id_, [issue], answered=True))
        )
        return {"after": issue.state}


def _reachable(scene: Scene, at: KnownRepository | None) -> bool:
    """Whether the previous issue is in a repository of the same installation that we can write to."""
    if at is None or at.removed or at.suspended or at.repository.archived:
        return False
    return at.installation_id == scene.at.installation_id


def _told(result: Result, done: str, not_done: str) -> list[str]:
    return [f"{not_done}: {result['refused']}" if "refused" in result else done]
