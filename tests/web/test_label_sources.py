from __future__ import annotations

import pytest

from app.core.values import Repository
from app.store import configs, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import NOBODY, PATH
from app.web import label_sources

CONFIG = """
extends: none
visibility: {dashboard: public}
families: {size: {labels: [Small, large]}, area: {prefix: area/}}
commands:
  ship: {help: It is out., do: [{add_labels: [shipped]}, {remove_labels: [small, "area/{{ what }}"]}], args: {what: {}}}
  needs: {args: {what: {type: choice, choices: [UX, funding]}}, do: [{add_labels: ["needs {{ what }}"]}]}
  any: {args: {name: {type: label}}, do: [{add_labels: ["{{ name }}"]}]}
rules:
  greet: {help: Says so., on: issue.opened, do: [{add_labels: [new]}]}
  rests: {enabled: false, on: issue.opened, do: [{add_labels: [new]}]}
"""


def put(database: Database, *places: tuple[Repository, str]) -> None:
    with database.transaction() as conn:
        mirror.put_repositories(conn, 5, [one for one, _ in places], whole=True)
        for one, text in places:
            configs.put(conn, ConfigFile(one.id, PATH, "sha", text, text, "", 1, dashboard="public"))


def told(database: Database, label: str, *ids: int) -> list[tuple[str, str, str]]:
    with database.reading() as conn:
        return [(one.kind, one.name, one.does) for one in label_sources.of(conn, NOBODY, label, ids, None)]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Shipped", [("command", "/ship", "sets it")]),
        ("small", [("command", "/size", "sets it"), ("command", "/ship", "takes it away")]),
        ("Area/API", [("command", "/area", "sets it"), ("command", "/ship", "takes it away")]),
        ("needs ux", [("command", "/needs", "sets it")]),
        ("needs time", []),
        ("new", [("rule", "greet", "sets it")]),
        ("proposed close", [("command", "/propose-close", "sets it")]),
        ("other", []),
    ],
)
def test_what_sets_a_label(label: str, expected: list[tuple[str, str, str]], database: Database):
    put(database, (Repository(1, "acme/one"), CONFIG))
    assert told(database, label, 1) == expected


def test_what_several_repositories_say_alike_is_said_once(database: Database):
    other = CONFIG.replace("It is out.", "Out it is.")
    put(
        database,
        (Repository(1, "acme/one", private=True), CONFIG),
        (Repository(2, "acme/two"), CONFIG),
        (Repository(3, "acme/three"), other),
    )
    with database.reading() as conn:
        first, second = label_sources.of(conn, NOBODY, "shipped", [1, 2, 3], None)
    assert (first.help, first.repositories, first.address) == (
        "It is out.", ("acme/one", "acme/two"), "/commands/acme/two#ship",
    )  # fmt: skip
    assert (second.help, second.repositories) == ("Out it is.", ("acme/three",))
