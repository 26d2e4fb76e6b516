"""What people below the triage role may use in an hour: names cost nothing, and every answer of ours is a mail to somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from app.commands import asking
from app.core.invocation import Invocation
from app.core.plan import Outcome
from app.core.values import Ref, Role
from app.engine.services import Services
from app.engine.sorting import Source
from app.store.allowance import Spent, spend
from app.store.mirror import KnownRepository


async def over(
    services: Services, source: Source, known: KnownRepository, invocations: Sequence[Invocation]
) -> Spent | None:
    """How it stands where these commands are more than the sender may still use; None where they may run.

    One on several issues counts for each of them. People with the triage role have no such limit.
    """
    role = await services.roles.role(known.installation_id, known.repository, source.sender)
    if role is not None and role >= Role.TRIAGE:
        return None
    commands = sum(len(asking.meant(invocation).targets) or 1 for invocation in invocations)
    now, most = services.clock(), services.hourly_commands
    spent = await services.database.run(
        lambda conn: spend(conn, source.sender.id, source.seq, commands, most=most, now=now)
    )
    return None if spent.state == "free" else spent


def told(spent: Spent, invocations: Sequence[Invocation], home: Ref, most: int) -> tuple[Outcome, ...]:
    """What the answer says: once in full, for the other lines shortly."""
    when = "That is more than a whole hour's: use fewer at a time."
    if spent.until is not None:
        when = f"Try again after {datetime.fromtimestamp(spent.until / 1000, UTC):%H:%M} UTC."
    whole = (
        f"not run: without the triage role one can use {most} commands an hour, each issue counted, and these were too many. "
        f"{when} I say this once an hour."
    )
    texts = [whole, *("not run, for the same reason." for _ in invocations[1:])]
    return tuple(_refused(invocation, home, text) for invocation, text in zip(invocations, texts, strict=True))


def _refused(invocation: Invocation, home: Ref, text: str) -> Outcome:
    target = invocation.targets[0] if invocation.targets else home
    return Outcome(invocation.line, invocation.verb, target, "refused", text, typed=invocation.typed)
