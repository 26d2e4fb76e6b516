"""`/todo @who text`: something to do, with its owners, perhaps a day, perhaps once a pull request is merged."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from app.commands import canonical, meetings, people
from app.commands.card import Card, Told
from app.commands.due import LONGEST as LONGEST_TIME
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, missing
from app.core.actions import Action
from app.core.dates import spelled, understood
from app.core.invocation import Invocation
from app.core.meeting import MeetingId
from app.core.meeting_actions import AddTodo
from app.core.names import fold
from app.core.references import shown
from app.core.text import clip, code, one_line
from app.core.values import Ref

CARD = Card(
    verb="todo",
    usage="/todo @who text [by DATE] [on-merge #N]",
    help="Note something to do. It is followed until `/done`: listed in each next meeting, and its owners are reminded.",
    examples=(
        "/todo @octocat look at the error reports by 24 Dec",
        "/todo @octocat and @hubot tell the reporters on-merge #12",
        "#12 /todo me write it down",
    ),
)
MOST_OWNERS = 10
LONGEST = 500
"""Characters of what is to be done."""
_MERGE = re.compile(r"(?:^|\s)(?:on[ -]merge(?: of)?:?)\s+(\S+)$", re.IGNORECASE)
_BY = re.compile(r"(?:^|\s)(?:by|due|until)\s+((?:(?!\s(?:by|due|until)\s).)+)$", re.IGNORECASE)
_FILLERS = frozenset({"and", "&", "+", "to"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed, taken apart."""

    owners: tuple[str, ...]
    text: str
    due: date | None = None
    on_merge: Ref | None = None


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    """The day is said, because words can be understood in another way than they were meant."""
    here = facts.meeting.sitting
    if here is not None:
        meetings.sitting(facts, CARD.verb)
    wish = read(invocation, facts)
    wanted = noted(wish, invocation, facts)
    if wanted is None:
        return ()
    return Told(f"due on {spelled(wish.due)}.", "done", (wanted,)) if wish.due else (wanted,)


def noted(wish: Wish, invocation: Invocation, facts: Facts, place: str = "0") -> AddTodo | None:
    """None where the same is to be done already."""
    for todo in facts.meeting.todos:
        alike = set(map(fold, todo.owners)) == set(map(fold, wish.owners)) and fold(todo.text) == fold(wish.text)
        if todo.here and alike:
            return None
    about = None if meetings.in_meeting(facts) else facts.issue.ref
    ref = next((ref for ref in canonical.mentions(replace(invocation, arguments=wish.text)) if ref), about)
    return AddTodo(
        facts.issue.ref,
        wish.owners,
        wish.text,
        facts.sender.login,
        f"{invocation.line}.{place}",
        _meeting(facts),
        wish.due,
        wish.on_merge,
        _seen(ref, facts),
    )


def read(invocation: Invocation, facts: Facts) -> Wish:
    """Raises a Mistake where somebody, or something to do, is missing, or the day or the pull request can't be meant."""
    owners, text = _owners(one_line(invocation.arguments), facts)
    merge: Ref | None = None
    due: date | None = None
    for _ in range(2):  # in either order, at the end
        match = _MERGE.search(text)
        if merge is None and match:
            merge, text = _merged(match[1], invocation, facts), text[: match.start()].rstrip(" ,;")
        day, rest = _due(text, facts.now.date())
        if due is None and day is not None:
            due, text = day, rest
    if not text.strip(" .,:;"):
        raise missing("what is to be done", CARD.examples[0])
    return Wish(owners, clip(text.strip(" ,:;"), LONGEST), due, merge)


def _owners(text: str, facts: Facts) -> tuple[tuple[str, ...], str]:
    """The people at the beginning, and the rest. Names count where the meeting knows whose they are."""
    here = facts.meeting.sitting
    names = {fold(name): login for name, login in (here.people if here else {}).items()}
    found: list[str] = []
    words = text.split(" ")
    position = 0
    while position < len(words):
        word = words[position].strip(",:;")
        if fold(word) in _FILLERS and found:
            position += 1
            continue
        if word.startswith("@") or fold(word) == "me":
            found.append(people.login(word, facts))
        elif fold(word) in names:
            found.append(names[fold(word)])
        else:
            break
        position += 1
    once = tuple({fold(login): login for login in reversed(found)}.values())[::-1]
    if not once:
        raise missing("who is to do it", CARD.examples[0])
    if len(once) > MOST_OWNERS:
        raise Impossible(f"{MOST_OWNERS} people at most can share one, and these are {len(once)}.")
    return once, " ".join(words[position:])


def _due(text: str, today: date) -> tuple[date | None, str]:
    """The day at the end, and what stands before it; words that are no day belong to the text."""
    match = _BY.search(text)
    day = understood(match[1], today) if match else None
    if match is None or day is None:
        return None, text
    if day < today:
        raise Impossible(f"{code(match[1])} is {spelled(day)}, which is past: today is {spelled(today)} (UTC).")
    if day - today > LONGEST_TIME:
        raise Impossible(f"{spelled(day)} is more than ten years ahead.")
    return day, text[: match.start()].rstrip(" ,;")


def _merged(typed: str, invocation: Invocation, facts: Facts) -> Ref:
    ref = canonical.named(typed, invocation)
    if ref is None:
        raise Misunderstood(f"{code(typed)} names no pull request; write it as `on-merge #12`.")
    found = canonical.looked_up(ref, facts)
    name = code(shown(found.ref, facts.repository.full_name))
    if not found.pull_request:
        raise Impossible(f"{name} is no pull request.")
    if not found.open:
        raise Impossible(f"{name} is closed already.")
    return found.ref


def _meeting(facts: Facts) -> MeetingId | None:
    """The meeting that made it; elsewhere the only series that is about the repository."""
    here = facts.meeting.sitting
    if here is not None:
        return here.id
    found = meetings.near(facts)
    return found[0].id if len(found) == 1 else None


def _seen(ref: Ref | None, facts: Facts) -> Ref | None:
    """Only an issue that there is for the sender."""
    if ref is None or ref == facts.issue.ref:
        return ref
    found = next((issue for known, issue in facts.issues.items() if known == ref), None)
    return found.ref if found is not None else None
