"""`/labels/hygiene`: which labels lie? Each finding says where, what, and how many issues it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core.clause import Clause, plain
from app.core.filter import Filter, canonical
from app.core.names import fits
from app.store import hygiene
from app.store.hygiene import Known
from app.web import focus as focuses
from app.web import holding, label_rules
from app.web.desk import Asked, Desk, Rows
from app.web.focus import Focus
from app.web.label_rules import LabelRules

MOST = 100
"""Findings of a kind that are shown."""
KINDS = {
    "several": ("More than one of an exclusive family", "Take all but one away; `/family value` does it."),
    "none": ("None of a required family", "Give each one of the family's labels."),
    "unknown": ("Unknown to the configuration", "Add it to `labels:`, or merge it into one that is known."),
    "unused": ("Unused for a year", "Delete it, or mark it as archived in `labels:`."),
    "drift": ("Colour or description differs between repositories", "Say it once in the organization's `labels:`."),
    "alike": ("Names that are nearly the same", "Merge one into the other."),
    "never": ("Rules that can never match", "Create the label, or mend the rule."),
}
RULES = {
    "several": "Open issues with two or more labels of a family that says exclusive.",
    "none": "Open issues without a label of a family that says required.",
    "unknown": "Labels that are neither in labels: nor in a family, where the configuration has labels:.",
    "unused": "On nothing that is open, and not put on or taken off for 365 days, as far as is known.",
    "drift": "Labels of one name in several repositories.",
    "alike": "Labels of one repository that differ by signs, blanks or a final s only.",
    "never": "Rules that are on and want a label that no label of the repository fits.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`about`: the label, family or rule. `said`: what is wrong with it. `count`: of issues it is about, None where it is about
    none. `listed`: where these can be seen, "" nowhere. `labels`: (id, name) to be shown."""

    repository: str
    about: str
    said: str
    count: int | None = None
    listed: str = ""
    labels: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hygiene:
    """Findings by kind, in the order of `KINDS`; each kind is there. `total` with those that are too many to be shown."""

    focus: Focus
    total: int
    counts: dict[str, int]
    findings: dict[str, tuple[Finding, ...]]

    @property
    def kinds(self) -> list[tuple[str, str, str, str]]:
        """(key, heading, what to do, rule)."""
        return [(key, *words, RULES[key]) for key, words in KINDS.items()]


def compute(conn: sa.Connection, asked: Asked, folder: Path | None) -> Hygiene:
    """Of what the visitor may see."""
    focus = focuses.of(conn, asked)
    known = hygiene.labels(conn, focus.ids)
    found: dict[str, list[Finding]] = {key: [] for key in KINDS}
    by_place: dict[int, list[Known]] = {id_: [] for id_ in focus.ids}
    for one in known:
        by_place[one.repository_id].append(one)
    texts = holding.texts(conn, asked.visitor, focus.ids)
    for id_, here in by_place.items():
        for key, finding in _by_rules(conn, here, label_rules.parsed(texts.get(id_), folder)) if here else ():
            found[key].append(finding)
    found["unused"] = [
        Finding(one.repository, one.name, _since(one), labels=_shown([one])) for one in hygiene.unused(known, asked.now)
    ]
    found["drift"] = [_drift(same) for same in hygiene.drifted(known)]
    found["alike"] = [
        Finding(same[0].repository, _names(same), "one of them is enough", labels=_shown(same))
        for same in hygiene.alike(known)
    ]
    counts = {key: len(some) for key, some in found.items()}
    return Hygiene(focus, sum(counts.values()), counts, {key: tuple(some[:MOST]) for key, some in found.items()})


def _by_rules(conn: sa.Connection, labels: Sequence[Known], rules: LabelRules) -> Iterator[tuple[str, Finding]]:
    """What one repository's configuration says of its labels."""
    name, id_ = labels[0].repository, labels[0].repository_id
    for family in rules.families:
        members = [one for one in labels if family.has(one.name)]
        ids = [one.id for one in members]
        if family.exclusive and len(ids) > 1 and (count := hygiene.with_several(conn, id_, ids)):
            yield "several", Finding(name, family.name, "at most one is meant", count, labels=_shown(members))
        if family.required and ids and (count := hygiene.with_none(conn, id_, ids)):
            yield "none", Finding(name, family.name, "one is meant", count, _without(name, members), _shown(members))
    for one in labels if rules.declared else ():
        if not rules.knows(one.name):
            yield "unknown", Finding(name, one.name, "on open ones", one.open, _with(name, one), _shown([one]))
    for rule, patterns in rules.needs:
        if missing := [pattern for pattern in patterns if not any(fits([pattern], one.name) for one in labels)]:
            yield "never", Finding(name, rule, f"wants {', '.join(missing)}, which no label here fits")


def _shown(labels: Sequence[Known]) -> tuple[tuple[int, str], ...]:
    return tuple((one.id, one.name) for one in labels[:12])


def _names(labels: Sequence[Known]) -> str:
    return ", ".join(one.name for one in labels)


def _with(repository: str, one: Known) -> str:
    clauses = (Clause("repo", (repository.lower(),)), Clause("label", (plain(one.name),)))
    return f"/issues?{canonical(Filter().with_(*clauses))}"


def _without(repository: str, labels: Sequence[Known]) -> str:
    """At most as many labels as a filter takes."""
    if len(labels) > 20:
        return ""
    others = [Clause("label", (plain(one.name),), negated=True) for one in labels]
    wanted = Filter().with_(Clause("repo", (repository.lower(),)), Clause("kind", ("issue",)), *others)
    return f"/issues?{canonical(wanted)}"


def _since(one: Known) -> str:
    return "on nothing that is open; no use is known" if one.touched is None else "on nothing that is open"


def _drift(same: Sequence[Known]) -> Finding:
    colors = len({one.color.lower() for one in same})
    descriptions = len({one.description.strip() for one in same})
    parts = [f"{number} {word}" for number, word in ((colors, "colours"), (descriptions, "descriptions")) if number > 1]
    where = ", ".join(one.repository for one in same[:8]) + (f" and {len(same) - 8} more" if len(same) > 8 else "")
    return Finding(where, same[0].name, " and ".join(parts), labels=_shown(same))


def table(found: Hygiene) -> Rows:
    """One row a finding."""
    rows: list[tuple[object, ...]] = [("kind", "repository", "about", "what", "issues")]
    for key, some in found.findings.items():
        rows += [(key, one.repository, one.about, one.said, one.count) for one in some]
    return rows


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    def work(conn: sa.Connection, asked: Asked) -> Hygiene:
        return compute(conn, asked, desk.settings.config_dir)

    @router.api_route("/labels/hygiene", methods=["GET", "HEAD"])
    @router.api_route("/labels/hygiene.{form}", methods=["GET", "HEAD"])
    async def page(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "hygiene.html", work, table)

    return router
