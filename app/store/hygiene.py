"""What is wrong with labels: as the mirror knows it, apart from what the configuration says of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

import sqlalchemy as sa

from app.core.clause import plain
from app.store import tables as t

YEAR = 365 * 86_400_000
_SIGNS = re.compile(r"[\W_]+")


class Known(NamedTuple):
    """A label. `touched`: when it was last put on or taken off, milliseconds, None if that is not known; `open`: how many open
    issues and pull requests carry it."""

    repository: str
    repository_id: int
    id: int
    name: str
    color: str
    description: str
    touched: int | None
    open: int


def labels(conn: sa.Connection, ids: Collection[int]) -> list[Known]:
    """Of these repositories, by name."""
    of, s, o = t.label.c, t.label_span.c, t.open_label.c
    since, until = (  # two looks at an index for each label: there is a span for each time that one was put on
        sa.select(sa.func.max(moment)).where(s.label_id == of.id, still).scalar_subquery()
        for moment, still in ((s.since, s.until.is_(None)), (s.until, s.until.is_not(None)))
    )
    counts = (
        sa.select(o.label_id, sa.func.count().label("open"))
        .where(o.repository_id.in_(ids)).group_by(o.label_id).subquery("counts")
    )  # fmt: skip
    source = t.label.join(t.repository, t.repository.c.id == of.repository_id)
    source = source.outerjoin(counts, counts.c.label_id == of.id)
    columns = (t.repository.c.full_name, of.repository_id, of.id, of.name, of.color, of.description)
    query = sa.select(*columns, since, until, sa.func.coalesce(counts.c.open, 0)).select_from(source)
    rows = conn.execute(
        query.where(of.repository_id.in_(ids)).order_by(sa.func.lower(of.name), t.repository.c.full_name)
    )
    return [Known(*row[:6], max((at for at in row[6:8] if at is not None), default=None), row[8]) for row in rows]


def unused(known: Iterable[Known], now: int) -> list[Known]:
    """On nothing that is open, and not put on or taken off for a year."""
    return [one for one in known if not one.open and (one.touched is None or one.touched < now - YEAR)]


def drifted(known: Iterable[Known]) -> list[list[Known]]:
    """Labels of one name whose colour or description differs between repositories."""
    found = [same for same in _groups((plain(one.name), one) for one in known) if len(same) > 1]
    return [same for same in found if len({(one.color.lower(), one.description.strip()) for one in same}) > 1]


def alike(known: Iterable[Known]) -> list[list[Known]]:
    """Labels of one repository whose names differ only by signs, blanks or the s of a plural."""
    found = _groups(((one.repository_id, _bare(one.name)), one) for one in known)
    return [same for same in found if len({plain(one.name) for one in same}) > 1]


def _bare(name: str) -> str:
    return _SIGNS.sub("", plain(name)).removesuffix("s") or name


def _groups(keyed: Iterable[tuple[object, Known]]) -> list[list[Known]]:
    found: dict[object, list[Known]] = {}
    for key, one in keyed:
        found.setdefault(key, []).append(one)
    return list(found.values())


def with_several(conn: sa.Connection, repository_id: int, family: Collection[int]) -> int:
    """How many open issues have more than one of these labels."""
    o = t.open_label.c
    each = sa.select(o.number).where(
        o.label_id.in_(family), o.repository_id == repository_id, o.pull_request.is_(False)
    )
    several = each.group_by(o.number).having(sa.func.count() > 1).subquery("several")
    return conn.execute(sa.select(sa.func.count()).select_from(several)).scalar_one()


def with_none(conn: sa.Connection, repository_id: int, family: Collection[int]) -> int:
    """How many open issues have none of these labels."""
    i, o = t.issue.c, t.open_label.c
    those = sa.exists().where(o.label_id.in_(family), o.repository_id == i.repository_id, o.number == i.number)
    query = sa.select(sa.func.count()).where(
        i.open, i.repository_id == repository_id, i.pull_request.is_(False), ~i.removed
    )
    return conn.execute(query.where(~those)).scalar_one()
