"""`/issues/{owner}/{repo}/{number}`: why is it, or is it not, in this queue? What happened to it?

Each queue of its repository clause by clause; what commands and rules did, by whom and said where; what meetings said.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core import wording
from app.core.filter import Filter
from app.core.filter_explain import Sight, Why, explain
from app.core.text import clip, one_line, unmarked
from app.engine import plans
from app.store import issue_list, issue_story, kept, meeting_list, minutes, mirror_read, text_search
from app.store import tables as t
from app.store.issue_list import Row
from app.store.issue_story import Effect, Worn
from app.store.meeting_list import Held
from app.store.meetings import Key
from app.store.visibility import named, visible
from app.web import queue_rules
from app.web.desk import Asked, Desk, Rows
from app.web.pages.meeting import KINDS

_REF = re.compile(r"([\w.-]+/[\w.-]+)#[0-9]+", re.ASCII)
_HIDDEN = "something about an issue that is not for you to see"


@dataclass(frozen=True, slots=True)
class InQueue:
    """A queue, its rule as written and in parts, and whether the issue is in it."""

    id: str
    title: str
    words: str
    resolution: str
    holds: bool
    parts: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """What was done. `words`: in words; `command`: verbs or rules that wanted it; `link`: to the text, "" for none.

    `meeting`: in whose issue that was said.
    """

    at: int
    actor: str
    command: str
    words: str
    link: str
    meeting: Held | None


@dataclass(frozen=True, slots=True)
class Mention:
    """What was said of it in a meeting."""

    at: int
    kind: str
    text: str
    by: str
    origin: str
    meeting: Held


@dataclass(frozen=True, slots=True)
class IssuePage:
    """The page. `link`: of the issue on GitHub; `commands`: of the page with the commands that hold there, "" for none.

    `due`: the day (UTC) by which it shall be done; `late`: it is over, and the issue open.
    """

    issue: Row
    due: date | None
    late: bool
    link: str
    commands: str
    queues: tuple[InQueue, ...]
    acts: tuple[Act, ...]
    mentions: tuple[Mention, ...]
    labels: tuple[Worn, ...]


def compute(conn: sa.Connection, asked: Asked, name: str, number: int, folder: Path | None) -> IssuePage | None:
    """None where there is none, or the visitor may not see it. `folder`: of the server's configuration."""
    id_ = named(conn, asked.visitor, name)
    rows = issue_list.rows(conn, [(id_, number)]) if id_ is not None else []
    if not rows or id_ is None or _removed(conn, id_, number):
        return None
    issue = rows[0]
    rules = queue_rules.of(conn, asked.visitor, id_, folder)
    kind = "pull" if issue.subject.pull_request else "issues"
    due = kept.due(conn, id_, number)
    return IssuePage(
        issue,
        due,
        late=due is not None and issue.subject.open and due < asked.at.date(),
        link=f"{asked.web_url}/{issue.subject.repository}/{kind}/{number}",
        commands=_commands(conn, id_),
        queues=tuple(_in_queue(rule, issue, _sight(conn, asked, issue, rule.filter)) for rule in rules),
        acts=_acts(conn, asked, id_, number),
        mentions=_mentions(conn, asked, id_, number),
        labels=tuple(issue_story.labels(conn, id_, number)),
    )


def _commands(conn: sa.Connection, repository_id: int) -> str:
    """Those of private repositories have no page."""
    known = mirror_read.repository(conn, repository_id)
    return f"/commands/{known.repository.full_name}" if known and not known.repository.private else ""


def _removed(conn: sa.Connection, repository_id: int, number: int) -> bool:
    here = (t.issue.c.repository_id == repository_id, t.issue.c.number == number)
    return bool(conn.execute(sa.select(t.issue.c.removed).where(*here)).scalar_one())


def _in_queue(rule: queue_rules.QueueRule, issue: Row, sight: Sight) -> InQueue:
    parts = tuple(explain(rule.filter, issue.subject, sight, rule.spelled))
    return InQueue(rule.id, rule.title, rule.words, rule.resolution, all(part.holds for part in parts), parts)


def _sight(conn: sa.Connection, asked: Asked, issue: Row, wanted: Filter) -> Sight:
    """Which words the issue has, only the database's search can say."""
    words = {one.values[0] for one in wanted.of("q")}
    here = (t.issue.c.repository_id == issue.repository_id, t.issue.c.number == issue.number)
    found = {
        word
        for word in words
        if conn.execute(sa.select(t.issue.c.number).where(*here, text_search.found(conn, word))).first() is not None
    }
    return Sight(asked.at, asked.visitor.login, found)


