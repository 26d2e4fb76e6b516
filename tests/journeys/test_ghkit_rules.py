"""Rules against ../shared/ghkit, judged by GitHub's published descriptions."""

from __future__ import annotations

import pytest

from tests.journeys.test_ghkit import REPO, Visit, visit
from tests.journeys.test_rules import RULES
from tests.journeys.town import CONFIG

__all__ = ["visit"]
pytestmark = pytest.mark.contract


async def test_a_rule_labels_what_is_opened_and_takes_the_label_off_when_it_is_triaged(visit: Visit) -> None:
    visit.kit("file", repo=REPO, path=".github/rounds.yml", text=CONFIG + RULES, by="mia")
    await visit.settled()
    number = visit.issue(by="sam")
    await visit.settled()
    assert visit.state(number)["labels"] == ["requires triaging"]
    await visit.says(number, "tim", "/priority high")
    assert visit.state(number)["labels"] == ["priority/high"]
    assert visit.replies(number) == []
