from __future__ import annotations

import pytest

from app.core.values import Repository
from app.store import configs, mirror, public
from app.store.configs import ConfigFile
from app.store.database import Database
from tests.store import events_of as of

PATH = ".github/rounds.yml"
WIDGETS = Repository(1, "Acme/Widgets", owner_is_organization=True)
SHARED = Repository(2, "Acme/.github", private=True, owner_is_organization=True)
FILE = ConfigFile(1, PATH, "sha", "version: 1", "version: 1", "", read_at=5)


@pytest.fixture
def known(database: Database) -> Database:
    with database.transaction() as conn:
        found = [WIDGETS, SHARED, Repository(3, "Acme/Secret", private=True), Repository(4, "acme/a_b")]
        mirror.put_repositories(conn, 5, found, whole=True)
    return database


def find(database: Database, name: str) -> public.Shown | None:
    with database.reading() as conn:
        return public.find(conn, name, PATH)


def names(database: Database, part: str = "", most: int = 10) -> list[str]:
    with database.reading() as conn:
        return public.names(conn, part, most)


def test_a_public_repository_is_found_in_any_case_with_both_files(known):
    assert find(known, "acme/WIDGETS") == public.Shown(WIDGETS, None, SHARED, None)
    with known.transaction() as conn:
        for id_ in (1, 2):
            configs.put(conn, ConfigFile(id_, PATH, "sha", "version: 1", "version: 1", "", read_at=5))
    shown = find(known, "Acme/Widgets")
    assert shown is not None
    assert shown.own == FILE
    assert shown.shared is not None
    assert shown.shared.repository_id == 2


@pytest.mark.parametrize("name", ["Acme/Secret", "Acme/.github", "Acme/Widget", "Acme", ""])
def test_no_other_is_found(name, known):
    assert find(known, name) is None


def test_an_organizations_own_repository_is_not_above_itself(known):
    with known.transaction() as conn:
        mirror.put_repositories(conn, 5, [Repository(2, "Acme/.github")], whole=False)
    assert find(known, "Acme/.github") == public.Shown(Repository(2, "Acme/.github"))


@pytest.mark.parametrize("action", ["suspend", "deleted"])
def test_without_an_installation_nothing_is_public(action, known):
    with known.transaction() as conn:
        mirror.apply(conn, [of.installation(action)])
    assert find(known, "Acme/Widgets") is None
    assert names(known) == []


def test_an_organizations_file_counts_no_more_when_its_repository_is_gone(known):
    with known.transaction() as conn:
        mirror.drop_repository(conn, 2)
    assert find(known, "Acme/Widgets") == public.Shown(WIDGETS)


def test_names_are_in_order_and_found_by_any_part(known):
    assert names(known) == ["acme/a_b", "Acme/Widgets"]
    assert names(known, most=1) == ["acme/a_b"]
    assert names(known, "WIDG") == ["Acme/Widgets"]
    assert names(known, "_") == ["acme/a_b"]
    assert names(known, "%") == []
