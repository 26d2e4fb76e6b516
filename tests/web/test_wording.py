from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.web.wording import ago, moment, span, when

NOW = 1_800_000_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (0, "just now"), (MINUTE - 1, "just now"), (1 - MINUTE, "just now"), (MINUTE, "1 minute ago"), (-MINUTE, "in 1 minute"),
        (47 * HOUR, "47 hours ago"), (-2 * HOUR, "in 2 hours"), (3 * DAY, "3 days ago"), (-60 * DAY, "in 2 months"),
        (800 * DAY, "2 years ago"),
    ],
)  # fmt: skip
def test_how_long_ago_or_until_then(passed: int, words: str):
    assert ago(NOW - passed, NOW) == words
    assert when(NOW - passed, NOW).endswith(f">{words}</time>")


def test_programs_are_told_the_second():
    then = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert when(then, then) == '<time datetime="2026-11-20T15:30:00+00:00">just now</time>'
    assert moment(then) == '<time datetime="2026-11-20T15:30:00+00:00">20 November 2026, 15:30 UTC</time>'


def test_what_is_to_come_lasts_no_time():
    assert span(NOW + HOUR, NOW) == "0 minutes"
