"""`rounds plan`: the same decision as a delivery's, and nothing done."""

from __future__ import annotations

import pytest

from app import wiring
from app.core.values import Ref, Role
from app.errors import Mistake
from tests.journeys.town import REPO


async def test_a_rehearsal_says_what_would_happen_and_does_nothing(town, issue):
    found = await wiring.rehearsed(town.settings, Ref(REPO, issue.number), "/label bug\n/milestone v1", "tim")
    assert [outcome.status for outcome in found.plan.outcomes] == ["done", "done"]
    assert len(found.plan.actions) == 2
    assert found.role is Role.TRIAGE
    assert (issue.label_names, issue.milestone_title) == ([], None)


async def test_a_rehearsal_knows_who_may_not(town, issue):
    found = await wiring.rehearsed(town.settings, Ref(REPO, issue.number), "/label bug", "@sam")
    assert [outcome.status for outcome in found.plan.outcomes] == ["refused"]
    anybody = await wiring.rehearsed(town.settings, Ref(REPO, issue.number), "/label bug", None)
    assert [outcome.status for outcome in anybody.plan.outcomes] == ["done"]
    assert anybody.role is None


async def test_a_repository_that_nobody_installed_is_a_mistake(town):
    with pytest.raises(Mistake, match="nobody/nothing"):
        await wiring.rehearsed(town.settings, Ref("nobody/nothing", 1), "/label bug", None)
