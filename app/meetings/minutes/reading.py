"""Minutes out of free notes: tolerant in, canonical out. Nothing is acted on that was only read.

Bounded for any text: 65,536 characters and 4,000 lines of each part, 200,000 characters of all, in linear time but for the
comparison of at most 300 entries with each other. Still, a hostile text of 64 kB takes some tenths of a second: read in a
thread, never in a request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from app.core.names import fold
from app.core.phrase import TARGET
from app.core.values import Ref
from app.meetings.minutes import alike, spoken
from app.meetings.minutes.attendance import attendance, listed
from app.meetings.minutes.collect import Collector
from app.meetings.minutes.entries import Entry, Minutes, Part, Proposal, Said, Todo, Topic
from app.meetings.minutes.outline import Line, outline
from app.meetings.minutes.owners import People
from app.meetings.minutes.phrases import Phrases
from app.meetings.minutes.prose import Reader
from app.meetings.minutes.walk import Open, Walk, Where

E = TypeVar("E", bound=Entry)

MOST_IN_ALL = 200_000
"""Characters of all parts together."""
MOST_ENTRIES = 1_000
"""Of each kind; what follows is left out."""


def read(
    document: str | Sequence[Part],
    *,
    people: Mapping[str, str] | None = None,
    default_repo: str = "",
    phrases: Phrases | None = None,
    said: Sequence[Said] = (),
    reactions: Sequence[str] = (),
    day: date | None = None,
    web_url: str = "https://github.com",
) -> Minutes:
    """What the notes say, merged with the records of commands. Never raises.

    `document`: one text, or the issue's body and people's comments in order. `people`: logins by the names that the notes use.
    `default_repo` ("owner/name"): what `#12` means. `phrases`: none without them. `reactions`: logins of who reacted to the
    meeting issue, if that counts. `day`: of the meeting, for days without a year.
    """
    parts, cut = _parts(document)
    reader = Reader(default_repo, web_url)
    known = People.of(people or {})
    named = listed(_walked(parts, Walk(reader, known)), known)
    everybody = People.of(people or {}, named)
    walk = Walk(reader, everybody)
    collector = Collector(everybody, phrases or Phrases(), reader, day)
    lines = _walked(parts, walk)
    for where in lines:
        collector.take(where)
    for entry in spoken.entries(said, everybody).decisions:
        collector.decided(entry)
    return replace(
        _merged(collector, said, everybody, lines, walk.topics.values()),
        attendance=attendance(named, said, everybody, reactions),
        cut=cut,
    )


_Outlined = list[tuple[Part, tuple[Line, ...]]]


def _parts(document: str | Sequence[Part]) -> tuple[_Outlined, bool]:
    """Each text with its lines, and whether something was too long."""
    given = [Part(document)] if isinstance(document, str) else document
    found: _Outlined = []
    left, cut = MOST_IN_ALL, False
    for part in given:
        lines, too_long = outline(part.text[:left])
        cut = cut or too_long or len(part.text) > left
        left = max(0, left - len(part.text))
        found.append((part, lines))
    return found, cut


def _walked(parts: _Outlined, walk: Walk) -> list[Where]:
    return [where for part, lines in parts for where in walk.lines(part, lines)]


def _merged(
    found: Collector, said: Sequence[Said], people: People, lines: Sequence[Where], topics: Iterable[Open]
) -> Minutes:
    """The talk with the summary, then with what commands said, which is the surest."""
    recorded = spoken.entries(said, people)
    todos = alike.todos(found.todos, found.summed_todos)
    decisions = alike.decisions(found.decisions, found.summed_decisions)
    return Minutes(
        topics=_topics(list(topics)),
        todos=_once((*alike.todos(recorded.todos, todos), *found.listed)),
        decisions=_once(alike.decisions(recorded.decisions, decisions)),
        notes=_once((*recorded.notes, *found.notes)),
        carried=_carried((*recorded.carried, *found.carried, *found.left_on_agenda(lines))),
        proposals=_proposals(found.proposals),
    )


def _topics(opened: Sequence[Open]) -> tuple[Topic, ...]:
    """Those below which something was said. Where most of them name issues, as in a triage call, only those that do."""
    counted = [topic for topic in opened if topic.counts]
    issues = [topic for topic in counted if topic.refs]
    kept = issues if len(issues) >= 2 * (len(counted) - len(issues)) and issues else counted
    return tuple(
        Topic(topic.head, topic.line, topic.url, topic.refs, tuple(topic.mentioned), topic.private)
        for topic in kept[:MOST_ENTRIES]
    )


def _once(entries: Iterable[E]) -> tuple[E, ...]:
    return tuple(alike.distinct(entries, _same))[:MOST_ENTRIES]


def _same(entry: Entry) -> object:
    owners = tuple(owner.folded for owner in entry.owners) if isinstance(entry, Todo) else ()
    return type(entry), fold(entry.text), entry.refs, owners


def _carried(entries: Iterable[E]) -> tuple[E, ...]:
    """One for each topic or issue, the first."""
    return tuple(alike.distinct(entries, lambda entry: entry.refs or fold(entry.text)))[:MOST_ENTRIES]


def _proposals(found: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """One for each phrase and issue: sure if one of its lines was, with the words that say most. A plain `/close` gives way to a
    closing that says why."""
    kept: dict[tuple[str, Ref], Proposal] = {}
    for one in found:
        before = kept.setdefault((one.phrase, one.ref), one)
        chosen = one if _says(one) > _says(before) else before
        other = before if chosen is one else one
        kept[one.phrase, one.ref] = replace(chosen, sure=chosen.sure or (other.sure and other.by == chosen.by))
    reasoned = {one.ref for one in kept.values() if one.command.startswith(("/close ", "/duplicate", "/wontfix"))}
    left = [one for one in kept.values() if one.command != "/close" or one.ref not in reasoned]
    return tuple(left)[:MOST_ENTRIES]


def _says(one: Proposal) -> int:
    """How many of its places are filled."""
    return sum(bool(value) for name, value in one.values.items() if name != TARGET)
