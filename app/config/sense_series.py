"""The rules between the keys of a meeting series, which no single field can see. They work on plain values of any shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.config import sense_schedule
from app.config.finding import Finding, Path, items, section
from app.config.nearest import did_you_mean

MOST_ROLES = 20
_LOGIN = re.compile(r"@?[A-Za-z0-9][A-Za-z0-9-]{0,38}(\[bot\])?")
_NO_TIME = re.compile(r"0+[mhdw]")


def findings(root: Mapping[str, Any]) -> Iterator[Finding]:
    """All that is wrong between the keys of a series."""
    yield from sense_schedule.findings(root)
    yield from _variants(root)
    yield from _roles(section(root, "roles"))
    yield from _people(section(root, "people"))
    yield from _queries(section(root, "agenda"))
    yield from _owners(root)
    yield from _lengths(root)
    yield from _archive(section(root, "archive"))
    template = section(root, "issue").get("template")
    if isinstance(template, str) and ".." in template.split("/"):
        message = "the template must be a path in the repository, without `..`"
        yield Finding(("issue", "template"), message, "", "value")


def _variants(root: Mapping[str, Any]) -> Iterator[Finding]:
    places, named = section(root, "places"), set[str]()
    every = False
    for path, variant in items(root, "variants"):
        name = variant.get("as") if isinstance(variant, Mapping) else None
        if not isinstance(variant, Mapping) or not isinstance(name, str):
            continue
        if every:
            yield Finding(path, f"`{name[:60]}` never counts: one before it fits every date", "", "value", "note")
        if places and name not in places:
            hint = did_you_mean(name, places) or "add it there"
            yield Finding((*path, "as"), f"`places` has no `{name[:60]}`", hint, "value")
        every = every or "when" not in variant
        named.add(name)
    if named or len(places) > 1:
        for name in sorted(places.keys() - named):
            yield Finding(("places", name), "no variant has this name: it is never the place", "", severity="note")


def _roles(roles: Mapping[str, Any]) -> Iterator[Finding]:
    if len(roles) > MOST_ROLES:
        yield Finding(("roles",), f"there are {len(roles)} roles, at most {MOST_ROLES} are allowed")
    for name, role in roles.items():
        if isinstance(role, Mapping):
            yield from _role(("roles", name), role)


def _role(path: Path, role: Mapping[str, Any]) -> Iterator[Finding]:
    if ("people" in role) == ("rota" in role):
        yield Finding(path, "a role has either `people` or `rota`: exactly one of them")
    rota = [who for _, who in items(role, "rota") if isinstance(who, str)]
    if "away" in role and "rota" not in role:
        yield Finding((*path, "away"), "`away` needs `rota`")
        return
    for place, away in items(role, "away"):
        who, since, until = (away.get(key) if isinstance(away, Mapping) else None for key in ("who", "from", "to"))
        if isinstance(who, str) and who not in rota:
            hint = did_you_mean(who, rota) or "write it as there"
            yield Finding((*path, *place, "who"), f"the rota has no `{who[:60]}`", hint, "value")
        if isinstance(since, str) and isinstance(until, str) and until < since:
            yield Finding((*path, *place, "to"), "it is before `from`", "both days belong to it", "value")


def _people(people: Mapping[str, Any]) -> Iterator[Finding]:
    for name, login in people.items():
        if isinstance(login, str) and not _LOGIN.fullmatch(login):
            yield Finding(("people", name), f"`{login[:60]}` can't be a login", "write it as on GitHub", "value")


def _queries(agenda: Mapping[str, Any]) -> Iterator[Finding]:
    for path, query in items(agenda, "queries"):
        if isinstance(query, Mapping) and not query.keys() & {"labels", "no_labels", "milestone"}:
            what = "give `labels`, `no_labels` or `milestone`"
            yield Finding(("agenda", *path), "this would list every issue", what, "value")


def _owners(root: Mapping[str, Any]) -> Iterator[Finding]:
    """An installation of the App is one owner's: what another owner has is read only where the App is installed too."""
    named = list(_repositories(root))
    own = next((name.partition("/")[0].lower() for _, name in named), "")
    for path, name in named:
        owner = name.partition("/")[0]
        if owner.lower() != own:
            message = f"`{owner[:60]}` is another owner than that of the meeting issue"
            yield Finding(path, message, "Rounds must be installed there too", "value", "note")


def _repositories(root: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Those that are named, that of the meeting issue first."""
    repo = section(root, "issue").get("repo")
    if isinstance(repo, str):
        yield ("issue", "repo"), repo
    for path, query in items(section(root, "agenda"), "queries"):
        for inner, name in items(query, "repos"):
            if isinstance(name, str):
                yield ("agenda", *path, *inner), name


def _lengths(root: Mapping[str, Any]) -> Iterator[Finding]:
    """Durations of nothing, where something is meant."""
    schedule = section(root, "schedule")
    given: list[tuple[Path, object]] = [(("schedule", "duration"), schedule.get("duration"))]
    for of, name, key in ((schedule, "changes", "duration"), (root, "reminders", "before")):
        root_path: Path = ("schedule",) if of is schedule else ()
        found = ((path, item) for path, item in items(of, name) if isinstance(item, Mapping))
        given += [((*root_path, *path, key), item.get(key)) for path, item in found]
    for path, value in given:
        if isinstance(value, str) and _NO_TIME.fullmatch(value):
            yield Finding(path, "that is no time at all", "as `60m`", "value")


def _archive(archive: Mapping[str, Any]) -> Iterator[Finding]:
    path = archive.get("path")
    if isinstance(path, str) and (path.startswith("/") or ".." in path.split("/")):
        yield Finding(("archive", "path"), "the path begins at the repository's root and stays in it", "", "value")
