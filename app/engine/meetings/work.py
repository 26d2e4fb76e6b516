"""What a delivery to ourselves about a meeting does: each `what` of a task has its place here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from app.core import events
from app.engine.durable import Durable
from app.engine.gather import Services
from app.engine.meetings import tracking
from app.engine.meetings.approving import Approving
from app.engine.meetings.changing import Changing
from app.engine.meetings.files import Described
from app.engine.meetings.guarding import Guarding
from app.engine.meetings.minutes_work import Reading
from app.engine.meetings.opening import Opening
from app.engine.meetings.refreshing import Refreshing
from app.engine.meetings.reminding import Reminding
from app.engine.meetings.said import Voice
from app.engine.meetings.task import Task
from app.store import meetings
from app.store.deliveries import Delivery
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository

Ended = tuple[str, str]
"""The state in which a delivery ended, and the reason."""


class MeetingWork:
    """Done by the engine's workflow, so that each write is a step."""

    def __init__(self, services: Services, durable: Durable) -> None:
        self._services = services
        self._durable = durable

    async def run(self, delivery: Delivery) -> Ended:
        """Do what is due. Raises what app.github.errors draws."""
        task, voice = Task.of(delivery.body or b""), self._voice(delivery)
        if task.what in tracking.WHAT:
            return await tracking.Tracking(self._services, voice).tell(task)
        assert self._services.series is not None
        described = await self._services.series.find(task.key.repository_id, task.key.series)
        if described is None:
            return "ignored", f"there is no series {task.key.series} any more"
        if task.what == "open":
            return await Opening(self._services, voice).open(task, described)
        meeting = await self._services.database.read(lambda conn: meetings.get(conn, task.key))
        if meeting is None:
            return "ignored", "the meeting has no issue"
        return await self._for_open(task, voice)[task.what](described, meeting)

    def _for_open(self, task: Task, voice: Voice) -> dict[str, Callable[[Described, Meeting], Awaitable[Ended]]]:
        """What may be due for a meeting that has an issue."""
        services = self._services
        changing, reminding = Changing(services, voice, Opening(services, voice)), Reminding(services, voice)
        return {
            "refresh": Refreshing(services, voice).refresh,
            "change": lambda described, meeting: changing.change(task, described, meeting),
            "remind": lambda described, meeting: reminding.remind(task, described, meeting),
            "empty": reminding.empty,
            "read": partial(Reading(services, voice).read, task),
            "approve": partial(Approving(services, self._durable, voice).approve, task),
        }

    async def edited(self, delivery: Delivery, event: events.IssueEvent, known: KnownRepository) -> Ended:
        """Our own edit of a meeting's issue came back."""
        return await Guarding(self._services, self._voice(delivery)).look(event, known)

    def _voice(self, delivery: Delivery) -> Voice:
        return Voice(self._durable, delivery, self._services.bot_login)
