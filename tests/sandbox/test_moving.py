"""The clock of the demo, and when its calls are."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.sandbox.moving import MovingClock, Timetable
from app.wiring import DemoClock, clock

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)
TABLE = Timetable(date(2026, 10, 21), time(16), ZoneInfo("Europe/Berlin"), timedelta(hours=1))


def test_it_goes_forward_only(tmp_path: Path) -> None:
    moving = MovingClock(None, lambda: NOON)
    moving.move(timedelta(hours=-1))
    moving.move_to(NOON - timedelta(days=1))
    assert moving() == NOON
    moving.move_to(datetime(2026, 10, 21, 16, tzinfo=TABLE.zone))
    assert moving() == datetime(2026, 10, 21, 14, tzinfo=UTC)


def test_rounds_reads_how_far_it_went(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    moving, read = MovingClock(file), DemoClock(file)
    before = clock()
    assert before <= read() <= clock()
    moving.move(timedelta(days=7))
    assert before <= read() - 7 * 86_400_000 <= clock()
    moving.move(timedelta(hours=1))
    assert before <= read() - 7 * 86_400_000 - 3_600_000 <= clock()
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]


async def test_it_rings_when_it_was_put_forward(tmp_path: Path) -> None:
    moving, rung = MovingClock(tmp_path / "clock"), asyncio.Event()
    following = asyncio.create_task(DemoClock(tmp_path / "clock").follow(rung.set))
    await asyncio.sleep(0)
    assert not rung.is_set()
    moving.move(timedelta(days=1))
    async with asyncio.timeout(20):
        await rung.wait()
    following.cancel()


@pytest.mark.parametrize("text", ["", "x", "-5", "1.5"])
def test_what_is_no_distance_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "clock"
    file.write_text(text, encoding="ascii")
    assert abs(DemoClock(file)() - clock()) < 5_000


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        (NOON, (21, 14), (21, 15)),
        (datetime(2026, 10, 21, 14, tzinfo=UTC), (28, 15), (21, 15)),
        (datetime(2026, 10, 21, 14, 59, tzinfo=UTC), (28, 15), (21, 15)),
        (datetime(2026, 10, 21, 15, tzinfo=UTC), (28, 15), (28, 16)),
    ],
)
def test_calls_keep_the_wall_clock_of_their_zone(now: datetime, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Summer time ends between the two."""
    assert TABLE.next(now).astimezone(UTC) == datetime(2026, 10, *start, tzinfo=UTC)
    assert TABLE.end(now).astimezone(UTC) == datetime(2026, 10, *end, tzinfo=UTC)
