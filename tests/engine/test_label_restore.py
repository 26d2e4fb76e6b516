"""What a wrong merge or deletion removed comes back, on the issues that had it."""

from __future__ import annotations

from contextlib import closing
from itertools import count

import pytest

from app.engine.label_merge import Portion, PortionDone
from app.engine.labels import Report
from app.errors import Mistake
from app.store.database import Database
from tests.engine.label_office import MERGE, REPO, Killed, Office, small_world


@pytest.fixture
def office(database: Database) -> Office:
    return Office(world(), database)


def world():
    return small_world(("a11y", "123abc", "Old words"), "accessibility", "bug", config=MERGE)


def filled(office: Office) -> None:
    office.open("a11y", "bug")
    office.open("a11y", "accessibility", closed=True)
    office.open("accessibility")
    office.open("a11y", pull=True)


def as_it_was(office: Office) -> bool:
    label = office.world.find_repository(REPO).labels["a11y"]
    assert (label.name, label.color, label.description) == ("a11y", "123abc", "Old words")
    return (office.carriers("a11y"), office.carriers("accessibility")) == ([1, 2, 4], [2, 3])


async def restored(office: Office, number: int):
    return await office.labels.restored(await office.known(), number, office.bars)


async def test_a_merge_is_taken_back(office):
    filled(office)
    await office.finish()
    assert office.carriers("accessibility") == [1, 2, 3, 4]
    (job,) = await office.jobs()
    found = await restored(office.again(), job.id)
    assert (found.issues, found.gone, found.refused) == (3, 0, 0)
    assert as_it_was(office)
    assert office.carriers("bug") == [1]
    with pytest.raises(Mistake, match=r"^a11y was brought back already \(number \d+\)\.$"):
        await restored(office, job.id)


async def test_a_deletion_is_taken_back(office):
    filled(office)
    office.push("labels: [{name: accessibility}, {name: bug}]")
    assert str(await office.finish(gone=("a11y",))) == "1 deleted"
    assert (office.names(), office.carriers("accessibility")) == (["accessibility", "bug"], [2, 3])
    (job,) = await office.jobs()
    assert (job.state, job.issues, job.left, job.target) == ("done", 3, 0, "")
    await restored(office, job.id)
    assert as_it_was(office)


async def test_a_merge_that_was_begun_is_taken_back(office):
    filled(office)
    with pytest.raises(PortionDone):
        await office.labels.apply(await office.look(), Report(), portion=Portion(1))
    assert office.carriers("accessibility") == [1, 2, 3]
    office.world.add_labels(office.world.issue(REPO, 4), ["accessibility"], by="mia")
    (job,) = await office.jobs()
    await restored(office, job.id)
    assert office.carriers("a11y") == [1, 2, 4]
    assert office.carriers("accessibility") == [2, 3, 4]  # on 4 somebody had put it, not the merge


async def test_the_label_is_there_again_and_an_issue_is_gone(office):
    filled(office)
    await office.finish()
    office.world.create_label(REPO, "A11Y", "ffffff", by="mia")
    office.world.delete_issue(office.world.issue(REPO, 1), by="ann")
    (job,) = await office.jobs()
    found = await restored(office, job.id)
    assert (found.issues, found.gone, found.refused) == (2, 1, 0)
    assert office.carriers("A11Y") == [2, 4]


async def test_what_github_refuses_is_tried_again(office):
    filled(office)
    await office.finish()
    (installation,) = office.world.installations.values()
    installation.permissions["pull_requests"] = "read"
    (job,) = await office.jobs()
    found = await restored(office.again(), job.id)
    assert (found.issues, found.refused, office.carriers("a11y")) == (2, 1, [1, 2])
    installation.permissions["pull_requests"] = "write"
    found = await restored(office.again(), job.id)
    assert (found.issues, found.refused) == (3, 0)
    assert as_it_was(office)


async def test_numbers_that_are_none(office):
    with pytest.raises(
        Mistake, match=r"^There is no number 7 in acme/widgets: no label was merged or deleted there\.$"
    ):
        await restored(office, 7)
    filled(office)
    await office.finish()
    with pytest.raises(Mistake, match=r": `rounds labels restore acme/widgets` lists them\.$"):
        await restored(office, 7)


@pytest.mark.parametrize("after_effect", [False, True])
async def test_it_may_be_cut_off_anywhere(tmp_path, after_effect):
    for cut in count():
        with closing(Database.open(f"sqlite:///{tmp_path}/{cut}.db")) as database:
            database.migrate()
            office = Office(world(), database)
            filled(office)
            await office.finish()
            (job,) = await office.jobs()
            office.network.cut, office.network.after_effect = len(office.network.calls) + cut, after_effect
            try:
                await restored(office, job.id)
            except Killed:
                await restored(office.again(), job.id)
            else:
                break
            assert as_it_was(office), cut
    assert cut > 5
