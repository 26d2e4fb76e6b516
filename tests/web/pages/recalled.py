"""What pages of meetings have to tell: counted from the ledger of what was said, and from the things of the sandbox.

Nothing of app.core or app.store is used here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from app.sandbox.things import Issue
from tests.web.pages.convened import Convened, Meeting, Owed, Topic, Word, name_of
from tests.web.pages.ruled import ms, whole

SHOWN = ("decision", "note", "command", "carry")
"""What is said of items; who is there, and who does what, stands above."""
OVER = ("closed", "cancelled")
Items = list[tuple[Topic, str]]
_SERVER = Path(__file__).parents[3] / "config"
_BUILT_IN = 8
"""Buttons of the call page that every team has."""


@dataclass(frozen=True)
class Recalled:
    """For who sees these repositories. `leads`: triages them; `signed_in`: whether it is anybody in particular."""

    made: Convened
    names: tuple[str, ...]
    signed_in: bool = False
    leads: bool = False

    def sees(self, *issues: Issue) -> bool:
        return all(one.repository.full_name in self.names for one in issues)

    # lists

    def listing(self, only: str = "") -> dict[str, Any]:
        held = [one for one in self.made.meetings if self.sees(one.issue) and only in ("", one.series)]
        groups: dict[tuple[str, str], list[Meeting]] = {}
        for one in sorted(held, key=lambda one: one.starts, reverse=True):
            groups.setdefault((one.issue.repository.full_name, one.series), []).append(one)
        series = [
            {"home": home, "name": name, "meetings": [self.held(one) for one in some]}
            for (home, name), some in sorted(groups.items())
        ]
        return {"only": only, "series": series, "decided": self._decided(held) if only else [], "more": False}

    def _decided(self, held: list[Meeting]) -> list[dict[str, Any]]:
        said = [(one, word) for one in held for word in one.words if word.kind == "decision" and self.sees(*word.about)]
        said.sort(key=lambda pair: pair[1].at, reverse=True)
        return [
            {"day": str(one.starts.date()), "home": one.issue.repository.full_name, "text": word.text,
             "about": [name_of(issue) for issue in word.about], "by": word.by, "at": word.at}
            for one, word in said
        ]  # fmt: skip

    def held(self, one: Meeting) -> dict[str, Any]:
        starts = ms(one.starts)
        return {
            "home": one.issue.repository.full_name, "series": one.series, "day": str(one.starts.date()),
            "number": one.number, "title": one.title, "state": one.state, "starts_at": starts,
            "ends_at": starts + one.minutes * 60_000, "issue": name_of(one.issue),
        }  # fmt: skip

    # one meeting

    def meeting(self, held: Meeting) -> dict[str, Any]:
        sections = [
            (heading, [one for one in items if not isinstance(one[0], Issue) or self.sees(one[0])], more)
            for heading, items, more in self.agenda(held)
        ]
        listed = {topic for _, items, _ in sections for topic, _ in items}
        words = [word for word in held.words if self.sees(*word.about)]
        rest = [one for one in words if one.kind in SHOWN and not listed & set(one.about)]
        at, on = held.moves[-1] if held.moves else (0, None)
        now = on if on in listed and held.state not in OVER else None
        return {
            "held": self.held(held),
            "parts": [self._part(held, *one) for one in sections if one[1] or one[2]],
            "said": [_told(one) for one in rest],
            "present": list(dict.fromkeys(who for one in words if one.kind == "present" for who in one.people)),
            "roles": [_told(one) for one in words if one.kind == "role"],
            "todos": [_owed(one) for one in held.owed if one.about is None or self.sees(one.about)],
            "carried": [name_of(one) for one in held.carried if self.sees(one)],
            "current": _key(now) if now else "", "since": at if now else 0,
        }  # fmt: skip

    def _part(self, held: Meeting, heading: str, items: Items, more: int) -> dict[str, Any]:
        return {"heading": heading, "entries": [self._entry(held, *one) for one in items], "more": more}

    def _entry(self, held: Meeting, topic: Topic, text: str) -> dict[str, Any]:
        issue = topic if isinstance(topic, Issue) else None
        words = [one for one in held.words if issue in one.about and one.kind in SHOWN and self.sees(*one.about)]
        return {
            "key": _key(topic), "ref": name_of(issue) if issue else "", "text": text, "spent": held.spent(topic),
            "issue": whole(issue) if issue else None, "said": [_told(one) for one in words],
        }  # fmt: skip

    def agenda(self, held: Meeting) -> list[tuple[str, Items, int]]:
        """As it stands in the meeting's issue: headings, what is under them with its words, how many more there are."""
        found: list[tuple[str, Items, int]] = []
        body = (held.issue.body or "").replace("\u200b", "").replace("\r", "")
        region = body.partition("<!-- rounds: agenda -->")[2].partition("<!-- /rounds: agenda -->")[0]
        for line in region.split("\n"):
            if line.startswith("### "):
                found.append((line[4:].rpartition(" (")[0], [], 0))
            elif item := re.fullmatch(r"- \[.\] (?:(\S+/\S+)#(\d+) )?(.*)", line):
                issue = self.made.hall.town.world.issue(item[1], int(item[2])) if item[1] else None
                found[-1][1].append((issue or item[3], item[3]))
            elif more := re.match(r"- … \[?and (\d+) more", line):
                found[-1] = (*found[-1][:2], int(more[1]))
        return [one for one in found if not one[0].startswith("Open ")]

    # its call

    def call(self, held: Meeting) -> dict[str, Any]:
        page = self.meeting(held)
        entries = [entry for part in page["parts"] for entry in part["entries"]]
        keys = [entry["key"] for entry in entries]
        at = keys.index(page["current"]) if page["current"] else -1
        running = self.made.clock() - page["since"] if page["current"] else 0
        about = held.moves[-1][1] if page["current"] else held.issue
        return {
            "meeting": page, "entry": entries[at] if at >= 0 else None, "place": at + 1, "count": len(entries),
            "before": keys[at - 1] if at > 0 else "", "after": keys[at + 1] if at + 1 < len(keys) else "",
            "issue_repository": held.issue.repository.full_name, "issue_number": held.issue.number,
            "leads": self.leads and held.state not in OVER, "spent": sum(one["spent"] for one in entries) + running,
            "keys": self._keys(about) if self.signed_in else [], "act": None,
        }  # fmt: skip

    def _keys(self, about: Topic) -> list[dict[str, bool]]:
        """One for what every team does; one for each command and family that the server or the team declares."""
        assert isinstance(about, Issue)
        own = about.repository.files.get(".github/rounds.yml", "")
        declared = {name for text in (*self._server, own) for name in _declared(text)}
        return [{"own": False}] * _BUILT_IN + [{"own": True}] * len(declared)

    @cached_property
    def _server(self) -> tuple[str, ...]:
        return tuple((_SERVER / name).read_text() for name in ("defaults.yml", "commands.yml"))


def _declared(text: str) -> set[str]:
    found = yaml.safe_load(text) or {}
    return {*found.get("families", ()), *found.get("commands", ())}


def _key(topic: Topic) -> str | None:
    """An item in words has one that tells no number."""
    return f"{topic.repository.id}-{topic.number}" if isinstance(topic, Issue) else None


def _told(word: Word) -> dict[str, Any]:
    return {
        "kind": word.kind, "text": word.text, "about": [name_of(one) for one in word.about], "people": list(word.people),
        "by": word.by, "origin": word.origin, "at": word.at,
    }  # fmt: skip


def _owed(one: Owed) -> dict[str, Any]:
    due = str(one.due) if one.due else None
    return {"id": one.id, "owners": list(one.owners), "text": one.text, "due": due, "done": one.done}
