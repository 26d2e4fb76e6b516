"""What a rule must leave alone: it never fights people, and never turns a label back and forth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.actions import Action, AddLabels, Comment, RemoveLabels
from app.core.names import fold
from app.core.text import code
from app.rules.happening import same_label
from app.rules.scene import Scene

MOST_TURNS = 8
"""How often rules may add or remove one label of one issue within an hour."""


@dataclass(frozen=True, slots=True)
class Restrained:
    """`actions`: what is left. `why`: why something was left alone, each time. `stopped`: because it went back and forth."""

    actions: tuple[Action, ...]
    why: tuple[str, ...] = ()
    stopped: bool = False


def restrain(rule: str, wanted: Iterable[Action], scene: Scene) -> Restrained:
    """Without what people took back, what just set the rule off, and what was turned too often."""
    kept: list[Action] = []
    why: list[str] = []
    stopped = False
    for action in wanted:
        if isinstance(action, AddLabels | RemoveLabels):
            left = {name: _reason(action, name, scene) for name in action.names}
            names = tuple(name for name in action.names if not left[name])
            kept += [type(action)(action.target, names)] if names else []
            why += [reason for reason in left.values() if reason]
            stopped = stopped or any(_turned(name, scene) for name in action.names)
        elif scene.happening is None and not isinstance(action, Comment) and _did(rule, action, scene):
            why.append("it did that here before, and somebody took it back")
        else:
            kept.append(action)
    return Restrained(tuple(kept), tuple(why), stopped)


def _reason(action: AddLabels | RemoveLabels, name: str, scene: Scene) -> str:
    """Why the label is to be left alone; "" where it need not be."""
    happening = scene.happening
    if _turned(name, scene):
        return f"rules turned {code(name)} {scene.history.turns[fold(name)]} times within an hour, so it was stopped"
    if isinstance(action, AddLabels) and fold(name) in scene.history.removed:
        return f"somebody took {code(name)} off"
    opposite = "unlabeled" if isinstance(action, AddLabels) else "labeled"
    if happening is not None and happening.what == opposite and same_label(name, happening.label):
        return f"{code(name)} was {'removed' if opposite == 'unlabeled' else 'added'} just now"
    return ""


def _turned(name: str, scene: Scene) -> bool:
    return scene.history.turns.get(fold(name), 0) >= MOST_TURNS


def _did(rule: str, action: Action, scene: Scene) -> bool:
    """A sweep comes again: what it did once and finds undone, a person undid."""
    return (rule, type(action).__name__) in scene.history.done
