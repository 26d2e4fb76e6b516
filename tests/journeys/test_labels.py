"""Labels as code: a push that changes them, and a merge whose process is killed, on both databases."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.engine import label_push
from app.sandbox.faults import Fault
from app.store import deliveries, label_jobs, mirror
from tests.cli.conftest import environment
from tests.journeys import label_child
from tests.journeys.town import REPO, Town

ROOT = Path(__file__).parents[2]
MERGE = """\
labels_sync: %s
labels:
  - {name: accessibility, previously: [a11y, "bug :bug:"]}
  - {name: kind/bug, color: "d73a4a", previously: [bug]}
"""
SAID = "configuration read from acme/widgets; labels: "


@pytest.fixture
async def town(town: Town) -> Town:
    """With issues that have `a11y`: 1 and 3 are open, 2 is closed, 4 is a pull request."""
    town.world.create_label(REPO, "a11y", by="mia")
    for number in range(1, 5):
        make = town.world.open_pull if number == 4 else town.world.open_issue
        issue = make(REPO, "It broke", by="rita")
        town.world.add_labels(issue, ["a11y", "bug"], by="mia")
        if number == 2:
            town.world.close_issue(issue, by="mia")
    await town.settled()
    return town


def carriers(town: Town, name: str) -> list[int]:
    issues = town.world.find_repository(REPO).issues
    return sorted(number for number, issue in issues.items() if name in issue.label_names)


def names(town: Town, repository: str = REPO) -> set[str]:
    return {label.name for label in town.world.find_repository(repository).labels.values()}


async def pushed(town: Town, text: str, repository: str = REPO) -> tuple[str, str]:
    """State and reason of the delivery."""
    town.world.push_file(repository, ".github/rounds.yml", text, by="mia" if repository == REPO else "ann")
    await town.settled()
    found = await town.database.read(deliveries.listing)
    push = next(one for one in found if one.event == "push")
    return push.state, push.reason


async def test_a_push_says_what_would_change(town):
    assert await pushed(town, MERGE % "plan") == (
        "done",
        f"{SAID}1 to rename, 1 to recolour, 2 to merge (only planned)",
    )
    assert {"a11y", "bug"} <= names(town)
    assert carriers(town, "accessibility") == []


async def test_a_push_is_applied_where_that_is_configured(town):
    assert await pushed(town, MERGE % "apply") == ("done", f"{SAID}1 renamed, 1 recoloured, 2 merged")
    assert not {"a11y", "bug", "bug :bug:"} & names(town)
    assert carriers(town, "accessibility") == carriers(town, "kind/bug") == [1, 2, 3, 4]
    assert await pushed(town, MERGE % "apply") == ("done", "configuration read from acme/widgets")
    comment = await town.says(town.world.issue(REPO, 1), "tim", "/unlabel accessibility\n/label kind/bug")
    assert town.reactions(comment) == ["+1"]
    assert carriers(town, "accessibility") == [2, 3, 4]


async def test_a_push_whose_merge_takes_several_runs(town, monkeypatch):
    monkeypatch.setattr(label_push, "PORTION", 3)
    assert (await pushed(town, MERGE % "apply"))[0] == "done"
    assert carriers(town, "accessibility") == [1, 2, 3, 4]
    assert "a11y" not in names(town)


async def test_what_github_refuses_is_told_as_a_failure(town):
    no = "Resource not accessible by integration"
    town.sandbox.faults.add(Fault(path="/issues/4/labels$", method="POST", status=403, message=no, times=None))
    state, reason = await pushed(town, MERGE % "apply")
    assert state == "failed"
    assert "a11y stays, because #4 could not be relabelled" in reason
    assert carriers(town, "a11y") == [4]


async def test_a_push_to_the_organizations_file_is_about_all_its_repositories(town):
    town.world.repository("acme/.github")
    town.world.archive_repository("acme/secret", by="ann")
    text = "labels_sync: apply\nlabels: [{name: kind/bug, previously: [bug]}]"
    (installation,) = town.world.installations.values()
    town.world.choose_repositories(installation, add=["acme/.github"])
    await town.filled()
    state, reason = await pushed(town, text, "acme/.github")
    assert state == "done"
    assert reason == (
        "configuration read from acme/.github; labels: acme/.github 1 created · acme/gadgets 1 renamed · "
        "acme/widgets 1 renamed"
    )
    assert "kind/bug" in names(town, "acme/gadgets")
    assert "bug" in names(town, "acme/secret")
    assert carriers(town, "kind/bug") == [1, 2, 3, 4]


async def test_a_file_with_mistakes_changes_no_label(town):
    state, reason = await pushed(town, "labels_sync: apply\nlabels: [{name: x, previously: [x]}]")
    assert (state, "x" in names(town)) == ("failed", False)
    assert "`x` is the label's present name" in reason


# -- killed --------------------------------------------------------------------------------------------------------


async def started(town: Town) -> asyncio.subprocess.Process:
    own = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
    own |= {f"ROUNDS_{name}": value for name, value in environment(town.settings).items()}
    child = ROOT / "tests" / "journeys" / "label_child.py"
    return await asyncio.create_subprocess_exec(
        sys.executable, str(child), REPO, env={**own, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE
    )


def job_of(conn: Connection) -> label_jobs.Job:
    known = mirror.repository_named(conn, REPO)
    assert known is not None
    (job,) = label_jobs.of(conn, known.repository.id)
    return job


async def test_a_merge_that_is_killed_goes_on_where_it_was(town):
    for _ in range(16):
        town.world.add_labels(town.world.open_issue(REPO, "Another", by="rita"), ["a11y"], by="mia")
    had = carriers(town, "a11y")
    assert len(had) == 20
    await pushed(town, MERGE.replace(', "bug :bug:"', "") % "plan")
    town.sandbox.faults.add(Fault(path="/issues/[0-9]+/labels", delay=0.02, times=None))
    for enough in (5, 12):
        process = await started(town)
        await town.sandbox.until(lambda enough=enough: len(carriers(town, "accessibility")) >= enough, timeout=60)
        process.send_signal(signal.SIGKILL)
        await process.communicate()
        assert "a11y" in names(town)
        assert sorted({*carriers(town, "a11y"), *carriers(town, "accessibility")}) == had
        job = await town.database.read(job_of)
        assert (job.state, job.issues) == ("moving", 20)
        assert 20 - job.left >= enough - 1
    assert "1 merged" in await label_child.synchronised(town.settings, REPO)
    assert (carriers(town, "accessibility"), carriers(town, "a11y")) == (had, [])
    assert "a11y" not in names(town)
    assert (await town.database.read(job_of)).state == "done"
    assert await label_child.synchronised(town.settings, REPO) == ""
