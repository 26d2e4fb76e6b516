"""Merging two labels: over open and closed issues, wherever it is cut off, and never losing one."""

from __future__ import annotations

from contextlib import closing
from itertools import count

import pytest

from app.engine.label_merge import Portion, PortionDone
from app.engine.labels import Report
from app.labels.steps import Merge
from app.sandbox.faults import Fault
from app.store.database import Database
from tests.engine.label_office import MERGE, REPO, Killed, Office, small_world


@pytest.fixture
def office(database: Database) -> Office:
    return Office(small_world("a11y", "accessibility", "bug", config=MERGE), database)


def filled(office: Office) -> None:
    """Numbers 1 to 5: open, closed with both, a pull request, a closed one with another label, none of ours."""
    office.open("a11y")
    office.open("a11y", "accessibility", closed=True)
    office.open("a11y", pull=True)
    office.open("bug", "A11Y", closed=True)
    office.open("bug")


def merged(office: Office) -> bool:
    return (office.names(), office.carriers("accessibility")) == (["accessibility", "bug"], [1, 2, 3, 4])


async def test_open_and_closed_issues_and_pull_requests(office):
    filled(office)
    report = await office.finish()
    assert str(report) == "1 merged"
    assert merged(office)
    assert office.carriers("bug") == [4, 5]
    assert office.bars.steps == [("merge a11y into accessibility", 4)]
    assert office.bars.advanced == 4
    (job,) = await office.jobs()
    assert (job.state, job.issues, job.left) == ("done", 4, 0)


async def test_the_second_run_is_empty(office):
    filled(office)
    await office.finish()
    before = len(office.network.calls)
    look = await office.look()
    assert look.plan.steps == ()
    assert {method for method, _ in office.network.calls[before:]} <= {"GET", "POST"}
    assert [path for method, path in office.network.calls[before:] if method == "POST" and path != "/graphql"] == []


async def test_many_pages_and_two_writes_an_issue(office):
    for _ in range(130):
        office.open("a11y", closed=True)
    look = await office.look()
    before = len(office.network.calls)
    await office.labels.apply(look, Report())
    calls = office.network.calls[before:]
    assert office.carriers("accessibility") == list(range(1, 131))
    assert sum(method != "GET" for method, _ in calls) == 2 * 130 + 1
    assert sum(method == "GET" for method, _ in calls) == 2 + 1 + 1  # two pages, nothing left, the labels again


async def test_nothing_is_deleted_before_github_was_asked_again(office):
    filled(office)
    seen: list[list[int]] = []

    def look(method: str, path: str) -> None:
        if method == "DELETE" and path == f"/repos/{REPO}/labels/a11y":
            seen.append(office.carriers("a11y"))
            last = [path for _, path in office.network.calls][-1]
            assert "/issues?" in last
            assert "labels=a11y" in last
            assert "state=all" in last

    office.network.before = look
    await office.finish()
    assert seen == [[]]


async def test_an_issue_that_gets_the_label_meanwhile_is_found(office):
    filled(office)
    late = iter([5])

    def label(method: str, path: str) -> None:
        if method == "DELETE" and "/issues/4/labels" in path:
            for number in late:
                office.world.add_labels(office.world.issue(REPO, number), ["a11y"], by="mia")

    office.network.before = label
    assert str(await office.finish()) == "1 merged"
    assert office.carriers("accessibility") == [1, 2, 3, 4, 5]
    assert office.names() == ["accessibility", "bug"]


async def test_a_label_that_comes_back_for_ever_stays(office):
    filled(office)

    def label(method: str, path: str) -> None:
        if method == "GET" and "labels=a11y" in path:
            office.world.add_labels(office.world.issue(REPO, 5), ["a11y"], by="mia")

    office.network.before = label
    report = await office.finish()
    assert str(report) == "a11y stays: issues got it again while it was taken off"
    assert "a11y" in office.names()


