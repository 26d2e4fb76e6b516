"""Every number of `/status` against one that is counted from the record of deliveries that GitHub keeps, and from its state."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.sandbox.deliverer import Delivery
from tests.web.pages.compared import Between, differences
from tests.web.pages.shown import Shown, numbers
from tests.web.pages.troubled import NEW, NO, OLD, ONE, SECRET, TWO, VISITORS, Look, Troubled, trouble

WEEK = 7 * 86_400_000
KEPT = 3 * 86_400
"""Seconds for which GitHub keeps deliveries."""
EACH = pytest.mark.parametrize("who", VISITORS)
LOOKS = pytest.mark.parametrize("when", ["at work", "left alone", "a week later"])
BROKEN = [(ONE, ".github/rounds.yml", 2, True), (SECRET, ".github/meetings/weekly.yml", 3, False)]
"""Files with mistakes: how many, and whether an earlier version holds; in the order in which the repositories were made."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Troubled]:
    if request.param == "sqlite":
        yield asyncio.run(trouble(f"sqlite:///{tmp_path_factory.mktemp('status') / 'rounds.db'}"))
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create()
    yield asyncio.run(trouble(url))
    server.drop(url)


class Counted:
    """What the page has to tell who sees these repositories. `who`: one of VISITORS."""

    def __init__(self, made: Troubled, when: str, who: str) -> None:
        self.made, self.look, self.signed_in = made, made.looks[when], who != "anybody"
        self.at_work, self.owns = when == "at work", who == "owner"
        self.names = [NEW, OLD, ONE, SECRET, TWO] if self.signed_in else [NEW, OLD, ONE]

    def seen(self, log: list[Delivery]) -> list[Delivery]:
        return [one for one in log if self.name(one) in self.names]

    def name(self, one: Delivery) -> str:
        repository = self.made.world.repositories.get(one.repository_id or 0)
        return repository.full_name if repository else ""

    def page(self) -> dict[str, Any]:
        last = [one for one in self.seen(self.look.log) if one.ok][-1]
        rests = [at for one, at in self._of(self.made.waiting) if at > self.look.now]
        return {
            "last_delivery": Between(*self.made.heard[last.guid]), "recovered": self._recovered(),
            "looked_at": Between(self.made.looked, self.look.now),
            "worker_at": Between(self.made.began, self.look.ended) if self.at_work else None, "late": not self.at_work,
            "backlog": self._backlog(), "resting": len(rests), "rests_until": min(rests, default=None),
            "budgets": self._budgets(), "mirrors": [self._mirror(name) for name in self.names],
            "failures": self._failures() if self.signed_in else [], "broken": self._broken(),
        }  # fmt: skip

    def _of(self, kept: dict[str, int]) -> list[tuple[Delivery, int]]:
        """Those of these deliveries that may be seen, the oldest first."""
        return [(one, kept[one.guid]) for one in self.seen(self.look.log) if one.guid in kept and not one.redelivery]

    def _recovered(self) -> int:
        """Without any attempt that reached us, and not too old to be fetched; not longer ago than a week."""
        reached = {one.guid for one in self.look.log if one.ok}
        missed = [one for one in self.seen(self.look.log) if one.guid not in reached]
        kept = [one for one in missed if one.delivered_at.timestamp() >= self.made.looked / 1000 - KEPT]
        return len(kept) if self.made.fetched >= self.look.now - WEEK else 0

    def _backlog(self) -> dict[str, int]:
        new = [] if self.at_work else self.seen(self.made.unread)
        counts = (len(new), len(self._of(self.made.waiting)), 0, len(self._of(self.made.failing)))
        return dict(zip(("new", "waiting", "running", "failed"), counts, strict=True))

    def _budgets(self) -> list[dict[str, int]]:
        noted, (installation,) = self.made.looks["at work"], self.made.world.installations.values()
        said = {"limit": noted.budget["limit"], "remaining": noted.budget["remaining"]}
        told = {"installation_id": installation.id, **said, "reset": noted.budget["reset"] * 1000, "at": noted.now}
        return [told] if self.signed_in else []

    def _mirror(self, name: str) -> dict[str, Any]:
        lost = [one.payload["issue"]["number"] for one in self.made.lost if self.name(one) == name]
        return {
            "repository": name, "archived": name == OLD,
            "missing": ["issues", "comments", "history"] if name == NEW else [],
            "compared_at": None if name == NEW else self.made.compared,
            "differed": 0 if name == TWO else len(set(lost)), "failed": name == TWO,
        }  # fmt: skip

    def _failures(self) -> list[dict[str, Any]]:
        return [
            {"delivery": one.guid, "repository": self.name(one), "number": one.payload.get("issue", {}).get("number", 0),
             "event": one.event, "actor": one.payload["sender"]["login"], "tries": tries, "may_retry": self.owns,
             "received_at": Between(*self.made.heard[one.guid])}
            for one, tries in reversed(self._of(self.made.failing))
        ]  # fmt: skip

    def _broken(self) -> list[dict[str, Any]]:
        return [
            {"repository": name, "path": path, "count": count, "first": [None] * count, "earlier": earlier}
            for name, path, count, earlier in BROKEN
            if name in self.names
        ]


