"""Whether the conditions of a rule hold in a scene. Three answers: yes, no, and None where a question to GitHub would decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from app.commands.conditions import CHECKS
from app.commands.facts import Facts
from app.config.rules_schema import Conditions, RoleBound, Speaker, conditions_of, duration
from app.core.names import fits, fold
from app.core.values import Person, Role
from app.rules.scene import Scene


def holds(conditions: Conditions, scene: Scene) -> bool | None:
    """Whether all of them hold; what is cheap is looked at first, and nothing after a "no" is."""
    given = ((check, getattr(conditions, key)) for key, check in _CHECKS.items())
    return _all(check(value, scene) for check, value in given if value is not None)


def asks_author(conditions: Conditions) -> bool:
    """Whether the role of the issue's author is looked at."""
    return any(one.author_role is not None for one in conditions_of(conditions))


def asks_speaker(conditions: Conditions) -> bool:
    """Whether it is looked at who spoke last."""
    return any(one.last_comment_by is not None for one in conditions_of(conditions))


def asks_speakers_role(conditions: Conditions) -> bool:
    """Whether the role of who spoke last is looked at."""
    bounds = (one.last_comment_by for one in conditions_of(conditions))
    return any(bound is not None and (bound.at_least or bound.below) for bound in bounds)


def _all(answers: Iterable[bool | None]) -> bool | None:
    found: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        found = None if answer is None else found
    return found


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _label(patterns: tuple[str, ...], scene: Scene) -> bool:
    label = scene.happening.label if scene.happening else ""
    return bool(label) and fits(patterns, label)


def _age(least: str, scene: Scene) -> bool:
    return _since(scene.facts.issue.created_at, least, scene)


def _quiet(least: str, scene: Scene) -> bool:
    """What a rule did itself ends the quiet too, even where the mirror has not heard of it yet."""
    moments = [moment for moment in (scene.facts.issue.updated_at, scene.history.acted_at) if moment is not None]
    return _since(max(moments, default=None), least, scene)


def _field(wanted: Mapping[str, tuple[str, ...]], scene: Scene) -> bool:
    """An answer that was not given fits no pattern, not even `*`."""
    answers = {fold(label): answer for label, answer in scene.answers.items()}
    found = {name: answers.get(fold(name), "") for name in wanted}
    return all(found[name] and fits(patterns, found[name]) for name, patterns in wanted.items())


def _one_of(some: tuple[Conditions, ...], scene: Scene) -> bool | None:
    return _not(_all(_not(holds(one, scene)) for one in some))


def _opposite(inner: Conditions, scene: Scene) -> bool | None:
    return _not(holds(inner, scene))


def _last_comment_by(wanted: Speaker, scene: Scene) -> bool | None:
    speaker = scene.last_speaker
    if speaker is None:
        return None
    author = speaker.id == scene.facts.issue.author.id
    who = {"author": author, "bot": speaker.bot, "someone_else": not author and not speaker.bot}
    if wanted.who is not None and not who[wanted.who]:
        return False
    return _within(wanted, speaker, scene) if wanted.at_least or wanted.below else True


def _author_role(bound: RoleBound, scene: Scene) -> bool | None:
    return _within(bound, scene.facts.issue.author, scene)


def _within(bound: RoleBound, person: Person, scene: Scene) -> bool | None:
    """None also where GitHub could not say: then nothing is done."""
    role = scene.roles.get(person.id)
    if role is None:
        return None
    enough = bound.at_least is None or role >= Role.named(bound.at_least)
    return enough and (bound.below is None or role < Role.named(bound.below))


def _since(moment: datetime | None, least: str, scene: Scene) -> bool:
    return moment is not None and scene.facts.now - moment >= duration(least)


def _of_issue(check: Callable[[Any, Facts], bool]) -> Callable[[Any, Scene], bool]:
    return lambda wanted, scene: check(wanted, scene.facts)


_CHECKS: Mapping[str, Callable[[Any, Scene], bool | None]] = {
    **{key: _of_issue(check) for key, check in CHECKS.items()},
    "label": _label,
    "age": _age,
    "quiet": _quiet,
    "field": _field,
    "any_": _one_of,
    "not_": _opposite,
    "last_comment_by": _last_comment_by,
    "author_role": _author_role,
}
"""A check for each key of Conditions, the cheap ones first."""
