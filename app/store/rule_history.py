"""What went before on an issue, for rules: its form answers, who spoke last, what people and rules did to it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.names import fold
from app.core.values import Person
from app.rules.decide import PREFIX
from app.rules.scene import History
from app.store import tables as t

HOUR = 3_600_000
MOST = 300
"""Effects looked at, the newest first."""

_ANSWERS = sa.select(t.form.c.answers).where(
    t.form.c.repository_id == sa.bindparam("repository"), t.form.c.number == sa.bindparam("number")
)
_TALK = (
    sa.select(t.issue.c.comments, t.last_comment.c.person_id, t.person.c.login, t.person.c.bot)
    .select_from(
        t.issue.outerjoin(
            t.last_comment,
            sa.and_(
                t.last_comment.c.repository_id == t.issue.c.repository_id, t.last_comment.c.number == t.issue.c.number
            ),
        ).outerjoin(t.person, t.person.c.id == t.last_comment.c.person_id)
    )
    .where(t.issue.c.repository_id == sa.bindparam("repository"), t.issue.c.number == sa.bindparam("number"))
)
_TOUCHES = (
    sa.select(t.label.c.name, t.label_touch.c.removed, t.label_touch.c.at)
    .join(t.label, t.label.c.id == t.label_touch.c.label_id)
    .where(
        t.label_touch.c.repository_id == sa.bindparam("repository"), t.label_touch.c.number == sa.bindparam("number")
    )
)
_EFFECTS = (
    sa.select(t.audit.c.after, t.audit.c.at)
    .where(t.audit.c.repository_id == sa.bindparam("repository"), t.audit.c.number == sa.bindparam("number"))
    .order_by(t.audit.c.id.desc())
    .limit(MOST)
)


class Talk(NamedTuple):
    """`answers`: of the issue's form. `comments`: how many. `speaker`: of the last one that is not ours, if it is known."""

    answers: dict[str, str]
    comments: int
    speaker: Person | None


def talk(conn: sa.Connection, repository_id: int, number: int) -> Talk:
    """What is known of the text of an issue."""
    key = {"repository": repository_id, "number": number}
    answers = conn.execute(_ANSWERS, key).scalar_one_or_none()
    row = conn.execute(_TALK, key).one_or_none()
    speaker = Person(row.person_id, row.login or "ghost", bool(row.bot)) if row and row.person_id else None
    return Talk(json.loads(answers) if answers else {}, row.comments if row else 0, speaker)


def history(conn: sa.Connection, repository_id: int, number: int, now: int) -> History:
    """What people and rules did to the issue; `now`: milliseconds."""
    key = {"repository": repository_id, "number": number}
    parts = list(_parts(conn.execute(_EFFECTS, key)))
    touches = [(row.at, fold(row.name), bool(row.removed)) for row in conn.execute(_TOUCHES, key)]
    touches += [touch for part in parts if not part.rule for touch in part.touches()]
    last = {name: removed for _, name, removed in sorted(touches)}
    ruled = [part for part in parts if part.rule]
    turns = Counter(name for part in ruled if part.at > now - HOUR for _, name, _ in part.touches())
    return History(
        removed=frozenset(name for name, removed in last.items() if removed),
        turns=dict(turns),
        done=frozenset((part.rule, part.action) for part in ruled),
        acted_at=datetime.fromtimestamp(max(p.at for p in ruled) / 1000, UTC) if ruled else None,
    )


class _Part(NamedTuple):
    """What one command line or rule did. `rule`: its name, "" for a command. `names`: of labels or people."""

    at: int
    rule: str
    action: str
    names: tuple[str, ...]

    def touches(self) -> list[tuple[int, str, bool]]:
        """(time, folded label, whether it was removed)."""
        removed = {"AddLabels": False, "RemoveLabels": True}
        if self.action not in removed:
            return []
        return [(self.at, fold(name), removed[self.action]) for name in self.names]


def _parts(rows: Iterable[Any]) -> Iterator[_Part]:
    for row in rows:
        for part in json.loads(row.after).get("parts", ()):
            command = part.get("command", "")
            rule = command.removeprefix(PREFIX) if command.startswith(PREFIX) else ""
            yield _Part(row.at, rule, part.get("action", ""), tuple(part.get("names", ())))
