"""Labels as code on a repository: looked at, made so, and looked at again."""

from __future__ import annotations

import pytest

from app.labels.steps import Change, Create, Merge, Unknown
from app.sandbox.faults import Fault
from app.store.database import Database
from tests.engine.label_office import REPO, Office, small_world

CONFIG = """\
labels:
  - {name: bug, color: "d73a4a", description: It broke}
  - {name: accessibility, color: "0e8a16", previously: [a11y]}
  - {name: docs, previously: [documentation, manual]}
  - {name: old, archived: true}
  - {name: new 🐛, description: ""}
"""
LABELS = ["Bug", "a11y", "documentation", ("manual", "ff0000", "The book"), ("old", "00ff00", "Of 2019"), "mine"]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(small_world(*LABELS, config=CONFIG), database)


def filled(office: Office) -> None:
    office.open("a11y", "manual")
    office.open("manual", closed=True)
    office.open("mine", "documentation", pull=True)


async def test_everything_at_once_and_then_nothing(office):
    filled(office)
    look = await office.look()
    assert look.plan.steps == (
        Create("new 🐛", "ededed", ""),
        Change("Bug", 0, new_name="bug", color="d73a4a", description="It broke"),
        Change("a11y", 1, new_name="accessibility", color="0e8a16"),
        Change("manual", 2, new_name="docs"),
        Change("old", 0, color="ededed", description="Archived: Of 2019", archives=True),
        Merge("documentation", "docs", 1),
    )
    assert look.plan.unknown == (Unknown("mine", 1),)
    report = await office.finish()
    assert str(report) == "1 created, 3 renamed, 2 recoloured, 1 described, 1 archived, 1 merged"
    assert office.names() == ["accessibility", "bug", "docs", "mine", "new 🐛", "old"]
    assert office.carriers("accessibility") == [1]
    assert office.carriers("docs") == [1, 2, 3]
    assert office.carriers("mine") == [3]
    docs = office.world.find_repository(REPO).labels["docs"]
    assert (docs.color, docs.description) == ("ff0000", "The book")
    assert (await office.again().look()).plan.steps == ()
    assert str(await office.again().finish()) == ""


async def test_looking_changes_nothing(office):
    filled(office)
    before = office.names()
    await office.look()
    assert office.names() == before
    assert {path for method, path in office.network.calls if method not in {"GET"}} <= {
        "/graphql",
        *(path for _, path in office.network.calls if "access_tokens" in path),
    }


async def test_counts_are_the_mirrors_where_that_is_whole_else_githubs(office):
    filled(office)
    look = await office.look()
    assert ("POST", "/graphql") in office.network.calls
    await office.sync.repository(look.known)
    later = office.again()
    assert (await later.look()).plan == look.plan
    assert ("POST", "/graphql") not in later.network.calls


async def test_counts_of_more_labels_than_a_page(database):
    names = [f"label {number:03}" for number in range(230)]
    office = Office(small_world(*names, config="labels: [{name: x, previously: [label 229]}]"), database)
    office.open("label 229", closed=True)
    assert (await office.look()).plan.steps == (Change("label 229", 1, new_name="x"),)
    assert sum(path == "/graphql" for _, path in office.network.calls) == 3


async def test_nothing_is_described(database):
    office = Office(small_world("bug"), database)
    look = await office.look()
    assert (look.wanted.rows, look.plan.steps, look.plan.unknown) == ((), (), ())


async def test_only_named_unknown_labels_go(office):
    office.open("mine")
    office.world.create_label(REPO, "theirs", by="mia")
    report = await office.finish(gone=("mine", "bug"))
    assert "1 deleted" in str(report)
    assert "theirs" in office.names()
    assert "bug" in office.names()
    assert "mine" not in office.names()


async def test_the_organizations_rows_count_where_a_repository_has_its_own_file(database):
    world = small_world("a11y", config="labels: [{name: mine}]")
    world.repository(
        "acme/.github", files={".github/rounds.yml": "labels: [{name: accessibility, previously: [a11y]}]"}
    )
    office = Office(world, database, server="labels: [{name: bug}]")
    assert (await office.look()).plan.steps == (
        Create("bug", "ededed", ""),
        Create("mine", "ededed", ""),
        Change("a11y", 0, new_name="accessibility"),
    )
    office.push("extends: none\nlabels: [{name: mine}]")
    assert (await office.look()).plan.steps == (Create("mine", "ededed", ""),)


async def test_a_broken_file_leaves_the_last_good_one_at_work(office):
    await office.look()
    office.push("labels: [{nam: x}]")
    look = await office.look()
    assert Create("new 🐛", "ededed", "") in look.plan.steps
    assert (await office.again().look()).plan == look.plan


# -- GitHub's troubles ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/labels$"), ("PATCH", "/labels/a11y$"), ("PATCH", "/labels/Bug$"), ("DELETE", "/labels/")],
)
@pytest.mark.parametrize("after_effect", [False, True])
async def test_an_answer_that_was_lost(office, method, path, after_effect):
    filled(office)
    office.sandbox.faults.add(Fault(method=method, path=path, status=502, after_effect=after_effect))
    report = await office.finish()
    assert report.refused == []
    assert len(office.slept) == 1
    assert office.names() == ["accessibility", "bug", "docs", "mine", "new 🐛", "old"]
    assert (await office.again().look()).plan.steps == ()


async def test_one_refusal_does_not_hold_up_the_rest(office):
    office.sandbox.faults.add(Fault(method="PATCH", path="/labels/Bug$", status=422, message="Validation Failed"))
    report = await office.finish()
    assert [step for step, _ in report.refused] == [
        Change("Bug", 0, new_name="bug", color="d73a4a", description="It broke")
    ]
    assert str(report).endswith("; GitHub refused PATCH /repos/{owner}/{repo}/labels/{name}: 422 Validation Failed")
    assert "new 🐛" in office.names()


async def test_a_label_that_somebody_makes_meanwhile(office):
    def make(method: str, path: str) -> None:
        if (method, path) == ("POST", f"/repos/{REPO}/labels"):
            office.world.create_label(REPO, "NEW 🐛", "123456", by="mia")

    office.network.before = make
    report = await office.finish()
    assert report.refused == []
    label = office.world.find_repository(REPO).labels["new 🐛"]
    assert (label.name, label.color) == ("new 🐛", "ededed")


async def test_an_archived_repository_is_refused_step_by_step(office):
    look = await office.look()
    office.world.archive_repository(REPO, by="ann")
    report = await office.labels.finish(look)
    assert report.done == []
    assert len(report.refused) == len(look.plan.steps)
