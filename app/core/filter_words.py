"""A filter in the words of a person: "open, label bug, not area/api, waiting on us, 30 to 90 days old"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from app.core import span
from app.core.clause import ME, NAMES, NONE, Clause
from app.core.filter import Filter

_STATES = {"open": "open", "closed": "closed", "all": "open or closed"}
_WAITING = {"us": "us", "author": "the author", "nobody": "nobody"}
_GLOB = frozenset("*?[")
AS_THEY_ARE: Mapping[str, str] = MappingProxyType({})


def in_words(wanted: Filter, spelled: Mapping[str, str] = AS_THEY_ARE) -> str:
    """All that must hold, one after the other. `spelled`: names as they are to be shown (app.core.filter.spellings)."""
    return ", ".join([_STATES[wanted.state], *(clause_in_words(one, spelled) for one in wanted.clauses)])


def state_in_words(wanted: Filter) -> str:
    """Of its state alone."""
    return _STATES[wanted.state]


def clause_in_words(clause: Clause, spelled: Mapping[str, str] = AS_THEY_ARE) -> str:
    """One part of it."""
    if clause.key in NAMES:
        clause = replace(clause, values=tuple(_spelled(value, spelled) for value in clause.values))
    return _SAY[clause.key](clause)


def _spelled(value: str, spelled: Mapping[str, str]) -> str:
    return value if value in {NONE, ME} else spelled.get(value, value)


def _either(values: tuple[str, ...]) -> str:
    return " or ".join(values)


def _repo(clause: Clause) -> str:
    names = [f"any repository of {value[:-2]}" if value.endswith("/*") else value for value in clause.values]
    return f"{'not ' if clause.negated else ''}in {_either(tuple(names))}"


def _label(clause: Clause) -> str:
    if _GLOB.isdisjoint("".join(clause.values)):
        return f"{'not' if clause.negated else 'label'} {_either(clause.values)}"
    return f"{'no label' if clause.negated else 'a label'} like {_either(clause.values)}"


def _milestone(clause: Clause) -> str:
    if clause.values == (NONE,):
        return "in some milestone" if clause.negated else "no milestone"
    named = _either(tuple("none" if value == NONE else value for value in clause.values))
    return f"{'not in ' if clause.negated else ''}milestone {named}"


def _assignee(clause: Clause) -> str:
    if clause.values == (NONE,):
        return "assigned to somebody" if clause.negated else "assigned to nobody"
    return f"{'not ' if clause.negated else ''}assigned to {_people(clause.values)}"


def _author(clause: Clause) -> str:
    return f"{'not ' if clause.negated else ''}opened by {_people(clause.values)}"


def _people(values: tuple[str, ...]) -> str:
    named = {ME: "you", NONE: "nobody", "*": "anybody"}
    return _either(tuple(named.get(value, value) for value in values))


def _no(clause: Clause) -> str:
    if clause.values == ("response",):
        return "answered" if clause.negated else "not answered yet"
    return "with a label" if clause.negated else "no label"


def _is(clause: Clause) -> str:
    what = clause.values[0]
    if what == "triaged":
        return "not triaged yet" if clause.negated else "triaged"
    return f"{'not ' if clause.negated else ''}{'a draft' if what == 'draft' else what}"


def _kind(clause: Clause) -> str:
    return "pull requests only" if clause.values == ("pr",) else "issues only"


def _waiting(clause: Clause) -> str:
    return f"{'not ' if clause.negated else ''}waiting on {_either(tuple(_WAITING[value] for value in clause.values))}"


def _age(clause: Clause) -> str:
    least, below = _ages(clause)
    if below is None:
        return f"at least {_length(least)} old"
    return f"less than {_length(below)} old" if least is None else f"{_between(least, below)} old"


def _quiet(clause: Clause) -> str:
    least, below = _ages(clause)
    if below is None:
        return f"quiet for at least {_length(least)}"
    return f"changed in the last {_length(below)}" if least is None else f"quiet for {_between(least, below)}"


def _ages(clause: Clause) -> span.Ages:
    found = span.ages(clause.values[0])
    assert found
    return found


def _between(least: timedelta, below: timedelta) -> str:
    """ "30 to 90 days", "12 hours to 2 days"."""
    (low, unit), (_, other) = span.length_in_words(least), span.length_in_words(below)
    return f"{low if unit == other else _length(least)} to {_length(below)}"


def _length(length: timedelta | None) -> str:
    assert length
    count, unit = span.length_in_words(length)
    return f"{count} {unit}{'s' if count != 1 else ''}"


def _days(verb: str) -> Callable[[Clause], str]:
    def say(clause: Clause) -> str:
        found = span.days(clause.values[0])
        assert found
        first, last = found
        if first is None or last is None:
            return f"{verb} since {_day(first)}" if first else f"{verb} up to {_day(last)}"
        return f"{verb} on {_day(first)}" if first == last else f"{verb} from {_day(first)} to {_day(last)}"

    return say


def _day(day: date | None) -> str:
    assert day
    return f"{day.day} {day:%B} {day.year}"


def _text(clause: Clause) -> str:
    return f"{'without' if clause.negated else 'with'} “{clause.values[0]}”"


_SAY: dict[str, Callable[[Clause], str]] = {
    "repo": _repo, "label": _label, "milestone": _milestone, "assignee": _assignee, "author": _author, "no": _no, "is": _is,
    "kind": _kind, "waiting": _waiting, "age": _age, "quiet": _quiet, "created": _days("opened"),
    "updated": _days("last changed"), "closed": _days("closed"), "q": _text,
}  # fmt: skip
