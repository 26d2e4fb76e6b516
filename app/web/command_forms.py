"""A page of commands in its three forms: HTML for people, JSON and CSV for programs and tables. All tell the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from app.commands.help import HOW
from app.store.public import Shown
from app.web.command_list import PATH, Command, Listing
from app.web.desk import written
from app.web.rendering import page

Row = Sequence[str]

COLUMNS = ("kind", "name", "said_by", "usage", "help", "who", "examples")
_GROUPS = (
    ("team", "Declared by this team"),
    ("server", "Declared by the server"),
    ("family", "Families of labels"),
    ("built-in", "Built in"),
)


def of_repository(shown: Shown, listing: Listing, web_url: str) -> dict[str, bytes]:
    """`web_url`: of GitHub, for links to the files."""
    name = shown.repository.full_name
    values = {"repository": shown.repository, "files": _files(shown, web_url), "home": f"{web_url}/{quote(name)}"}
    return {
        "html": page("commands.html", **values, **_shared(listing)),
        "json": _json({"repository": name, "archived": shown.repository.archived, **_told(listing)}),
        "csv": written([COLUMNS, *_rows(listing)]),
    }


def of_server(listing: Listing, names: Sequence[str], more: bool, part: str) -> dict[str, bytes]:
    """`names`: repositories whose names contain `part`; `more`: there are others besides."""
    addresses = {name: f"/commands/{quote(name)}" for name in names}
    known = [{"repository": name, "address": address} for name, address in addresses.items()]
    return {
        "html": page("repositories.html", addresses=addresses, more=more, part=part, **_shared(listing)),
        "json": _json({"repositories": known, "more": more, **_told(listing)}),
        "csv": written(
            [
                COLUMNS,
                *(("repository", row["repository"], "", row["address"], "", "", "") for row in known),
                *_rows(listing),
            ]
        ),
    }


def _files(shown: Shown, web_url: str) -> dict[str, str]:
    """Where GitHub shows each file that anybody may read, by the name of its repository."""
    places = [shown.repository, *([shown.shared_repository] if shown.shared_repository else [])]
    return {
        place.full_name: f"{web_url}/{quote(place.full_name)}/blob/{quote(place.default_branch)}/{PATH}"
        for place in places
        if not place.private
    }


def _shared(listing: Listing) -> dict[str, Any]:
    read_at = listing.source.read_at
    return {
        "listing": listing,
        "groups": _grouped(listing.commands),
        "how": HOW,
        "path": PATH,
        "read_at": datetime.fromtimestamp(read_at / 1000, UTC) if read_at else None,
    }


def _grouped(commands: Iterable[Command]) -> list[tuple[str, str, list[Command]]]:
    """(anchor, heading, commands) of the groups that are not empty."""
    found: dict[str, list[Command]] = {key: [] for key, _ in _GROUPS}
    for command in commands:
        found[_group(command)].append(command)
    return [(key, heading, found[key]) for key, heading in _GROUPS if found[key]]


def _group(command: Command) -> str:
    if command.kind != "declared":
        return command.kind
    return "server" if command.said == "server" else "team"


def _told(listing: Listing) -> dict[str, Any]:
    told = asdict(listing)
    source = told.pop("source")
    read_at = source.pop("read_at")
    moment = datetime.fromtimestamp(read_at / 1000, UTC).isoformat(timespec="seconds") if read_at else None
    return {"configuration": {**source, "path": PATH, "read_at": moment, "mistakes": told.pop("mistakes")}, **told}


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode(errors="replace")


def _rows(listing: Listing) -> Iterable[Row]:
    for command in listing.commands:
        examples = "\n".join(command.examples)
        yield "command", command.verb, command.said, command.usage, command.help, command.who, examples
    for rule in listing.rules:
        when = f"every {rule.every}, at most {rule.limit}" if rule.every else ", ".join(rule.on)
        yield "rule", rule.name, rule.said, when, rule.help, "", ""
    for label in listing.labels:
        yield "label", label.name, "", label.color or "", label.description, "", ""
    for kind, verbs in (("foreign", listing.foreign), ("off", listing.off)):
        yield from ((kind, verb, "", "", "", "", "") for verb in verbs)
