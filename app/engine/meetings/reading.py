"""Reads the minutes of a meeting: the body of its issue, people's comments there, and the records of commands.

Notes are people's words and may be hostile: they are parsed in a thread of their own, one at a time, by a reader whose work is
bounded; nothing follows from a reading alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy import Connection

from app.config.schema import RepositoryConfig
from app.core.values import Person, Role
from app.engine.meetings import spoken
from app.engine.meetings.due import moment
from app.engine.meetings.files import Described
from app.engine.services import Services
from app.github.answers import CommentInfo
from app.github.client import Installation
from app.github.errors import Refused
from app.meetings.minutes.checklist import checklist
from app.meetings.minutes.entries import Minutes, Part, Said
from app.meetings.minutes.keys import keyed
from app.meetings.minutes.phrases import Phrases
from app.meetings.minutes.reading import read
from app.store import records
from app.store.meetings import Key, Meeting
from app.store.mirror import KnownRepository

MOST_COMMENTS = 500
MOST_SIGNS = 200_000
"""Characters of all texts together that are handed to the reader; it reads as much of them as it can."""
MOST_ASKED = 100
"""People whose role is asked for; whoever comes after them counts as a stranger."""
_aside = ThreadPoolExecutor(1, thread_name_prefix="rounds-minutes")


@dataclass(frozen=True, slots=True)
class Found:
    """`minutes`: what was understood. `checklist`: what our comment is to say. `present`: what it says now. `settled`: keys of
    what was carried out before."""

    minutes: Minutes
    checklist: str
    present: str
    settled: frozenset[str]
    said: tuple[Said, ...]
    body: str

    @property
    def count(self) -> int:
        """Entries that were understood."""
        return sum(1 for _ in keyed(self.minutes))

    @property
    def silent(self) -> bool:
        """Whether nothing was said, neither in the notes nor by command."""
        return not self.count and not self.said


async def understand(
    services: Services, github: Installation, at: KnownRepository, described: Described, row: Meeting
) -> Found:
    """Read it all. Raises what app.github.errors draws."""
    repo, number = at.repository.full_name, row.issue_number or 0
    issue = await github.issue(repo, number)
    comments = await github.comments(repo, number)
    reacted = await _reacted(services, github, at, described, number)
    config = await services.configs.of(at.repository, at.installation_id)
    known = await services.database.read(partial(_known, described=described, at=at, key=row.key))
    parts = _parts(services, repo, number, issue.body or "", comments)
    default, day = described.series.default_repo or repo, moment(row.starts_at).date()
    words = _Words(parts, described, config, default, known.said, reacted, day, services.web_url)
    minutes = _sensible(await asyncio.get_running_loop().run_in_executor(_aside, words.read), known.said)
    present = next((one.body for one in comments if one.id == row.minutes_comment_id), "")
    strangers = await _strangers(services, at, minutes)
    text = checklist(minutes, before=present, settled=known.settled, live=known.live, home=repo, strangers=strangers)
    if known.settled:
        text += f"\n\n_{len(known.settled)} entries were carried out already._"
    return Found(minutes, text, present, known.settled, known.said, issue.body or "")


async def _strangers(services: Services, at: KnownRepository, minutes: Minutes) -> frozenset[str]:
    """Logins of those who wrote something that was understood, and who may not say it by command in the meeting's repository."""
    authors = {entry.by.lower(): entry.by for _, entry in keyed(minutes) if entry.by and entry.line}
    found = set(list(authors)[MOST_ASKED:])
    for folded, login in list(authors.items())[:MOST_ASKED]:
        role = await services.roles.role(at.installation_id, at.repository, Person(0, login))
        if (role or Role.NONE) < Role.TRIAGE:
            found.add(folded)
    return frozenset(found)


def _sensible(minutes: Minutes, said: Sequence[Said]) -> Minutes:
    """A box of the agenda that nobody ticked is nothing left over where a command was about its issue."""
    told = {ref for one in said for ref in one.refs}
    kept = tuple(one for one in minutes.carried if one.sure or told.isdisjoint(one.refs))
    return replace(minutes, carried=kept)


@dataclass(frozen=True, slots=True)
class _Known:
    said: tuple[Said, ...]
    live: frozenset[str]
    settled: frozenset[str]


def _known(conn: Connection, described: Described, at: KnownRepository, key: Key) -> _Known:
    return _Known(spoken.said(conn, key), spoken.live(conn, described, at), settled(conn, key))


def settled(conn: Connection, key: Key) -> frozenset[str]:
    """Keys of what was carried out."""
    return frozenset(json.loads(records.fact(conn, _fact(key)) or "[]"))


def settle(conn: Connection, key: Key, keys: frozenset[str]) -> None:
    """These were carried out too."""
    records.keep_fact(conn, _fact(key), json.dumps(sorted(settled(conn, key) | keys)))


def _fact(key: Key) -> str:
    return f"minutes {key.repository_id} {key.series} {key.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class _Words:
    """All that is read, and by what rules."""

    parts: Sequence[Part]
    described: Described
    config: RepositoryConfig
    default_repo: str
    said: tuple[Said, ...]
    reacted: tuple[str, ...]
    day: date
    web_url: str

    def read(self) -> Minutes:
        return read(
            self.parts,
            people=self.described.series.people,
            default_repo=self.default_repo,
            phrases=Phrases(self.config.phrases),
            said=self.said,
            reactions=self.reacted,
            day=self.day,
            web_url=self.web_url,
        )


def _parts(services: Services, repo: str, number: int, body: str, comments: Sequence[CommentInfo]) -> tuple[Part, ...]:
    """People's texts in order; ours, and those of other Apps, say nothing new."""
    url = f"{services.web_url}/{repo}/issues/{number}"
    parts = [Part(body, url)]
    left = MOST_SIGNS - len(body)
    for one in comments[:MOST_COMMENTS]:
        if one.user_login == services.bot_login or one.user_login.endswith("[bot]") or one.app_id is not None:
            continue
        if (left := left - len(one.body)) < 0:
            break
        parts.append(Part(one.body, f"{url}#issuecomment-{one.id}", one.user_login))
    return tuple(parts)


async def _reacted(
    services: Services, github: Installation, at: KnownRepository, described: Described, number: int
) -> tuple[str, ...]:
    """Logins of people who reacted to the issue, where that says that they were there."""
    if "reactions" not in described.series.attendees.from_:
        return ()
    try:
        found = await github.reactions(at.repository.full_name, number)
    except Refused:
        return ()
    wanted = [one.by.login for one in found if not one.by.bot and one.by.login != services.bot_login]
    return tuple(dict.fromkeys(wanted))