def _acts(conn: sa.Connection, asked: Asked, repository_id: int, number: int) -> tuple[Act, ...]:
    effects = issue_story.effects(conn, repository_id, number)
    told = [(effect, _words(effect)) for effect in effects]
    spoken = {name for _, words in told for name in _REF.findall(words)} | {effect.home_name for effect in effects}
    seen = meeting_list.visible_names(conn, visible(asked.visitor), spoken).keys()
    homes = _homes(conn, asked, {(effect.home_repository_id, effect.home_number) for effect in effects})
    act = partial(_act, seen=seen, web_url=asked.web_url)
    return tuple(
        act(effect, words, homes.get((effect.home_repository_id, effect.home_number))) for effect, words in told
    )


def _act(effect: Effect, words: str, meeting: Held | None, *, seen: Collection[str], web_url: str) -> Act:
    if any(name.lower() not in seen for name in _REF.findall(words)):
        words = _HIDDEN
    link = _link(effect, web_url) if effect.home_name.lower() in seen else ""
    return Act(effect.at, effect.actor, effect.command, words, link, meeting)


def _words(effect: Effect) -> str:
    """What was done; the bare name of the action where a newer version wrote it."""
    try:
        action = plans.from_json(msgspec.json.decode(effect.after))
    except (KeyError, msgspec.MsgspecError):
        return effect.action
    return unmarked(clip(one_line(wording.deed(action)), 300))


def _link(effect: Effect, web_url: str) -> str:
    kind, _, id_ = effect.source.partition(" ")
    if not effect.home_number:
        return ""
    part = f"#issuecomment-{id_}" if kind == "comment" else ""
    return f"{web_url}/{effect.home_name}/issues/{effect.home_number}{part}"


def _homes(conn: sa.Connection, asked: Asked, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Held]:
    """The meetings in whose issues that was said."""
    here = sa.tuple_(t.occurrence.c.issue_repository_id, t.occurrence.c.issue_number).in_(list(places))
    query = sa.select(t.occurrence).where(here)
    rows = conn.execute(query).all() if places else []
    keys = {Key(row.repository_id, row.series, row.day): (row.issue_repository_id, row.issue_number) for row in rows}
    return {keys[key]: held for key, held in meeting_list.homes(conn, keys.keys(), visible(asked.visitor)).items()}


def _mentions(conn: sa.Connection, asked: Asked, repository_id: int, number: int) -> tuple[Mention, ...]:
    """Those of which every issue, and the meeting, may be seen."""
    found = [minutes.record(row._mapping) for row in meeting_list.about(conn, repository_id, number)]
    names = meeting_list.visible_refs(conn, visible(asked.visitor), {ref for one in found for ref in one.refs})
    homes = meeting_list.homes(conn, {one.key for one in found}, visible(asked.visitor))
    return tuple(
        Mention(one.at, one.kind, one.text, one.by_login, one.origin, homes[one.key])
        for one in found
        if one.key in homes and all(ref in names for ref in one.refs)
    )


def table(found: IssuePage) -> Rows:
    """One row a part of a queue's rule, an act, a thing said, a label; times in milliseconds."""
    rows: list[tuple[object, ...]] = [("kind", "at", "until", "who", "what", "words", "holds")]
    if found.due:
        rows.append(("due", "", "", "", "", found.due, found.late))
    for queue in found.queues:
        rows.append(("queue", "", "", "", queue.id, queue.words, queue.holds))
        rows += [("clause", "", "", "", queue.id, part.words, part.holds) for part in queue.parts]
    rows += [("act", one.at, "", one.actor, one.command, one.words, "") for one in found.acts]
    rows += [(one.kind, one.at, "", one.by, one.meeting.series, one.text, "") for one in found.mentions]
    rows += [("label", one.since, one.until, "", one.name, "", one.until is None) for one in found.labels]
    return rows


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/issues/{owner}/{name}/{named}", methods=["GET", "HEAD"])
    async def issue(request: Request, owner: str, name: str, named: str) -> Response:
        digits, _, form = named.partition(".")
        number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else 0

        def look(conn: sa.Connection, asked: Asked) -> IssuePage | None:
            return compute(conn, asked, f"{owner}/{name}", number, desk.settings.config_dir)

        return await desk.show(request, form or "html", "issue.html", look, table, kinds=KINDS)

    return router
