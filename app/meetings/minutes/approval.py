"""Which entries a maintainer ticked: read back from the checklist, whatever people did to its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.meetings.minutes.entries import Carried, Decision, Minutes, Note, Proposal, Todo
from app.meetings.minutes.keys import LENGTH, keyed

_KEY = re.compile(rf"<!-- rounds: k ([a-z2-7]{{{LENGTH}}}(?:-[0-9]{{1,4}})?) -->")
_POSTED = re.compile(r"<!-- rounds: posted ([a-z0-9 -]{0,65000}) -->")
_BOX = re.compile(r"[ \t]{0,20}(?:[-*+]|\d{1,9}[.)])[ \t]{1,8}\[([ xX])\](?=\s)")


@dataclass(frozen=True, slots=True)
class Approved:
    """What may be done, in the order of the minutes. `keys`: of all of it."""

    todos: tuple[Todo, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    carried: tuple[Carried, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    keys: frozenset[str] = frozenset()


def hidden(key: str) -> str:
    """What marks the line of an entry."""
    return f"<!-- rounds: k {key} -->"


def posted(keys: list[str]) -> str:
    """What tells at the end of a checklist which entries it had, so that a line that somebody deletes stays deleted."""
    return f"<!-- rounds: posted {' '.join(keys)} -->"


def boxes(comment: str) -> dict[str, bool]:
    """The state of each box, by key; a key that stands twice is ticked only if both are, a line with several keys is not."""
    found: dict[str, bool] = {}
    for line in comment.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        keys = _KEY.findall(line)
        box = _BOX.match(line)
        for key in keys:
            ticked = box is not None and box[1] in "xX" and len(keys) == 1
            found[key] = ticked and found.get(key, True)
    return found


def states(comment: str) -> dict[str, bool]:
    """As `boxes`, with what was posted and is gone: not ticked."""
    listed = [key for match in _POSTED.finditer(comment) for key in match[1].split()]
    return {**dict.fromkeys(listed, False), **boxes(comment)}


def ticked(comment: str, minutes: Minutes) -> Approved:
    """The entries of `minutes` whose box is ticked in `comment`, our checklist as it stands now.

    Only keys count: changed words are ignored, deleted lines are not ticked, unknown keys do nothing. Who may edit the comment
    is GitHub's to say, who may approve the caller's.
    """
    return _approved(minutes, boxes(comment))


def _approved(minutes: Minutes, state: Mapping[str, bool]) -> Approved:
    chosen = {key: entry for key, entry in keyed(minutes) if state.get(key)}
    return Approved(
        tuple(entry for entry in chosen.values() if isinstance(entry, Todo)),
        tuple(entry for entry in chosen.values() if isinstance(entry, Decision)),
        tuple(entry for entry in chosen.values() if isinstance(entry, Note)),
        tuple(entry for entry in chosen.values() if isinstance(entry, Carried)),
        tuple(entry for entry in chosen.values() if isinstance(entry, Proposal)),
        frozenset(chosen),
    )
