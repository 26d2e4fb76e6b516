"""What each qualifier of a filter takes and becomes: GitHub's, and a few of ours. Source of GitHub's: docs.github.com,
"Filtering and searching issues and pull requests".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from app.core import span
from app.core.clause import ME, NONE, Clause, Slip, listed, plain
from app.core.names import Names

State = Literal["open", "closed", "all"]
Sort = Literal["oldest", "newest", "updated", "quiet", "comments", "reactions", "waiting"]

SORTS: dict[Sort, str] = {
    "oldest": "oldest first",
    "newest": "newest first",
    "updated": "last changed first",
    "quiet": "longest quiet first",
    "comments": "most comments first",
    "reactions": "most reactions first",
    "waiting": "waiting longest first",
}
_GITHUB_SORTS: dict[str, Sort] = {
    "created-asc": "oldest", "created": "newest", "created-desc": "newest", "updated": "updated", "updated-desc": "updated",
    "updated-asc": "quiet", "comments": "comments", "comments-desc": "comments", "reactions": "reactions",
    "reactions-desc": "reactions",
}  # fmt: skip
_ORDERS = Names([*SORTS, *_GITHUB_SORTS])

KEYS = (
    "repo", "label", "milestone", "assignee", "author", "no", "is", "kind", "waiting", "age", "quiet", "created", "updated",
    "closed", "q",
)  # fmt: skip
"""Of clauses, in the order in which they are said."""
ONE_EACH = frozenset({"repo", "milestone", "author", "kind", "waiting"})
"""An issue has one of these, so that saying it twice means either."""
_SAME = {"org": "repo", "user": "repo", "type": "kind"}
_ABSENT = {
    "involves": "Rounds knows who opened an issue and who is assigned, not everybody who wrote there",
    "commenter": "Rounds does not keep who commented",
    "mentions": "Rounds does not keep who is mentioned",
    "team": "Rounds does not keep which team is mentioned",
    "review": "Rounds does not keep reviews",
    "reviewed-by": "Rounds does not keep reviews",
    "review-requested": "Rounds does not keep reviews",
    "project": "Rounds does not keep projects",
    "language": "issues have none",
    "in": "title and text are searched together",
    "linked": "Rounds does not keep links to pull requests",
    "head": "Rounds does not keep branches",
    "base": "Rounds does not keep branches",
    "sha": "Rounds does not keep commits",
    "status": "Rounds does not keep checks",
    "archived": "issues of archived repositories are shown with the others",
}
_REPOSITORY = re.compile(r"[a-z0-9][a-z0-9-]*/([a-z0-9._-]+|\*)")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9_-]*(\[bot\])?")

Becomes = tuple[str, str] | Clause
"""("state" or "sort", value), or a clause."""


def names() -> Names:
    """All that may stand before a colon."""
    return Names([*KEYS[:-1], *_SAME, "state", "sort"])


def knows(name: str) -> bool:
    """Whether it is a qualifier, here or on GitHub."""
    return name in _SAME or name in KEYS[:-1] or name in {"state", "sort"} or name in _ABSENT


def read(name: str, text: str, *, negated: bool = False) -> Iterator[Becomes | Slip]:
    """What `name:text` becomes, value by value; `name` is one that is known."""
    if name in _ABSENT:
        yield Slip(f"`{name}:` is not known here: {_ABSENT[name]}")
    elif name in {"state", "sort"}:
        yield _setting(name, text.strip().lower(), negated)
    else:
        yield from _clauses(name, listed(text), negated)


def _setting(name: str, value: str, negated: bool) -> Becomes | Slip:
    if name == "state":
        found = {"open": "open", "closed": "closed", "all": "all"}.get(value)
        if found and negated:
            found = {"open": "closed", "closed": "open"}.get(found)
        return ("state", found) if found else _among("state", value, ("open", "closed", "all"))
    order = value if value in SORTS else _GITHUB_SORTS.get(value)
    if order and not negated:
        return "sort", order
    near = _ORDERS.near(value)
    return Slip(
        f"there is no order `{value[:60]}`", f"did you mean `{near[0]}`?" if near else f"known: {', '.join(SORTS)}"
    )


def _clauses(name: str, values: list[str], negated: bool) -> Iterator[Becomes | Slip]:
    key = _SAME.get(name, name)
    if not values:
        yield Slip(f"`{name}:` says nothing", "give it a value")
        return
    if len(values) > 1 and key not in {"repo", "label", "milestone", "assignee", "author", "waiting"}:
        yield Slip(f"`{name}:` takes one value", "repeat it instead")
        return
    read_ = [_READERS[key](name, value) for value in values]
    yield from (one for one in read_ if isinstance(one, Slip))
    good = [one for one in read_ if not isinstance(one, Slip)]
    if len(good) == len(read_):
        yield from _joined(good, negated)


def _joined(found: list[Becomes], negated: bool) -> Iterator[Becomes | Slip]:
    """The values of one qualifier as one clause; negated ones each for itself."""
    first = found[0]
    if not isinstance(first, Clause):
        opposite = {"open": "closed", "closed": "open"}
        yield (first[0], opposite[first[1]]) if negated else first
        return
    if first.key in {"age", "quiet", "created", "updated", "closed"} and negated:
        yield Slip(f"`{first.key}:` can't be turned round", "give the other span")
        return
    clauses = [one for one in found if isinstance(one, Clause)]
    if negated or len(clauses) == 1 or any(one.negated for one in clauses):
        yield from (_turned(one) if negated else one for one in clauses)
        return
    yield Clause(first.key, tuple(sorted({value for one in clauses for value in one.values})))


def _turned(clause: Clause) -> Clause:
    if clause.key == "kind":
        return Clause("kind", ("pr" if clause.values == ("issue",) else "issue",))
    return Clause(clause.key, clause.values, not clause.negated)


def _repository(name: str, value: str) -> Becomes | Slip:
    lowered = value.lower()
    if name in {"org", "user"} and "/" not in lowered:
        lowered += "/*"
    if _REPOSITORY.fullmatch(lowered):
        return Clause("repo", (lowered,))
    return Slip(f"`{value[:60]}` is no repository", "write `owner/name`")


def _label(_: str, value: str) -> Becomes | Slip:
    name = plain(value)
    if name == "*":
        return Clause("no", ("label",), negated=True)
    return Clause("label", (name,)) if name else Slip("a label has no name")


def _milestone(_: str, value: str) -> Becomes | Slip:
    name = plain(value)
    return _any_or_one("milestone", name) if name else Slip("a milestone has no title")


def _person(name: str, value: str) -> Becomes | Slip:
    login = value.lower()
    if login.startswith("app/"):  # GitHub's way to write the login of an App
        login = f"{login[4:]}[bot]"
    login = login if login == ME else login.removeprefix("@")
    if login in {ME, "*"} or _LOGIN.fullmatch(login):
        return _any_or_one(name, login) if name == "assignee" else Clause(name, (login,))
    return Slip(f"`{value[:60]}` is no login")


def _any_or_one(key: str, value: str) -> Clause:
    return Clause(key, (NONE,), negated=True) if value == "*" else Clause(key, (value,))


def _no(_: str, value: str) -> Becomes | Slip:
    what = value.lower()
    if what in {"milestone", "assignee"}:
        return Clause(what, (NONE,))
    return Clause("no", (what,)) if what in {"label", "response"} else _among("no", what, _NO)


def _is(_: str, value: str) -> Becomes | Slip:
    what = _IS_ALSO.get(value.lower(), value.lower())
    if what in {"open", "closed"}:
        return "state", what
    if what in {"issue", "pr"}:
        return Clause("kind", (what,))
    if what in {"untriaged", "unlocked"}:
        return Clause("is", (what.removeprefix("un"),), negated=True)
    return Clause("is", (what,)) if what in {"draft", "locked", "triaged"} else _among("is", what, _IS)


def _kind(_: str, value: str) -> Becomes | Slip:
    what = _IS_ALSO.get(value.lower(), value.lower())
    return Clause("kind", (what,)) if what in {"issue", "pr"} else _among("type", what, ("issue", "pr"))


def _waiting(_: str, value: str) -> Becomes | Slip:
    who = value.lower()
    return Clause("waiting", (who,)) if who in WAITING else _among("waiting", who, WAITING)


def _ages(name: str, value: str) -> Becomes | Slip:
    found = span.ages(value.lower().replace(" ", ""))
    return Clause(name, (span.ages_written(found),)) if found else Slip(f"`{value[:60]}` is not {span.AGES}")


def _days(name: str, value: str) -> Becomes | Slip:
    found = span.days(value.replace(" ", ""))
    if found:
        return Clause(name, (span.days_written(found),))
    hint = "`age:` and `quiet:` count from today" if "@today" in value.lower() else ""
    return Slip(f"`{value[:60]}` is not {span.DAYS}", hint)


def _among(name: str, value: str, known: Iterable[str]) -> Slip:
    near = Names(known).near(value)
    return Slip(
        f"`{name}:` has no `{value[:60]}`", f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
    )


WAITING = ("us", "author", "nobody")
_NO = ("label", "milestone", "assignee", "response")
_IS = ("open", "closed", "issue", "pr", "draft", "locked", "unlocked", "triaged", "untriaged")
_IS_ALSO = {"pull-request": "pr", "pull_request": "pr", "pulls": "pr", "issues": "issue"}
_READERS: dict[str, Callable[[str, str], Becomes | Slip]] = {
    "repo": _repository, "label": _label, "milestone": _milestone, "assignee": _person, "author": _person, "no": _no,
    "is": _is, "kind": _kind, "waiting": _waiting, "age": _ages, "quiet": _ages, "created": _days, "updated": _days,
    "closed": _days,
}  # fmt: skip
