"""Who was there: the list in the notes, `/present`, and reactions on the meeting issue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from app.meetings.minutes.entries import Owner, Said
from app.meetings.minutes.owners import People
from app.meetings.minutes.walk import Where

MOST_PEOPLE = 300

_LABEL = re.compile(
    r"""[*_]{0,2}(?P<label>present\+ | (?:members[ ]|people[ ])?present | attendees? | participants? | attendance | attending
      | in[ ]attendance | absent | regrets | apologies | excused | on[ ]leave | not[ ]present | scribes? | chairs? | hosts?
      | moderators? | facilitators? | notes?[-\s]?takers? | guests?)
    (?: (?:\s*\([^()]{0,60}\))? [*_]{0,2}\s*: | (?<=\+)) [*_]{0,2}\s* (?P<rest>.*)$""",
    re.VERBOSE | re.IGNORECASE,
)
_AWAY = frozenset({"absent", "regrets", "apologies", "excused", "on leave", "not present"})
_ROLES = re.compile(r"scribe|chair|host|moderator|facilitator|note", re.IGNORECASE)
_ASIDE = re.compile(r"\s*(?:\([^()]{0,200}\)|\[[^\[\]]{0,200}\])")
_AND = re.compile(r"\s*(?:[,;]|\s&\s|\band\b)\s*")
_BEHIND = re.compile(r"\s+(?:[-–—]{1,2}|:|/)\s.*$|\s*[,:]\s*$")
_NAME = re.compile(r"@?[^\W_](?:[\w.'’`-]|\s(?=\S)){0,60}")
_LOGIN = re.compile(r"(?:^|\s|\()@(?P<login>[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38})", re.ASCII)
_MOST_WORDS = 4
_NOBODY = frozenset({"none", "nobody", "na", "n/a", "tbd", "everyone", "all", "your name here", "add your name"})


def listed(lines: Iterable[Where], people: People) -> tuple[Owner, ...]:
    """Those whom the notes name as present, each once."""
    found: dict[str, Owner] = {}
    away = 0
    for where in lines:
        depth, label = where.line.depth, _LABEL.match(where.prose.text)
        if away and depth > away:
            continue
        away = 0
        if label is not None and (where.section == "attendance" or not _ROLES.match(label["label"])):
            away = (depth or 1) if label["label"].lower() in _AWAY else 0
            names = () if away else _names(label["rest"], people)
        elif where.section == "attendance" and where.mark is None and not (where.leads and where.below):
            names = _names(where.line.cells[0] if where.line.cells else where.prose.text, people)
        else:
            continue
        for owner in names:
            _put(found, owner)
        if len(found) >= MOST_PEOPLE:
            break
    return tuple(found.values())


def _put(found: dict[str, Owner], owner: Owner) -> None:
    """One whose login is known wins over the same name without one."""
    same = next((key for key, one in found.items() if owner.name.casefold() == key or owner.folded == one.folded), None)
    if same is None and len(found) < MOST_PEOPLE:
        found[owner.name.casefold()] = owner
    elif same is not None and owner.login and not found[same].login:
        found[same] = owner


def _names(text: str, people: People) -> Iterator[Owner]:
    """`Ada (chair), @grace and Alan - remote`."""
    for part in _parts(text):
        login = _LOGIN.search(part)
        name = _BEHIND.sub("", _ASIDE.sub("", part)).strip(" .*_")
        spelled = _LOGIN.sub("", name).strip()
        fits = _NAME.fullmatch(spelled) is not None and len(spelled.split()) <= _MOST_WORDS
        if login is not None:
            yield Owner(spelled if spelled and fits else login["login"], login["login"])
        elif fits and spelled.casefold() not in _NOBODY:
            yield people.named(spelled)


def _parts(text: str) -> list[str]:
    """One for each person; a firm behind a whole name is none: `Ada Lovelace, ACME`."""
    parts = _AND.split(text.replace(" @", ", @") if text.lstrip().startswith("@") else text)
    firm = len(parts) == 2 and len(parts[0].split()) > 1 and len(parts[1].split()) == 1 and "@" not in text
    return parts[:1] if firm else parts


def attendance(
    named: Sequence[Owner], said: Sequence[Said], people: People, reactions: Sequence[str] = ()
) -> tuple[Owner, ...]:
    """All who were there, in that order: those that the notes name, `/present` (who said it for themselves too), and the logins
    of who reacted to the meeting issue."""
    found: dict[str, Owner] = {}
    for owner in named:
        _put(found, owner)
    for one in said:
        for name in (one.people or (f"@{one.by}",)) if one.kind == "present" else ():
            _put(found, people.named(name if name.startswith("@") or " " in name else f"@{name}"))
    for login in reactions:
        _put(found, people.named(f"@{login}"))
    return tuple(found.values())
