"""Issues into the mirror: what is there is read for a whole batch, what differs is written, with its facts.

Most deliveries change one row of `issue` and a few of what is derived from it. Reading first keeps all else untouched,
which on PostgreSQL also spares dead rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import sqlalchemy as sa

from app.core import events
from app.store import evidence, facts, issue_rows, texts, versions
from app.store import tables as t
from app.store.evidence import Evidence
from app.store.facts import Derived
from app.store.issue_rows import Link
from app.store.keyed import Key
from app.store.mirror_order import Row, Seen, Source, State, later, written
from app.store.mirror_write import clean, millis

Shown = tuple[int, events.Issue, Source, str]
"""Repository id, an issue, by what it was shown, the action."""
_NOT_SHOWN = frozenset({"removed", "awaited", "unsure", *facts.COLUMNS})
"""Columns of an issue that no state of it says."""
_SHOWN = tuple(column.name for column in t.issue.c if column.name not in _NOT_SHOWN)


def put_issues(
    conn: sa.Connection, seen: Sequence[Shown], noted: AbstractSet[Key] = frozenset(), *, derived: bool = True
) -> set[Key]:
    """Issues with their labels and assignees, as they were shown one after the other; answers those that changed.

    What stands is app.store.mirror_order's to say; the labels and people themselves must be there. `derived`: the facts
    of those that changed, or of which something was `noted`, are computed too.
    """
    if not seen:
        return set()
    found = _found(conn, seen)
    states, told = _told(found, seen)
    changed = {key for key, state in states.items() if _stored(found[key]) != state}
    due = {key for key in states if key in changed or key in noted or _uncounted(found[key])} if derived else set[Key]()
    lost = _write(conn, found, {key: states[key] for key in changed | due}, due)
    texts.put(conn, {key: text for key, text in told.items() if key not in lost}, {k: v.text for k, v in found.items()})
    facts.refresh(conn, _by_others(found, states, due))
    versions.bump(conn, {key[0] for key in due})
    if lost:  # another transaction made them meanwhile, which is over now
        put_issues(conn, [one for one in seen if (one[0], one[1].number) in lost], noted & lost, derived=derived)
    return changed


def put_issue_labels(conn: sa.Connection, key: Key, label_ids: Collection[int]) -> None:
    """The labels of an issue after a write of ours."""
    (base,) = evidence.read(conn, {key: 0})
    known = _stored(base)
    if known is not None:
        _write(conn, {key: base}, {key: written(known, label_ids)}, {key})
        versions.bump(conn, {key[0]})


def _found(conn: sa.Connection, seen: Sequence[Shown]) -> dict[Key, Evidence]:
    authors = {(repository_id, issue.number): (issue.user or events.GHOST).id for repository_id, issue, _, _ in seen}
    return {base.key: base for base in evidence.read(conn, authors, texts=True)}


def _told(found: Mapping[Key, Evidence], seen: Iterable[Shown]) -> tuple[dict[Key, State], dict[Key, tuple[str, str]]]:
    """What stands of each issue, and its title and body."""
    states: dict[Key, State] = {}
    told: dict[Key, tuple[str, str]] = {}
    for repository_id, issue, source, action in seen:
        key = (repository_id, issue.number)
        known = states[key] if key in states else _stored(found[key])
        states[key] = later(known, Seen(_shown(key, issue), source, action))
        if states[key].row["updated_at"] <= millis(issue.updated_at):
            told[key] = (states[key].row["title"], clean(issue.body or ""))
    return states, told


def _shown(key: Key, issue: events.Issue) -> State:
    labels, people = (frozenset(one.id for one in some) for some in (issue.labels, issue.assignees))
    return State(_issue(key, issue), labels, people)


def _issue(key: Key, issue: events.Issue) -> Row:
    return {
        "repository_id": key[0],
        "number": key[1],
        "id": issue.id,
        "pull_request": issue.pull_request is not None,
        "draft": issue.draft,
        "open": issue.state == "open",
        "state_reason": issue.state_reason,
        "locked": issue.locked,
        "title": clean(issue.title),
        "author_id": (issue.user or events.GHOST).id,
        "milestone": issue.milestone.number if issue.milestone else None,
        "comments": issue.comments,
        "created_at": millis(issue.created_at),
        "updated_at": millis(issue.updated_at),
        "closed_at": millis(issue.closed_at) if issue.closed_at else None,
        "reactions": issue.reactions.total_count if issue.reactions else 0,
    }


def _stored(base: Evidence) -> State | None:
    if not base.stored:
        return None
    added, removed = json.loads(base.row["awaited"] or "[[], []]")
    row = {name: base.row[name] for name in _SHOWN}
    unsure = bool(base.row["unsure"])
    return State(row, base.labels, base.people, frozenset(added), frozenset(removed), unsure)


def _uncounted(base: Evidence) -> bool:
    """Never computed, or removed and back."""
    return base.row["counted"] is None and not base.row["removed"]


def _by_others(found: Mapping[Key, Evidence], states: Mapping[Key, State], due: Iterable[Key]) -> list[Key]:
    """Those whose author is not who was asked for: an account that is gone leaves its issues to the ghost."""
    return [key for key in due if found[key].author_id != states[key].row["author_id"]]


def _write(
    conn: sa.Connection, found: Mapping[Key, Evidence], states: Mapping[Key, State], due: AbstractSet[Key]
) -> set[Key]:
    """The rows of `states` and what is derived of those that are `due`; answers those that others made meanwhile."""
    derived, after, new = Derived(), dict[Key, Row](), dict[Key, Derived]()
    for key, state in sorted(states.items(), key=_place):
        into = derived if found[key].stored else new.setdefault(key, Derived())
        after[key] = _row(state)
        if key in due:
            after[key] |= into.of(found[key].showing(after[key], state.labels, state.people))
    made = issue_rows.add(conn, [after[key] for key in new])
    for key in made:
        derived.add(new[key])
    lost = new.keys() - made
    issue_rows.change(
        conn, [(found[key].row, {**found[key].row, **row}) for key, row in after.items() if key not in new]
    )
    kept = [key for key in states if key not in lost]
    issue_rows.link(conn, t.issue_label, _labels(found, kept), _labels(states, kept))
    issue_rows.link(conn, t.issue_assignee, _people(found, kept), _people(states, kept))
    derived.write(conn)
    return lost


def _place(item: tuple[Key, State]) -> Key:
    return item[0]


def _row(state: State) -> Row:
    awaited = json.dumps([sorted(state.added), sorted(state.removed)]) if state.added or state.removed else None
    return state.row | {"awaited": awaited, "unsure": state.unsure}


def _labels(of: Mapping[Key, State | Evidence], keys: Iterable[Key]) -> set[Link]:
    return {(*key, id_) for key in keys for id_ in of[key].labels}


def _people(of: Mapping[Key, State | Evidence], keys: Iterable[Key]) -> set[Link]:
    return {(*key, id_) for key in keys for id_ in of[key].people}
