"""Every effect as a row: who did what to which issue, with before and after, so that it can be explained and undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from app.core.actions import Action
from app.core.plan import Plan
from app.core.values import Person
from app.engine.answering import part_of
from app.engine.perform import Result
from app.engine.performing import Performed
from app.engine.plans import to_json
from app.store.deliveries import Delivery

Row = dict[str, Any]


def audited(delivery: Delivery, sender: Person, plan: Plan, performed: Sequence[Performed], now: int) -> list[Row]:
    """Rows of the table `audit` for what took effect now: the issue as it stood, what was done, what GitHub answered."""
    before = {issue.ref: issue for issue in plan.before}
    return [
        {
            "seq": delivery.seq,
            "attempt": delivery.attempt,
            "place": place,
            "repository_id": one.repository_id,
            "number": one.action.target.number,
            "actor_id": sender.id,
            "actor": sender.login,
            "command": _commands(plan, one.action),
            "action": type(one.action).__name__,
            "before": msgspec.json.encode(before.get(one.action.target)).decode(),
            "after": msgspec.json.encode(
                {**to_json(one.action), "answer": one.result["after"], **_refused(one)}
            ).decode(),
            "at": now,
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


def _commands(plan: Plan, write: Action) -> str:
    """The verbs that wanted it, each once."""
    return " ".join(dict.fromkeys(o.command for o in plan.outcomes if any(part_of(a, write) for a in o.actions)))
