"""Which milestone is meant."""

from __future__ import annotations

from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, unknown
from app.core.names import Names, fold
from app.core.text import code, listed
from app.core.values import Milestone


def find(typed: str, facts: Facts, *, keywords: bool = True) -> Milestone:
    """By title: exactly, then ignoring case, then as the unique beginning of an open one; with `keywords` also next, current.

    A milestone that is really called so wins over a keyword. Raises Misunderstood; Impossible for a closed one.
    """
    by_title = {milestone.title: milestone for milestone in facts.milestones}
    title = Names(by_title).find(typed)
    if title is None and keywords and fold(typed) in {"next", "current"}:
        return _due(fold(typed), facts)
    found = by_title[title] if title is not None else _beginning(typed, facts)
    if not found.open:
        raise Impossible(f"the milestone {code(found.title)} is closed. {_open_ones(facts)}")
    return found


def titled(number: int | None, facts: Facts) -> str:
    """The title of the milestone with that number; "" for none."""
    return next((milestone.title for milestone in facts.milestones if milestone.number == number), "")


def _beginning(typed: str, facts: Facts) -> Milestone:
    open_ones = [milestone for milestone in facts.milestones if milestone.open]
    titles = Names(milestone.title for milestone in open_ones)
    matches = titles.beginning(typed)
    if len(matches) > 1:
        raise Misunderstood(f"{code(typed)} can mean {listed(matches)}. Write more of the title.")
    if matches:
        return next(milestone for milestone in open_ones if milestone.title == matches[0])
    closed = {m.title: m for m in facts.milestones if not m.open}
    if len(ended := Names(closed).beginning(typed)) == 1:
        return closed[ended[0]]
    if titles.near(typed) or not open_ones:
        raise unknown("milestone", typed, titles)
    raise Misunderstood(f"there is no milestone {code(typed)}. {_open_ones(facts)}")


def _due(keyword: str, facts: Facts) -> Milestone:
    """`current` is the open one due soonest, an overdue one included; `next` the one after it."""
    dated = sorted((m.due_on, m.number, m) for m in facts.milestones if m.open and m.due_on is not None)
    place = 0 if keyword == "current" else 1
    if len(dated) > place:
        return dated[place][2]
    has = "no open milestone has" if not dated else "only one open milestone has"
    raise Impossible(f"{has} a due date, so there is no {keyword} one. {_open_ones(facts)}")


def _open_ones(facts: Facts) -> str:
    titles = tuple(milestone.title for milestone in facts.milestones if milestone.open)
    return f"Open ones: {listed(titles)}." if titles else "No milestone is open."
