"""How a person hears of it: a reaction on the text, and one reply where something is to be said, edited in place later."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import structlog
from sqlalchemy import Connection

from app.core import grammar, replies
from app.core.actions import (
    Action,
    AddBlockedBy,
    AddBlocking,
    AddLabels,
    Assign,
    Comment,
    RemoveBlockedBy,
    RemoveBlocking,
)
from app.core.invocation import Invocation
from app.core.meeting_actions import MeetingAction
from app.core.names import fold
from app.core.plan import Outcome, Plan
from app.core.values import Ref
from app.engine import plans
from app.engine.again import at_last, pause, until_done
from app.engine.durable import Durable
from app.engine.gather import Services
from app.engine.sorting import Source
from app.engine.writing import Result, Writing, comment_once, later, marker
from app.errors import Fault, Permanent, Unavailable
from app.github.errors import Gone, Moved, NotFound
from app.github.installation import Reaction
from app.store import records, versions

TRIES = 8
GIVEN_UP = (
    "GitHub did not take it, or not all of it. Whoever runs Rounds can let it go on with `rounds deliveries retry`."
)
MOST_PATIENCE = 60.0
"""Seconds between two tries of a reaction."""
TROUBLES = frozenset({"partly", "refused", "misunderstood", "failed"})
log = structlog.get_logger("rounds")


class Done(Protocol):
    """An action and what came of it."""

    @property
    def action(self) -> Action: ...

    @property
    def result(self) -> Result: ...


def with_results(plan: Plan, performed: Sequence[Done]) -> tuple[Outcome, ...]:
    """The outcomes, with those marked failed whose writes GitHub refused."""
    refused = [one for one in performed if "refused" in one.result]
    return tuple(_after(outcome, refused) for outcome in plan.outcomes)


def given_up(plan: Plan, performed: Sequence[Done]) -> tuple[Outcome, ...]:
    """The outcomes, with those marked failed of whose writes one was not performed. When they are, the answer is edited."""
    left = plan.actions[len(performed) :]
    return tuple(
        replace(outcome, status="failed", text=GIVEN_UP)
        if any(part_of(mine, write) for mine in outcome.actions for write in left)
        else outcome
        for outcome in with_results(plan, performed)
    )


def _after(outcome: Outcome, refused: Sequence[Done]) -> Outcome:
    for one in refused:
        if any(part_of(mine, one.action) and not _there(mine, one.result) for mine in outcome.actions):
            return replace(outcome, status="failed", text=one.result["refused"])
    return outcome


def _there(mine: Action, result: Result) -> bool:
    """Whether what a command added is there, although GitHub refused other names of the same write."""
    names = _named(mine)
    after = {fold(name) for name in result.get("after", ())} if names else set()
    return bool(names) and all(fold(name) in after for name in names)


def _named(mine: Action) -> tuple[str, ...]:
    """What a write of several things wanted, as its result names them."""
    match mine:
        case AddLabels(names=names) | Assign(logins=names):
            return names
        case AddBlockedBy(others=others) | RemoveBlockedBy(others=others):
            return tuple(str(other.ref) for other in others)
        case AddBlocking(others=others) | RemoveBlocking(others=others):
            return tuple(str(other.ref) for other in others)
        case _:
            return ()


def part_of(mine: Action, write: Action) -> bool:
    """Whether an action of an outcome went into that write of the plan."""
    if type(mine) is not type(write) or mine.target != write.target:
        return False
    if isinstance(mine, Comment | MeetingAction):
        return isinstance(write, Comment | MeetingAction) and mine.key == write.key
    return not _parts(mine) or not _parts(mine).isdisjoint(_parts(write))


def _parts(action: Action) -> frozenset[str]:
    """Labels, people or issues of an action: of two writes of one kind, only one may be whose command or rule wanted these."""
    names = getattr(action, "names", ()) or getattr(action, "logins", ())
    others = (str(getattr(other, "ref", other)) for other in getattr(action, "others", ()))
    return frozenset(map(fold, (*names, *others)))


async def answer(
    services: Services, durable: Durable, writing: Writing, source: Source, outcomes: Sequence[Outcome]
) -> None:
    """Reply (a durable step, once), then react (harmless to repeat, so it needs no step)."""
    said = replies.answer(outcomes, login=source.sender.login)
    id_ = writing.known.repository.id
    if source.page:
        await _keep(services, id_, source, said, outcomes)
        return
    earlier = await at_last(lambda: services.database.look(lambda conn: records.answer_to(conn, id_, source.id)))
    mended = earlier is not None and earlier.troubles != "[]"
    text = said.body or (replies.ALL_DONE if mended else None)
    if text is not None:
        reply = Reply(text, plans.dump_outcomes(outcome for outcome in outcomes if outcome.status in TROUBLES))
        await _reply(services, durable, writing, source, reply)
    if said.reaction:
        await _react(durable, writing, source, said.reaction)


async def _keep(
    services: Services, repository_id: int, source: Source, said: replies.Answer, outcomes: Sequence[Outcome]
) -> None:
    """The page shows it: nothing is written on GitHub. `comment_id` 0: there is none."""
    troubles = plans.dump_outcomes(outcome for outcome in outcomes if outcome.status in TROUBLES)
    answered = records.Answered(0, said.body or ("Done." if said.reaction else ""), troubles)

    def keep(conn: Connection) -> None:
        records.keep_answer(conn, repository_id, source.id, answered)
        versions.bump(conn, [repository_id])

    await at_last(lambda: services.database.run(keep))


@dataclass(frozen=True, slots=True)
class Reply:
    """What we say. `troubles`: JSON of the outcomes it tells of."""

    text: str
    troubles: str


async def _reply(services: Services, durable: Durable, writing: Writing, source: Source, reply: Reply) -> None:
    async def write(repeated: bool) -> Result:
        again = replace(writing, repeated=writing.repeated or repeated)
        return await _put_reply(services, again, source, reply)

    result = await until_done(durable, "reply", write)
    if result.get("unsaid"):
        raise Permanent(result["refused"])


async def _put_reply(services: Services, writing: Writing, source: Source, reply: Reply) -> Result:
    id_ = writing.known.repository.id
    home = Ref(writing.known.repository.full_name, source.number)
    mark = marker("answer", source.id)
    body = f"{reply.text}\n\n{mark}"
    try:
        earlier = await services.database.look(lambda conn: records.answer_to(conn, id_, source.id))
        if earlier is None:
            comment = await comment_once(writing, home, body, mark)
        else:
            comment = earlier.comment_id
            if earlier.text != reply.text:
                await writing.installation.edit_comment(home.repository, comment, body)
        answered = records.Answered(comment, reply.text, reply.troubles)
        await services.database.run(lambda conn: records.keep_answer(conn, id_, source.id, answered))
    except Unavailable as error:
        return later(error)
    except (NotFound, Gone, Moved) as error:  # our reply, or the issue, was deleted or went away: people want it so
        return {"refused": str(error)}
    except Permanent as error:
        return {"refused": str(error), "unsaid": True}
    return {"after": comment}


def standing(troubles: str, source: Source, services: Services) -> tuple[Outcome, ...]:
    """Of the outcomes that our reply tells of, those whose lines an edit left as they were."""
    home = source.repository.full_name

    def parse(text: str) -> tuple[Invocation, ...]:
        return grammar.parse(text, home, services.bot_login, services.web_url)

    unchanged = parse(source.text)
    return tuple(o for o in plans.load_outcomes(troubles) if not grammar.added(parse(o.typed), unchanged))


class Patience:
    """Says with a reaction, once, that work on a text has to wait; nothing where even that has to wait."""

    LONG = 10.0
    """Seconds that people wait without a sign. Source: commands.md §3."""

    def __init__(self, writing: Writing, source: Source) -> None:
        self._writing = writing
        self._source = source
        self._waited = 0.0
        self._said = False

    async def waiting(self, seconds: float) -> None:
        self._waited += seconds
        if self._waited < self.LONG or self._said:
            return
        self._said = True
        number = self._source.number if self._source.body else None
        repository = self._writing.known.repository.full_name
        with contextlib.suppress(Fault):
            await self._writing.installation.react(
                repository, "eyes", comment_id=self._source.comment_id, number=number
            )


async def _react(durable: Durable, writing: Writing, source: Source, content: Reaction) -> None:
    """A reaction that fails for good is only logged: what was asked for is done."""
    repository = writing.known.repository.full_name
    number = source.number if source.comment_id is None else None
    for tries in range(1, TRIES + 1):
        try:
            await writing.installation.react(repository, content, comment_id=source.comment_id, number=number)
        except Unavailable as error:
            await durable.sleep(min(pause(tries, error.retry_after), MOST_PATIENCE))
        except Fault as error:
            log.warning("reaction refused", repository=repository, reason=str(error))
            return
        else:
            return
    log.warning("reaction given up", repository=repository)
