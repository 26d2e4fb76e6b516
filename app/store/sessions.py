"""People who are signed in: begun, looked up, renewed, ended. What is secret comes in hashed or encrypted."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.core.values import Granted
from app.store.records import insert
from app.store.tables import session, session_repository, sign_in_used

IDLE = 14 * 86_400_000
"""Milliseconds without a request after which a session is over."""
LONGEST = 90 * 86_400_000
"""Milliseconds after which one signs in again, whatever happens; GitHub's refresh tokens live six months."""
MOST = 20
"""Sessions of one person; the oldest make room."""
RENEWING = 30_000
"""Milliseconds for which who renews the tokens is left alone: GitHub takes a refresh token once."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A person's GitHub tokens, encrypted. `access_until`: milliseconds, None: it does not expire."""

    access: str
    access_until: int | None = None
    refresh: str | None = None
    refresh_until: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """`mark`: hash of the cookie. `asked_at`: when GitHub last said what the person may read, 0: never."""

    mark: str
    person_id: int
    login: str
    tokens: Tokens
    created_at: int
    seen_at: int
    asked_at: int = 0

    def over(self, now: int) -> bool:
        """Whether it has ended by itself."""
        return now - self.seen_at > IDLE or now - self.created_at > LONGEST


_FIND = sa.select(session).where(session.c.mark == sa.bindparam("of"))


def find(conn: sa.Connection, mark: str, now: int) -> Session | None:
    """The session, unless it is over."""
    row = conn.execute(_FIND, {"of": mark}).one_or_none()
    if row is None:
        return None
    tokens = Tokens(row.access, row.access_until, row.refresh, row.refresh_until)
    found = Session(row.mark, row.person_id, row.login, tokens, row.created_at, row.seen_at, row.asked_at)
    return None if found.over(now) else found


def begin(conn: sa.Connection, new: Session, granted: Granted, instead_of: str = "") -> None:
    """A new session, with what GitHub lets its person do. The one that the same browser had before is over."""
    end(conn, instead_of)
    _clear(conn, new.created_at)
    _make_room(conn, new.person_id)
    row = {"mark": new.mark, "person_id": new.person_id, "login": new.login, **_columns(new.tokens)}
    conn.execute(sa.insert(session).values(**row, created_at=new.created_at, seen_at=new.seen_at))
    grant(conn, new.mark, granted, new.created_at)


def grant(conn: sa.Connection, mark: str, granted: Granted, asked_at: int) -> None:
    """What GitHub said, by a question asked at that time, instead of what it said before. Only what differs is written."""
    newer = (session.c.mark == mark, session.c.asked_at <= asked_at)
    if conn.execute(sa.update(session).where(*newer).values(asked_at=asked_at)).rowcount == 0:
        return
    named = (session_repository.c.repository_id, session_repository.c.triages, session_repository.c.administers)
    of = session_repository.c.mark == mark
    before = {tuple(row) for row in conn.execute(sa.select(*named).where(of))}
    now = {(id_, id_ in granted.triage, id_ in granted.admin) for id_ in granted.read}
    gone = [{"of": mark, "id": row[0]} for row in sorted(before - now)]
    rows = [dict(zip(_GRANTED, (mark, *row), strict=True)) for row in sorted(now - before)]
    if gone:
        conn.execute(sa.delete(session_repository).where(_THAT), gone)
    if rows:
        conn.execute(sa.insert(session_repository), rows)


_GRANTED = ("mark", "repository_id", "triages", "administers")
_THAT = (session_repository.c.mark == sa.bindparam("of")) & (session_repository.c.repository_id == sa.bindparam("id"))


def called(conn: sa.Connection, mark: str, login: str) -> None:
    """Its person has that login now: people rename themselves."""
    conn.execute(sa.update(session).where(session.c.mark == mark, session.c.login != login).values(login=login))


def seen(conn: sa.Connection, mark: str, now: int) -> None:
    """Its person has just been here."""
    conn.execute(sa.update(session).where(session.c.mark == mark).values(seen_at=now))


def claim_renewal(conn: sa.Connection, mark: str, now: int) -> bool:
    """Whether the caller is the one who renews the tokens now."""
    free = (session.c.mark == mark, session.c.renewing_at < now - RENEWING)
    return conn.execute(sa.update(session).where(*free).values(renewing_at=now)).rowcount == 1


def renewed(conn: sa.Connection, mark: str, tokens: Tokens) -> None:
    """The tokens that take the place of the old ones."""
    conn.execute(sa.update(session).where(session.c.mark == mark).values(**_columns(tokens), renewing_at=0))


def end(conn: sa.Connection, mark: str) -> None:
    """The session is over."""
    conn.execute(sa.delete(session_repository).where(session_repository.c.mark == mark))
    conn.execute(sa.delete(session).where(session.c.mark == mark))


def end_of_person(conn: sa.Connection, person_id: int) -> int:
    """All sessions of a person are over: GitHub says that they authorize the App no more. How many there were."""
    marks = list(conn.execute(sa.select(session.c.mark).where(session.c.person_id == person_id)).scalars())
    for mark in marks:
        end(conn, mark)
    return len(marks)


def first_use(conn: sa.Connection, state: str, now: int, until: int) -> bool:
    """Whether a sign-in with this (hashed) state comes back for the first time. `until`: when it would expire."""
    conn.execute(sa.delete(sign_in_used).where(sign_in_used.c.until < now))
    written = insert(conn, sign_in_used).values(state=state, until=until).on_conflict_do_nothing()
    return conn.execute(written.returning(sign_in_used.c.state)).first() is not None


def _columns(tokens: Tokens) -> dict[str, str | int | None]:
    return {
        "access": tokens.access,
        "access_until": tokens.access_until,
        "refresh": tokens.refresh,
        "refresh_until": tokens.refresh_until,
    }


def _clear(conn: sa.Connection, now: int) -> None:
    """Those that are over, a few at a time."""
    over = (session.c.seen_at < now - IDLE) | (session.c.created_at < now - LONGEST)
    for mark in list(conn.execute(sa.select(session.c.mark).where(over).limit(100)).scalars()):
        end(conn, mark)


def _make_room(conn: sa.Connection, person_id: int) -> None:
    query = sa.select(session.c.mark).where(session.c.person_id == person_id)
    newest = query.order_by(session.c.created_at.desc(), session.c.mark).offset(MOST - 1).limit(100)
    for mark in list(conn.execute(newest).scalars()):
        end(conn, mark)
