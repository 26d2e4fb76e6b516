"""What a page of numbers is about, by its address: which repositories, and issues or pull requests."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import sqlalchemy as sa

from app.core.clause import Clause
from app.core.filter import Filter, canonical, parse
from app.store import filter_names, freshness
from app.store.freshness import Fresh
from app.store.visibility import visible
from app.web.desk import Asked

_ISSUES = Clause("kind", ("issue",))


@dataclass(frozen=True, slots=True)
class Focus:
    """`ids`: of the repositories that are meant. `names`: of all that the visitor may see. `fresh`: of those that are meant."""

    ids: tuple[int, ...]
    filter: Filter
    names: tuple[str, ...]
    fresh: Fresh

    @property
    def kind(self) -> str:
        """ "issue" or "pr"."""
        return self.filter.of("kind")[0].values[0]

    @property
    def pull_request(self) -> bool:
        return self.kind == "pr"

    @property
    def things(self) -> str:
        """What is counted, in words."""
        return "pull requests" if self.pull_request else "issues"

    @property
    def chosen(self) -> str:
        """The one repository that was asked for, in lower case; "" for several."""
        values = [value for clause in self.filter.of("repo") for value in clause.values]
        return values[0] if len(values) == 1 else ""

    @property
    def query(self) -> str:
        """Of pages with the same focus, with its question mark; issues are what is meant unless something else is said."""
        text = canonical(self.filter if self.pull_request else self.filter.without(_ISSUES))
        return f"?{text}" if text else ""

    def kinds(self, path: str) -> list[tuple[str, str, bool]]:
        """(name, address, whether it is chosen) of the two kinds."""
        found = []
        for name, kind in (("Issues", "issue"), ("Pull requests", "pr")):
            other = Focus(self.ids, self.filter.narrowed(Clause("kind", (kind,))), self.names, self.fresh)
            found.append((name, f"{path}{other.query}", self.kind == kind))
        return found

    def issues(self, *clauses: Clause, **settings: str) -> str:
        """The address of the list of those that are counted, with these clauses and settings of the filter besides."""
        return f"/issues?{canonical(self.filter.with_(*clauses).put(**settings))}"


def of(conn: sa.Connection, asked: Asked) -> Focus:
    """By `repo` and `kind` of the address; other parameters say nothing here."""
    told = parse((name, value) for name, value in asked.query if name in {"repo", "kind"}).filter
    kinds = [one for one in told.of("kind") if len(one.values) == 1 and not one.negated]
    wanted = Filter().with_(*told.of("repo"), kinds[-1] if kinds else _ISSUES)
    known = filter_names.Known(conn, list(conn.scalars(visible(asked.visitor))))
    names = tuple(sorted(known.names.values(), key=str.lower))
    ids = tuple(known.repositories(wanted.of("repo")))
    return Focus(ids, wanted, names, freshness.of(conn, ids))


def address(*parts: str) -> str:
    """A path of ours; the last part may hold slashes."""
    return "/" + "/".join(quote(part, safe="/") for part in parts)
