"""Every effect as a row: who did what to which issue, with before and after, so that it can be explained and undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.core.actions import Action
from app.core.plan import Outcome, Plan
from app.core.values import Person
from app.engine.answering import part_of
from app.engine.performing import Performed
from app.engine.plans import to_json
from app.engine.writing import Result
from app.rules.decide import by_rule
from app.store.deliveries import Delivery

Row = dict[str, Any]


def audited(
    delivery: Delivery,
    sender: Person,
    plan: Plan,
    performed: Sequence[Performed],
    now: int,
    *,
    source: str = "",
    bot_login: str = "",
) -> list[Row]:
    """Rows of the table `audit` for what took effect now: the issue as it stood, what was done, what GitHub answered.

    `source`: the id of the text. `bot_login`: who did what rules wanted.
    `after` holds as `parts` what each command line wanted of the write, for `/undo`.
    """
    before = {issue.ref: issue for issue in plan.before}
    who = [Person(0, bot_login) if _ruled(plan, one.action) else sender for one in performed]
    return [
        {
            "seq": delivery.seq,
            "attempt": delivery.attempt,
            "place": place,
            "repository_id": one.repository_id,
            "number": one.action.target.number,
            "actor_id": who[place].id,
            "actor": who[place].login,
            "command": _commands(plan, one.action),
            "action": type(one.action).__name__,
            "before": msgspec.json.encode(before.get(one.action.target)).decode(),
            "after": msgspec.json.encode(
                {
                    **to_json(one.action),
                    "answer": one.result["after"],
                    **_refused(one),
                    "parts": _parts(plan, one.action),
                }
            ).decode(),
            "at": now,
            "source": source,
        }
        for place, one in enumerate(performed)
        if not one.earlier and "after" in one.result and ("refused" not in one.result or one.result.get("partly"))
    ]


def results(effects: Mapping[int, str]) -> dict[int, Result]:
    """What came of each action by its place in the plan, from the `after` of the rows that `audited` made."""
    read = {place: msgspec.json.decode(after) for place, after in effects.items()}
    return {
        place: {"after": after["answer"]}
        | ({"refused": after["refused"], "partly": True} if "refused" in after else {})
        for place, after in read.items()
    }


def _refused(one: Performed) -> dict[str, str]:
    """The part that GitHub did not take, in words."""
    return {"refused": one.result["refused"]} if "refused" in one.result else {}


def _parts(plan: Plan, write: Action) -> list[dict[str, Any]]:
    """The line, its verb, the place among the line's actions, and the action, of each that went into that write."""
    return [
        {"line": outcome.line, "command": outcome.command, "place": place, **to_json(action)}
        for outcome in plan.outcomes
        for place, action in enumerate(outcome.actions)
        if part_of(action, write)
    ]


def _wanted(plan: Plan, write: Action) -> list[Outcome]:
    return [outcome for outcome in plan.outcomes if any(part_of(action, write) for action in outcome.actions)]


def _ruled(plan: Plan, write: Action) -> bool:
    """Whether only rules wanted it: then nobody did it, and nobody's `/undo` takes it back."""
    wanted = _wanted(plan, write)
    return bool(wanted) and all(by_rule(outcome) for outcome in wanted)


def _commands(plan: Plan, write: Action) -> str:
    """The verbs and rules that wanted it, each once."""
    return " ".join(dict.fromkeys(outcome.command for outcome in _wanted(plan, write)))
