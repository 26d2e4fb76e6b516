"""What follows when a meeting's issue is there: the previous one links to it and is closed, the pin, labels come off.

What is to be done is decided in a step of its own: a run that is taken up again must come to the same steps.
"""

from __future__ import annotations

from functools import partial
from typing import Any

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
        decided = (await self._voice.step("look", partial(self._decide, scene, number)))["after"]
        said, previous, at = [], decided["previous"], scene.previous_at
        if previous is not None and at is not None:
            said += await self._link(scene, at, previous, decided)
            if decided["close"]:
                result = await self._voice.step("close", partial(self._closed, at, previous))
                said += _told(result, f"#{previous} closed", f"#{previous} not closed")
            said += [f"#{previous} stays open until it is over"] if decided["later"] else []
            if decided["unpin"] and scene.previous is not None:
                said += await Pinning(self._services, self._voice).release(scene.previous.key, at, previous)
        if decided["pin"]:
            said += await Pinning(self._services, self._voice).pin(scene.key, scene.at, number)
        if decided["labels"]:
            said += await listing.take_off(self._services, self._voice, scene.key, scene.gathered)
        return said

    async def _decide(self, scene: Scene, number: int) -> Result:
        series, one, at = scene.described.series, scene.previous, scene.previous_at
        decided: dict[str, Any] = {
            "previous": None,
            "pin": series.issue.previous.pin,
            "labels": series.agenda.remove_label == "when-listed",
        }
        if one is None or one.issue_number is None or at is None or not _reachable(scene, at):
            return {"after": decided}
        over = one.ends_at <= self._services.clock()
        open_ = await self._is_open(at, one.issue_number)
        return {
            "after": decided
            | {
                "previous": one.issue_number,
                "text": await self._text(scene, one, at, number),
                "close": series.issue.previous.close and over and open_,
                "later": series.issue.previous.close and not over,
                "unpin": series.issue.previous.pin and one.pinned,
            }
        }

    async def _is_open(self, at: KnownRepository, number: int) -> bool:
        known = await self._services.database.read(lambda conn: mirror.issue(conn, at.repository.id, number))
        return known is None or known.open

    async def _link(self, scene: Scene, at: KnownRepository, previous: int, decided: dict[str, Any]) -> list[str]:
        if decided["text"] is None:
            return []
        github = self._services.github.installation(at.installation_id)
        result = await self._voice.comment(github, at, previous, decided["text"], mark(scene.key, "next"))
        return _told(result, f"#{previous} links to it", f"no comment on #{previous}")

    async def _text(self, scene: Scene, previous: Meeting, at: KnownRepository, number: int) -> str | None:
        """What the series says; a number alone would lead nowhere from another repository."""
        series, here = scene.described.series, at.repository.id == scene.at.repository.id
        there = Ref(scene.at.repository.full_name, number)
        plain = f"The next meeting: {f'#{number}' if here else there}" if series.issue.previous.link else None
        look = partial(meetings.changes, repository_id=scene.described.repository_id, series=series.id)
        changes = due.changed(await self._services.database.read(look))
        occurrence = recurrence.find(series, previous.day, changes)
        if series.issue.previous.comment is None or occurrence is None or not here:
            return plain
        try:
            return template.comment(series, occurrence, View(number_of_next=number))
        except Mistake:
            return plain

    async def _closed(self, at: KnownRepository, number: int) -> Result:
        github = self._services.github.installation(at.installation_id)
        issue = await github.update_issue(at.repository.full_name, number, state="closed", state_reason="completed")
        id_ = at.repository.id
        await at_last(
            lambda: self._services.database.run(lambda conn: mirror.put_issues(conn, id_, [issue], answered=True))
        )
        return {"after": issue.state}


def _reachable(scene: Scene, at: KnownRepository) -> bool:
    """Whether the previous issue is in a repository of the same installation that we can write to."""
    if at.removed or at.suspended or at.repository.archived:
        return False
    return at.installation_id == scene.at.installation_id


def _told(result: Result, done: str, not_done: str) -> list[str]:
    return [f"{not_done}: {result['refused']}" if "refused" in result else done]