def told(made: Troubled, when: str, who: str) -> Any:
    return json.loads(made.looks[when].texts[who, ".json"])


def shown(made: Troubled, when: str, who: str) -> Shown:
    return Shown.read(made.looks[when].texts[who, ""])


@LOOKS
@EACH
def test_every_number(made: Troubled, when: str, who: str):
    assert list(differences(told(made, when, who), Counted(made, when, who).page())) == []


def test_there_is_trouble_of_every_kind(made: Troubled):
    """Else equal numbers would say little."""
    less, more = (Counted(made, "left alone", who).page() for who in ("anybody", "owner"))
    assert [(page["recovered"], page["resting"]) for page in (less, more)] == [(2, 1), (4, 2)]
    assert [list(page["backlog"].values()) for page in (less, more)] == [[3, 1, 0, 2], [5, 2, 0, 4]]
    assert [one["differed"] for one in more["mirrors"]] == [0, 0, 7, 2, 0]
    assert len(made.lost) == 11


@LOOKS
@EACH
def test_why_is_told_to_those_whom_github_lets_read(made: Troubled, when: str, who: str):
    faults = [one["fault"] for one in told(made, when, who)["mirrors"] if one["failed"]]
    assert [NO in fault for fault in faults] == ([True] if who != "anybody" else [])
    assert (NO in "".join(made.looks[when].texts[who, form] for form in ("", ".json", ".csv"))) == (who != "anybody")


@LOOKS
@EACH
def test_html_shows_the_numbers_that_json_tells(made: Troubled, when: str, who: str):
    it, page = told(made, when, who), shown(made, when, who)
    assert page.of(".count") == [it["backlog"]["failed"], len(it["broken"]), len(it["mirrors"])]
    *_, gaps, backlog = page.by["dd"]
    assert numbers(gaps)[0] == it["recovered"]
    assert numbers(backlog)[:4] == [it["backlog"][state] for state in ("new", "waiting", "running")] + (
        [it["resting"]] if it["resting"] else []
    )
    differed = [numbers(cell)[-1] for cell in page.by["td"] if "differed, and" in cell]
    assert differed == [one["differed"] for one in it["mirrors"] if one["differed"]]
    mistakes = [int(said[1]) for text in page.by["p"] if (said := re.match(r"\S+ \S+: (\d+) mistakes?;", text))]
    assert mistakes == [one["count"] for one in it["broken"]]
    left = [numbers(text)[:3] for text in page.by["li"] if text.startswith("Installation")]
    assert left == [[one[key] for key in ("installation_id", "remaining", "limit")] for one in it["budgets"]]


@LOOKS
@EACH
def test_html_says_what_needs_a_look(made: Troubled, when: str, who: str):
    it, page = told(made, when, who), shown(made, when, who)
    (said,) = [text for text in page.by["p"] if text.startswith("Something needs a look:")]
    behind, failed = (sum(bool(one[key]) for one in it["mirrors"]) for key in ("missing", "failed"))
    for count, words in (
        (it["backlog"]["failed"], "failed"), (len(it["broken"]), "configuration files with mistakes"),
        (behind, "repositories not read whole yet"), (failed, "comparisons with GitHub could not be made"),
    ):  # fmt: skip
        assert (f" {count} {words}" in said) == bool(count), words
    assert ("no worker gave a sign" in said) == it["late"]


@LOOKS
@EACH
def test_a_button_for_each_failure_that_the_visitor_may_let_run_again(made: Troubled, when: str, who: str):
    buttons = [text for text in shown(made, when, who).by.get("button", []) if text == "Run again"]
    assert len(buttons) == sum(one["may_retry"] for one in told(made, when, who)["failures"])


@LOOKS
@EACH
def test_csv_has_the_numbers_that_json_tells(made: Troubled, when: str, who: str):
    it = told(made, when, who)
    wanted = [it["last_delivery"], it["looked_at"], it["recovered"], it["worker_at"], *it["backlog"].values()]
    wanted += [it["rests_until"], it["resting"]]
    wanted += [one[key] for one in it["budgets"] for key in ("installation_id", "at", "remaining")]
    wanted += [one[key] for one in it["mirrors"] for key in ("compared_at", "differed")]
    wanted += [one[key] for one in it["failures"] for key in ("received_at", "tries")]
    wanted += [one["count"] for one in it["broken"]]
    rows = csv.reader(io.StringIO(_text(made.looks[when], who), newline=""))
    found = [int(cell) for row in rows for cell in row if cell.isdecimal()]
    assert found == [number for number in wanted if number is not None]


def _text(look: Look, who: str) -> str:
    return look.texts[who, ".csv"]
