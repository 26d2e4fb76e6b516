"""The same thing said twice, in the talk and in the summary: found by owner and issue, or by words, and made one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from rapidfuzz import fuzz, utils

from app.meetings.minutes.entries import Decision, Entry, Owner, Todo

MOST_COMPARED = 300
"""Entries of each side that are compared; more than a meeting has, and the time grows with the square."""

E = TypeVar("E", bound=Entry)

_CLOSE = 85.0
"""Likeness in percent that needs nothing besides."""
_SAME_OWNER = 45.0
_SAME_TOPIC = 65.0
_CLIP = 300


def todos(said: Sequence[Todo], summary: Sequence[Todo]) -> list[Todo]:
    """Those of the talk with the summary's merged into them, then what only the summary has."""
    return _merged(said, summary, _todo_score, _one_todo)


def decisions(said: Sequence[Decision], summary: Sequence[Decision]) -> list[Decision]:
    """As of to-dos."""
    return _merged(said, summary, _decision_score, _one_decision)


def distinct(entries: Iterable[E], key: Callable[[E], object]) -> list[E]:
    """Each once, the first of those with one key."""
    found: dict[object, E] = {}
    for entry in entries:
        found.setdefault(key(entry), entry)
    return list(found.values())


def likeness(one: str, other: str) -> float:
    """0 to 100, whatever the order of the words."""
    return fuzz.token_set_ratio(one[:_CLIP], other[:_CLIP], processor=utils.default_process)


def _merged(
    said: Sequence[E], summary: Sequence[E], score: Callable[[E, E], float], make: Callable[[E, E], E]
) -> list[E]:
    pairs = sorted(
        (
            (-value, n, m)
            for n, other in enumerate(summary[:MOST_COMPARED])
            for m, one in enumerate(said[:MOST_COMPARED])
            if (value := score(one, other)) > 0
        ),
    )
    found, used = dict(enumerate(said)), set[int]()
    paired = set[int]()
    for _, n, m in pairs:
        if n not in used and m not in paired:
            found[m] = make(found[m], summary[n])
            used.add(n)
            paired.add(m)
    return [*found.values(), *(other for n, other in enumerate(summary) if n not in used)]


def _todo_score(one: Todo, other: Todo) -> float:
    """0: not the same. Above 200 the owner and the issue agree, above 100 one of them does and the words do not contradict."""
    alike = likeness(one.text, other.text)
    owners, others = {owner.folded for owner in one.owners}, {owner.folded for owner in other.owners}
    issue = bool(set(one.refs) & set(other.refs))
    if issue and owners and owners == others:
        return 200 + alike
    if issue and owners & others:
        return 150 + alike
    if one.refs and other.refs and not issue:
        return 0
    if owners and owners == others and not (one.refs or other.refs):
        context = max(alike, likeness(f"{one.topic} {one.text}", other.text))
        return 100 + context if context >= _SAME_OWNER else 0
    agree = not owners or not others or bool(owners & others)
    return alike if agree and alike >= (_SAME_TOPIC if issue or owners & others else _CLOSE) else 0


def _decision_score(one: Decision, other: Decision) -> float:
    alike = likeness(one.text, other.text)
    if one.refs and other.refs and not set(one.refs) & set(other.refs):
        return 0
    same = bool(one.topic) and one.topic.casefold() == other.topic.casefold()
    return alike if alike >= (_SAME_TOPIC if same else _CLOSE) else 0


def _one_todo(one: Todo, other: Todo) -> Todo:
    """The longer text, all owners in the summary's order where it has more, done if either is."""
    longer = max(one, other, key=lambda todo: len(todo.text))
    return replace(
        one,
        text=longer.text,
        owners=_joined(one.owners, other.owners),
        refs=one.refs or other.refs,
        topic=one.topic or other.topic,
        due=one.due or other.due,
        done=one.done or other.done,
        url=one.url or other.url,
        by=longer.by,
        also=other.line,
    )


def _joined(one: tuple[Owner, ...], other: tuple[Owner, ...]) -> tuple[Owner, ...]:
    found: dict[str, Owner] = {}
    for owner in (*one, *other) if len(one) >= len(other) else (*other, *one):
        known = found.get(owner.folded)
        found[owner.folded] = owner if known is None else known
    return tuple(found.values())


def _one_decision(one: Decision, other: Decision) -> Decision:
    return replace(one, refs=one.refs or other.refs, topic=one.topic or other.topic, also=other.line)
