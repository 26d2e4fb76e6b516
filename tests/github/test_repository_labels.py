"""A repository's labels at GitHub: what is sent, and what its answers mean. GitHub is the sandbox, without sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.core.values import Label
from app.github.errors import Invalid, NotFound
from app.github.names import BadName
from app.github.repository_labels import RepositoryLabels
from app.store.database import Database
from tests.engine.label_office import REPO, Office, small_world


@pytest.fixture
async def office(tmp_path) -> AsyncIterator[Office]:
    database = Database.open(f"sqlite:///{tmp_path}/unused.db")
    yield Office(small_world("bug", "UX/UI", "C#", "tada 🎉"), database)
    database.close()


@pytest.fixture
def labels(office: Office) -> RepositoryLabels:
    (number,) = office.world.installations
    return office.github.installation(number).repository_labels(REPO)


async def test_create(office, labels):
    made = await labels.create("fine", "0e8a16", "Fine words")
    assert made == Label(made.id, "fine", "0e8a16", "Fine words")
    with pytest.raises(Invalid, match="already_exists"):
        await labels.create("FINE", "0e8a16", "")


@pytest.mark.parametrize("name", ["bug", "UX/UI", "C#", "tada 🎉"])
async def test_change_and_delete_names_of_all_kinds(office, labels, name):
    issue = office.open(name)
    made = await labels.change(name, new_name="new/name #2 🐛", color="123abc")
    assert (made.name, made.color, made.description) == ("new/name #2 🐛", "123abc", "")
    assert issue.label_names == ["new/name #2 🐛"]
    assert (await labels.change(made.name, description="Words")).description == "Words"
    await labels.delete(made.name)
    await labels.delete(made.name)
    assert issue.label_names == []
    with pytest.raises(NotFound):
        await labels.change(made.name, color="ffffff")


async def test_nothing_to_change_is_not_sent(labels):
    with pytest.raises(ValueError, match="nothing to change"):
        await labels.change("bug")


@pytest.mark.parametrize("name", ["..", ".", "", "a/../b"])
async def test_names_that_lead_elsewhere_are_not_sent(office, labels, name):
    """`DELETE …/labels/..` would be another address."""
    before = len(office.network.calls)
    with pytest.raises(BadName):
        await labels.delete(name)
    assert [call for call in office.network.calls[before:] if "access_tokens" not in call[1]] == []


async def test_carrying(office, labels):
    for number in range(1, 106):
        office.open(*(["bug"] if number % 7 else []), closed=number % 2 == 0, pull=number % 5 == 0)
    found = [issue.number async for page in labels.carrying("BUG") for issue in page.items]
    assert found == [number for number in range(1, 106) if number % 7]


async def test_counts(office, labels):
    office.open("bug", "C#")
    office.open("bug", closed=True)
    office.open("bug", pull=True)
    assert await labels.counts() == {"bug": 3, "C#": 1, "UX/UI": 0, "tada 🎉": 0}


async def test_counts_of_what_is_not_there(office):
    (number,) = office.world.installations
    with pytest.raises(NotFound, match="Could not resolve to a Repository"):
        await office.github.installation(number).repository_labels("acme/nothing").counts()