async def test_a_name_with_a_comma_a_hash_a_slash_and_a_smile(database):
    name = "a,b/c #1 🐛"
    office = Office(
        small_world(name, "a", "fine", config=f"labels: [{{name: fine, previously: ['{name}']}}]"), database
    )
    office.open(name)
    office.open("a")
    office.open(name, closed=True)
    assert str(await office.finish()) == "1 merged"
    assert (office.names(), office.carriers("fine"), office.carriers("a")) == (["a", "fine"], [1, 3], [2])


# -- what GitHub refuses -------------------------------------------------------------------------------------------


async def test_what_may_not_be_written_keeps_the_label(office):
    filled(office)
    (installation,) = office.world.installations.values()
    installation.permissions["pull_requests"] = "read"
    report = await office.finish()
    ((step, reason),) = report.refused
    assert step == Merge("a11y", "accessibility", 4)
    assert reason.startswith("a11y stays, because #3 could not be relabelled: GitHub refused POST ")
    assert office.carriers("a11y") == [3]
    assert office.carriers("accessibility") == [1, 2, 4]
    installation.permissions["pull_requests"] = "write"
    assert str(await office.again().finish()) == "1 merged"
    assert merged(office)


async def test_a_label_that_is_not_put_on_in_silence_is_not_taken_off(office):
    filled(office)
    fault = Fault(path="/issues/1/labels$", method="POST", status=200, times=1)
    office.sandbox.faults.add(fault)
    report = await office.finish()
    assert [reason for _, reason in report.refused] != []
    assert 1 in office.carriers("a11y")
    assert str(await office.again().finish()) == "1 merged"
    assert merged(office)


async def test_an_issue_that_is_deleted_meanwhile(office):
    filled(office)

    def delete(method: str, path: str) -> None:
        if method == "POST" and "/issues/1/labels" in path:
            office.world.delete_issue(office.world.issue(REPO, 1), by="ann")

    office.network.before = delete
    assert str(await office.finish()) == "1 merged"
    assert office.carriers("accessibility") == [2, 3, 4]
    assert office.names() == ["accessibility", "bug"]


# -- cut off anywhere ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after_effect", [False, True])
async def test_whoever_dies_in_the_middle_loses_nothing(tmp_path, after_effect):
    for cut in count():
        with closing(Database.open(f"sqlite:///{tmp_path}/{cut}.db")) as database:
            database.migrate()
            office = Office(small_world("a11y", "accessibility", "bug", config=MERGE), database)
            filled(office)
            await office.known()
            start = len(office.network.calls)
            office.network.cut, office.network.after_effect = start + cut, after_effect
            try:
                await office.finish()
            except Killed:
                assert sorted({*office.carriers("a11y"), *office.carriers("accessibility")}) == [1, 2, 3, 4]
            else:
                break
            await office.again().finish()
            assert merged(office), cut
            assert (await office.again().look()).plan.steps == ()
            jobs = await office.jobs()
            assert sum(job.issues for job in jobs) == 4
            assert {job.state for job in jobs} <= {"deleting", "done"}
    assert cut > 12


async def test_a_portion_at_a_time(office):
    filled(office)
    done = Report()
    for _ in range(2):
        with pytest.raises(PortionDone):
            await office.labels.apply(await office.look(), done, portion=Portion(2))
    assert len(office.carriers("accessibility")) == 4
    assert "a11y" in office.names()
    await office.labels.apply(await office.look(), done, portion=Portion(2))
    assert str(done) == "1 merged"
    assert merged(office)


async def test_a_merge_whose_label_somebody_deletes_in_the_midst_is_finished(office):
    filled(office)
    with pytest.raises(PortionDone):
        await office.labels.apply(await office.look(), Report(), portion=Portion(1))
    office.world.delete_label(REPO, "a11y", by="mia")
    assert office.carriers("accessibility") == [1, 2]
    assert str(await office.again().finish()) == "1 merged"
    assert merged(office)
    assert (await office.again().look()).plan.steps == ()


async def test_a_limit_is_waited_for(office):
    filled(office)
    look = await office.look()
    office.sandbox.faults.add(Fault.secondary(retry_after=3, path="/issues/1/labels$"))
    office.github.pace(look.known.installation_id)._sleep = office._sleep
    await office.labels.finish(look, (), office.bars)
    assert merged(office)
