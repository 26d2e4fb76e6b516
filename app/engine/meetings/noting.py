"""What is said in a meeting's issue besides: a command for another issue is recorded, and our comment is brought up to date."""

from __future__ import annotations

from dataclasses import replace

from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting import MeetingId
from app.core.meeting_actions import Record, Recorded, ShowMinutes
from app.core.plan import Outcome
from app.core.references import same
from app.core.values import Person, Ref, Role
from app.engine.services import Services
from app.store import meetings
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository

HEARD = frozenset({"done", "already", "partly"})
SILENT = frozenset({"undo", "preview", "can-i", "help"})


class Noting:
    """Of one text. `row`: the meeting in whose issue it stands, None for any other issue."""

    def __init__(self, row: Meeting | None, home: Ref, sender: Person, role: Role | None) -> None:
        self._row = row
        self._home = home
        self._sender = sender
        self._role = role

    @classmethod
    async def of(cls, services: Services, known: KnownRepository, home: Ref, sender: Person) -> Noting:
        row = await services.database.look(lambda conn: meetings.of_issue(conn, known.repository.id, home.number))
        role = await services.roles.role(known.installation_id, known.repository, sender) if row else None
        return cls(row, home, sender, role)

    def noted(self, outcome: Outcome, invocation: Invocation) -> Outcome:
        """With a record for the minutes, where it did something about another issue and the sender may speak here."""
        row = self._row
        if row is None or row.state == "cancelled" or (self._role or Role.NONE) < Role.TRIAGE:
            return outcome
        told = any(isinstance(action, Recorded) for action in outcome.actions)
        if told or outcome.status not in HEARD or outcome.command in SILENT or same(outcome.target, self._home):
            return outcome
        words = f"/{invocation.verb} {invocation.arguments}".strip()
        key = f"{invocation.line}.{outcome.target}"
        meeting = MeetingId(*row.key)
        record = Record(outcome.target, meeting, "command", self._sender.login, key, words, refs=(outcome.target,))
        return replace(outcome, actions=(*outcome.actions, record))

    def shown(self, actions: tuple[Action, ...]) -> tuple[Action, ...]:
        """With one more that brings our comment up to date, where something was said for the minutes."""
        if self._row is None or not any(isinstance(action, Recorded) for action in actions):
            return actions
        return (*actions, ShowMinutes(self._home, MeetingId(*self._row.key), "minutes"))
