"""Plans as JSON and back: what is stored before the first effect, and what `rounds deliveries show` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, get_args

import msgspec

from app.core import actions
from app.core.meeting_actions import MeetingAction
from app.core.plan import Outcome, Plan
from app.core.values import Issue, Ref

KINDS: dict[str, type[actions.Action]] = {
    kind.__name__: kind
    for kind in (
        actions.AddLabels,
        actions.RemoveLabels,
        actions.SetMilestone,
        actions.Close,
        actions.Reopen,
        actions.Assign,
        actions.Unassign,
        actions.Comment,
        actions.SetType,
        actions.SetParent,
        actions.AddBlockedBy,
        actions.RemoveBlockedBy,
        actions.AddBlocking,
        actions.RemoveBlocking,
        actions.AddRelated,
        actions.RemoveRelated,
        actions.SetDue,
        actions.Mention,
        actions.Retitle,
        actions.Lock,
        actions.Unlock,
        actions.Pin,
        actions.Unpin,
        actions.Transfer,
        *get_args(MeetingAction),
    )
}


def to_json(action: actions.Action) -> dict[str, Any]:
    """The action's fields, with its name as `action`."""
    return {"action": type(action).__name__, **asdict(action)}


def from_json(values: Mapping[str, Any]) -> actions.Action:
    """What `to_json` made."""
    fields = dict(values)
    kind = KINDS[fields.pop("action")]
    return msgspec.convert(fields, kind)


def dumps(plan: Plan) -> str:
    """The plan as JSON."""
    outcomes = [{**asdict(o), "actions": [to_json(a) for a in o.actions]} for o in plan.outcomes]
    values = {"outcomes": outcomes, "actions": [to_json(a) for a in plan.actions], "before": plan.before}
    return msgspec.json.encode(values).decode()


def dump_outcomes(outcomes: Iterable[Outcome]) -> str:
    """Outcomes without their actions, as JSON."""
    return msgspec.json.encode([{**asdict(outcome), "actions": []} for outcome in outcomes]).decode()


def load_outcomes(text: str) -> list[Outcome]:
    """What `dump_outcomes` wrote."""
    return [_outcome(values) for values in msgspec.json.decode(text)]


def loads(text: str) -> Plan:
    """The plan that `dumps` wrote."""
    values = msgspec.json.decode(text)
    outcomes = tuple(_outcome(outcome) for outcome in values["outcomes"])
    performed = tuple(from_json(action) for action in values["actions"])
    return Plan(outcomes, performed, msgspec.convert(values["before"], tuple[Issue, ...]))


def _outcome(values: dict[str, Any]) -> Outcome:
    done = tuple(from_json(action) for action in values.pop("actions"))
    undoes = tuple((seq, line) for seq, line in values.pop("undoes", ()))
    del values["would"]  # it was put into words before
    return Outcome(**{**values, "target": Ref(**values["target"]), "actions": done, "undoes": undoes})
