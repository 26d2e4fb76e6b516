"""Renders a template with what every page needs: who one acts as, whether Rounds answers, times in words."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.sandbox.accounts import Account
from app.sandbox.deliverer import Deliverer, Delivery
from app.sandbox.moving import MovingClock
from app.sandbox.things import Comment, Issue, Repository
from app.sandbox.web import prose
from app.sandbox.world import World

HERE = Path(__file__).parent.parent
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
FACES = {
    "+1": ("up", "thumbs up"), "-1": ("down", "thumbs down"), "laugh": ("laugh", "laugh"), "confused": ("confused", "confused"),
    "heart": ("heart", "heart"), "hooray": ("hooray", "hooray"), "rocket": ("rocket", "rocket"), "eyes": ("eyes", "eyes"),
}  # fmt: skip
"""Icon and word of each reaction. Drawn, because not every machine has a font with pictures."""

_HIDDEN = re.compile(r"<!--.*?(-->|$)", re.DOTALL)
_STEPS = ((60, "second"), (60, "minute"), (24, "hour"), (30, "day"), (12, "month"), (10_000, "year"))


class View:
    """Templates over one world."""

    def __init__(self, world: World, deliverer: Deliverer) -> None:
        self.world = world
        self.deliverer = deliverer
        loader = FileSystemLoader(HERE / "templates")
        self._jinja = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._jinja.globals |= {"address": address, "badge": self.badge, "faces": faces, "prose": self.prose}
        self._jinja.globals |= {"world_account": world.account}
        self._jinja.filters |= {"ago": self.ago, "path": quote, "plain": plain}

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """`here`: path of the page; `me`: whom one acts as; `version`: of the world, for live pages."""
        common = {
            "here": request.url.path,
            "app": self.world.app,
            "me": self.actor(request),
            "version": self.world.feed.version,
            "last": self.last_delivery(),
            "colors": self.colors_version(),
            "clock": self.world.clock() if isinstance(self.world.clock, MovingClock) else None,
            "timetable": self.world.timetable,
        }
        return HTMLResponse(self._jinja.get_template(template).render(common | values), status, HEADERS)

    def actor(self, request: Request) -> Account:
        """The person of the last form, else one who triages, else anybody."""
        people = self.people()
        chosen = request.cookies.get("as", "")
        triager = [
            p for p in people if any(repo.roles.get(p.id) == "triage" for repo in self.world.repositories.values())
        ]
        return next((person for person in people if person.login == chosen), (triager or people)[0])

    def people(self) -> list[Account]:
        return [who for who in self.world.accounts.values() if who.type == "User" and who is not self.world.ghost]

    def prose(self, text: str | None, form: str = "", repo: Repository | None = None) -> str:
        """Safe HTML; numbers of issues of the world lead there."""

        def lead(name: str, number: int) -> str:
            names = {one.full_name.lower(): one for one in self.world.repositories.values()}
            found = names.get(name.lower()) if name else repo
            return address(found.issues[number]) if found and number in found.issues else ""

        return prose.render(text, form, lead)

    def last_delivery(self) -> Delivery | None:
        done = (one for one in reversed(self.deliverer.log) if one.status != "pending")
        return next(done, None)

    def colors(self) -> set[str]:
        """Of all labels, and of those that stories remember."""
        repos = self.world.repositories.values()
        labels = {label.color for repo in repos for label in repo.labels.values()}
        return labels | {
            event.color for repo in repos for i in repo.issues.values() for event in i.timeline if event.color
        }

    def colors_version(self) -> str:
        return format(hash(frozenset(self.colors())) & 0xFFFFFFFF, "x")

    def badge(self, repo: Repository, who: Account, issue: Issue | None = None) -> str:
        """What one should know about who speaks: the role, or that it is a bot, or the author."""
        role = self.world.role(repo, who)
        if who.type == "Bot":
            return "Bot"
        if role in {"none", "read"}:
            return "Author" if issue is not None and issue.author is who else ""
        return {"triage": "Triage", "write": "Write", "maintain": "Maintainer", "admin": "Admin"}[role]

    def ago(self, then: datetime) -> str:
        """`3 hours ago`; under ten seconds `just now`."""
        amount = max(int((self.world.clock() - then).total_seconds()), 0)
        if amount < 10:
            return "just now"
        unit = ""
        for size, unit in _STEPS:  # noqa: B007  (the unit at which the loop ends is used below)
            if amount < size:
                break
            amount //= size
        return f"{amount} {unit}{'' if amount == 1 else 's'} ago"


def address(thing: Repository | Issue | Comment) -> str:
    """The path of its page."""
    if isinstance(thing, Comment):
        return f"{address(thing.issue)}#issuecomment-{thing.id}"
    if isinstance(thing, Issue):
        return f"{address(thing.repository)}/{'pull' if thing.pull else 'issues'}/{thing.number}"
    return f"/{quote(thing.full_name)}"


def plain(text: str | None) -> str:
    """The beginning of a text in one line, without what readers don't see."""
    return " ".join(_HIDDEN.sub("", text or "").split())[:200]


def faces(thing: Issue | Comment) -> list[tuple[str, str, list[str]]]:
    """Reactions as (icon, word, logins), in GitHub's order."""
    found = {content: [r.user.login for r in thing.reactions if r.content == content] for content in FACES}
    return [(*FACES[content], logins) for content, logins in found.items() if logins]
