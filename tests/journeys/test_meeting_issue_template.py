"""An issue template of GitHub's opens a meeting as its form does it: with labels, assignees and type, where there are such."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.sandbox.faults import Fault
from tests.journeys.hall import REPO, SERIES, Hall
from tests.journeys.test_meetings import OPENS

PATH = ".github/ISSUE_TEMPLATE/weekly.md"
FILES = {".github/meetings/weekly.yml": SERIES.replace("labels: [meeting]", f"labels: [meeting]\n  template: {PATH}")}
TEMPLATE = "---\nname: Weekly\nabout: Talk\ntitle: ''\nlabels: bug\n{}\n---\n\n## Notes\n"


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as opened:
        opened.town.world.issue_types("acme", ["Bug", "Task"])
        yield opened


async def opened(hall: Hall, front: str):
    """The issue, and the reason of the delivery that opened it."""
    await hall.push({**FILES, PATH: TEMPLATE.format(front)})
    await hall.until(OPENS)
    (issue,) = hall.issues()
    reason = [one.reason for one in await hall.deliveries() if one.action == "open"][-1]
    return issue, reason.removeprefix(f"{REPO}#{issue.number} ")


@pytest.mark.parametrize("people", ["mia, wes", "'@mia,@wes'", "[mia, wes]", "\n- mia\n- wes"])
async def test_assignees_and_type_are_set(hall, people):
    issue, reason = await opened(hall, f"assignees: {people}\ntype: task")
    assert [person.login for person in issue.assignees] == ["mia", "wes"]
    assert (issue.type.name, issue.label_names) == ("Task", ["meeting", "bug"])
    assert reason == "opened; pinned"
    assert "assignees" not in issue.body


async def test_who_and_what_there_is_not_is_left_out_and_said(hall):
    issue, reason = await opened(hall, "assignees: [mia, sam, nobody-of-that-name, 'a b<!--']\ntype: Epic")
    assert [person.login for person in issue.assignees] == ["mia"]
    assert issue.type is None
    people = ", ".join(f"@{name}, who can't be assigned" for name in ("sam", "nobody-of-that-name", "a b<!--"))
    assert reason == f"opened without the type Epic, {people}; pinned"


async def test_a_role_may_be_assigned(hall):
    roles = SERIES.replace("zones:", "roles: {moderator: {rota: ['@mia', '@wes']}}\nzones:")
    series = roles.replace("labels: [meeting]", f"labels: [meeting]\n  template: {PATH}")
    await hall.push(
        {".github/meetings/weekly.yml": series, PATH: TEMPLATE.format("assignees: '{{ roles.moderator }}'")}
    )
    await hall.until(OPENS)
    assert [person.login for person in hall.issues()[0].assignees] == ["wes"]


async def test_a_meeting_is_opened_when_nobody_can_be_assigned_at_all(hall):
    hall.town.sandbox.faults.add(Fault(path="/assignees$", method="POST", status=403, message="Forbidden"))
    issue, reason = await opened(hall, "assignees: mia")
    assert issue.assignees == []
    assert reason == "opened without @mia, who can't be assigned; pinned"


async def test_after_trouble_the_same_issue_is_dressed(hall):
    hall.town.sandbox.faults.add(Fault(path="/assignees$", method="POST", status=502))
    issue, reason = await opened(hall, "assignees: mia\ntype: Task")
    assert [person.login for person in issue.assignees] == ["mia"]
    assert issue.type.name == "Task"
    assert reason == "found again; pinned"
