"""Who asks, and which repositories they may see: a subquery that every query of a page joins.

Anybody sees public repositories whose configuration says `visibility: {dashboard: public}`. Who is signed in sees besides what
GitHub lets them read, as GitHub said within the last ten minutes. Nothing of a repository that is removed, or whose
installation is suspended or gone: GitHub does not tell us any more when it becomes private.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.store import tables as t
from app.store.mirror_read import SUSPENDED
from app.store.session_tables import session, session_repository

PATH = ".github/rounds.yml"
PUBLIC, MEMBERS = "public", "members"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person at the dashboard; without `mark` it is anybody.

    `mark`: of their session. `csrf`: what forms must send back as `csrf`. `asked_after`: what GitHub said before that moment
    (milliseconds) counts no more. `open_server`: whether the server's own configuration opens the dashboard to all.
    """

    login: str = ""
    person_id: int = 0
    mark: str = field(default="", repr=False)
    csrf: str = field(default="", repr=False)
    asked_after: int = 0
    open_server: bool = False

    @property
    def signed_in(self) -> bool:
        return bool(self.mark)


NOBODY = Visitor()

_own = t.config_file.alias("own_file")
_above = t.repository.alias("above")
_shared = (
    sa.select(_above.c.installation_id, t.config_file.c.text, t.config_file.c.good_text, t.config_file.c.dashboard)
    .join(t.config_file, (t.config_file.c.repository_id == _above.c.id) & (t.config_file.c.path == PATH))
    .where(sa.func.lower(_above.c.full_name).endswith("/.github"), _above.c.removed.is_(False))
    .subquery("shared_file")
)
_PLACES = (
    t.repository.outerjoin(t.installation, t.installation.c.id == t.repository.c.installation_id)
    .outerjoin(_own, (_own.c.repository_id == t.repository.c.id) & (_own.c.path == PATH))
    .outerjoin(_shared, _shared.c.installation_id == t.repository.c.installation_id)
)


def visible(visitor: Visitor) -> sa.Select[int]:
    """Ids of the repositories that the visitor may see, for `…repository_id.in_(visible(visitor))`."""
    seen = ~t.repository.c.private & _opened(visitor.open_server)
    if visitor.signed_in:
        seen |= _read_by(visitor)
    return _there().where(seen)


def seen_by(conn: sa.Connection, visitors: Collection[Visitor]) -> dict[Visitor, frozenset[int]]:
    """Ids of what each of many visitors may see by GitHub's last word, however old that is; in as many questions as for one."""
    opened = {
        by: frozenset(conn.scalars(visible(Visitor(open_server=by)))) for by in {one.open_server for one in visitors}
    }
    mark, repository_id = session_repository.c.mark, session_repository.c.repository_id
    query = sa.select(mark, repository_id).join(session, session.c.mark == mark).where(session.c.asked_at > 0)
    those = query.where(mark.in_([one.mark for one in visitors if one.signed_in]), repository_id.in_(_there()))
    granted: dict[str, set[int]] = {}
    for of, id_ in conn.execute(those):
        granted.setdefault(of, set()).add(id_)
    return {one: opened[one.open_server] | granted.get(one.mark, set()) for one in visitors}


def sees(conn: sa.Connection, visitor: Visitor, repository_id: int) -> bool:
    """Whether the visitor may see that repository."""
    return conn.execute(visible(visitor).where(t.repository.c.id == repository_id).limit(1)).first() is not None


def triages(conn: sa.Connection, visitor: Visitor, repository_id: int) -> bool:
    """Whether GitHub gives the visitor the triage role or above there, as it said within the last ten minutes."""
    if not visitor.signed_in:
        return False
    here = visible(visitor).where(t.repository.c.id == repository_id)
    triaged = (session_repository.c.triages, session_repository.c.repository_id.in_(here))
    return conn.execute(_granted(visitor).where(*triaged)).first() is not None


def trusted(conn: sa.Connection, visitor: Visitor) -> dict[int, bool]:
    """The repositories that GitHub itself lets the visitor read, and of each whether they administer it.

    What is open to all besides is not among them: its insides, as why a delivery failed, are not for everybody.
    """
    if not visitor.signed_in:
        return {}
    query = _granted(visitor).add_columns(session_repository.c.administers)
    return {
        row[0]: row[1] for row in conn.execute(query.where(session_repository.c.repository_id.in_(visible(visitor))))
    }


def named(conn: sa.Connection, visitor: Visitor, full_name: str) -> int | None:
    """The id of the repository of that name, in any case, if the visitor may see it."""
    query = visible(visitor).where(sa.func.lower(t.repository.c.full_name) == full_name.lower())
    return conn.execute(query.order_by(t.repository.c.id.desc()).limit(1)).scalar_one_or_none()


def _opened(by_server: bool) -> sa.ColumnElement[bool]:
    """Whether the configuration that holds opens the dashboard.

    What was not read since it was first kept does not, nor a file of which no version was without mistakes: it may have
    been meant to close.
    """
    default = PUBLIC if by_server else MEMBERS
    said = []
    for file in (_own.c, _shared.c):
        good = sa.case((file.dashboard == "", default), else_=file.dashboard)
        said += [(file.good_text.is_not(None), good), (file.text.is_not(None), MEMBERS)]
    return sa.func.coalesce(sa.case(*said, else_=default), MEMBERS) == PUBLIC


def _there() -> sa.Select[int]:
    """Those of which GitHub tells us."""
    return sa.select(t.repository.c.id).select_from(_PLACES).where(~t.repository.c.removed, ~SUSPENDED)


def _read_by(visitor: Visitor) -> sa.ColumnElement[bool]:
    return t.repository.c.id.in_(_granted(visitor))


def _granted(visitor: Visitor) -> sa.Select[int]:
    """What GitHub's last word names, while it counts."""
    return (
        sa.select(session_repository.c.repository_id)
        .join(session, session.c.mark == session_repository.c.mark)
        .where(session_repository.c.mark == visitor.mark, session.c.asked_at > visitor.asked_after)
    )
