from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.github import routes
from app.github.errors import RateLimited
from app.github.limits import Limits, Pace
from app.github.routes import Route
from tests.github.fake import Clock

READ, WRITE, COMMENT = routes.ISSUE, routes.ADD_LABELS, routes.CREATE_COMMENT
PATIENT = 10.0**9


def pace(clock: Clock, **changes: float) -> Pace:
    limits = replace(Limits(patience=PATIENT), **changes)
    return Pace(limits, clock=clock, sleep=clock.sleep)


async def times(pace: Pace, clock: Clock, route: Route, count: int) -> list[float]:
    """When each of `count` calls in a row went, from the first on."""
    began, went = clock.now, []
    for _ in range(count):
        await pace.enter(route)
        went.append(clock.now - began)
    return went


def most(went: list[float], seconds: float) -> int:
    """The most in any window."""
    return max(sum(start <= moment < start + seconds for moment in went) for start in went)


async def test_a_few_writes_at_once_then_one_a_second(clock: Clock) -> None:
    assert await times(pace(clock), clock, WRITE, 8) == [0, 0, 0, 0, 0, 1, 2, 3]


async def test_a_rest_fills_the_burst_again(clock: Clock) -> None:
    paced = pace(clock)
    await times(paced, clock, WRITE, 5)
    clock.now += 3
    assert await times(paced, clock, WRITE, 5) == [0, 0, 0, 1, 2]


async def test_reads_are_not_spaced(clock: Clock) -> None:
    assert await times(pace(clock), clock, READ, 150) == [0] * 150


async def test_comments_stay_below_what_github_allows_a_minute_and_an_hour(clock: Clock) -> None:
    went = await times(pace(clock, write_burst=1000, writes_per_second=1000), clock, COMMENT, 900)
    assert (most(went, 60), most(went, 3600)) == (60, 400)


async def test_points_stay_below_900_a_minute(clock: Clock) -> None:
    paced = pace(clock, write_burst=1000, writes_per_second=1000)
    reads = await times(paced, clock, READ, 3000)
    assert 600 <= most(reads, 60) <= 800
    writes = await times(paced, clock, WRITE, 600)
    assert 120 <= most(writes, 60) <= 160


async def test_graphql_has_its_own_points(clock: Clock) -> None:
    paced = pace(clock)
    await times(paced, clock, READ, 200)
    assert await times(paced, clock, routes.GRAPHQL_QUERY, 400) == [0] * 400


async def test_a_share_scales_all_of_it_and_may_change(clock: Clock) -> None:
    paced = pace(clock)
    paced.share = 0.2
    assert await times(paced, clock, WRITE, 3) == pytest.approx([0, 5, 10])
    paced.share = 1.0
    clock.now += 100
    assert await times(paced, clock, WRITE, 7) == [0, 0, 0, 0, 0, 1, 2]


async def test_a_share_scales_comments(clock: Clock) -> None:
    paced = pace(clock, write_burst=1000, writes_per_second=1000)
    paced.share = 0.1
    went = await times(paced, clock, COMMENT, 90)
    assert (most(went, 60), most(went, 3600)) == (6, 40)


async def test_those_who_come_together_go_one_after_another(clock: Clock) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    paced = Pace(Limits(patience=PATIENT), clock=clock, sleep=sleep)
    await asyncio.gather(*(paced.enter(WRITE) for _ in range(9)))
    assert waits == [1, 2, 3, 4]


async def test_a_long_wait_is_handed_back_and_takes_nothing(clock: Clock) -> None:
    paced = Pace(Limits(patience=2), clock=clock, sleep=clock.sleep)
    paced.pause(30)
    for _ in range(20):
        with pytest.raises(RateLimited) as caught:
            await paced.enter(WRITE)
        assert caught.value.retry_after == pytest.approx(30)
    clock.now += 30
    assert await times(paced, clock, WRITE, 5) == [0] * 5


async def test_a_pause_holds_reads_too_and_ends(clock: Clock) -> None:
    paced = pace(clock)
    paced.pause(7)
    assert await times(paced, clock, READ, 2) == [7, 7]


async def test_a_pause_that_comes_while_somebody_waits_holds_him_too(clock: Clock) -> None:
    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        if len(clock.slept) == 1:
            paced.pause(20)

    paced = Pace(Limits(patience=PATIENT), clock=clock, sleep=sleep)
    assert await times(paced, clock, WRITE, 6) == [0, 0, 0, 0, 0, 21]


async def test_pauses_are_of_one_installation_only(clock: Clock) -> None:
    paused, other = pace(clock), pace(clock)
    paused.pause(60)
    assert await times(other, clock, WRITE, 1) == [0]


def headers(remaining: int, reset: float, limit: int = 5000, resource: str = "core") -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(int(reset)),
        "x-ratelimit-resource": resource,
    }


async def test_optional_work_waits_at_the_floor_and_commands_go_on(clock: Clock) -> None:
    paced = pace(clock, patience=5)
    paced.learn(headers(499, clock.now + 600))
    with pytest.raises(RateLimited) as caught:
        await paced.enter(READ, optional=True)
    assert caught.value.retry_after == pytest.approx(600, abs=1)
    await paced.enter(READ)
    await paced.enter(WRITE)
    clock.now += 600
    await paced.enter(READ, optional=True)


async def test_nobody_calls_when_nothing_is_left_until_it_is_reset(clock: Clock) -> None:
    paced = pace(clock)
    paced.learn(headers(0, clock.now + 600))
    assert await times(paced, clock, routes.GRAPHQL_QUERY, 1) == [0]
    assert await times(paced, clock, READ, 1) == [600]


def test_answers_that_overtake_each_other(clock: Clock) -> None:
    paced, seen = pace(clock), []
    for remaining, reset in [(10, 100), (12, 100), (9, 100), (4999, 3700), (8, 100)]:
        paced.learn(headers(remaining, clock.now + reset))
        budget = paced.budget()
        assert budget is not None
        seen.append(budget.remaining)
    assert seen == [10, 10, 9, 4999, 4999]


@pytest.mark.parametrize("broken", [{}, {"x-ratelimit-remaining": "many", "x-ratelimit-reset": "1"}])
def test_headers_without_numbers_are_passed_over(clock: Clock, broken: dict[str, str]) -> None:
    paced = pace(clock)
    paced.learn(broken)
    assert paced.budget() is None


def test_refusals_without_a_time_double_the_pause_until_one_succeeds(clock: Clock) -> None:
    paced, waits = pace(clock), []
    for _ in range(7):
        fault = RateLimited("secondary", 60, told=False)
        paced.limited(fault)
        waits.append(fault.retry_after)
        clock.now += fault.retry_after
    assert waits == [60, 120, 240, 480, 960, 960, 960]
    paced.succeeded()
    fault = RateLimited("secondary", 60, told=False)
    paced.limited(fault)
    assert fault.retry_after == 60


def test_calls_already_under_way_are_one_refusal(clock: Clock) -> None:
    paced = pace(clock)
    faults = [RateLimited("secondary", 60, told=False) for _ in range(10)]
    for fault in faults:
        paced.limited(fault)
    assert [fault.retry_after for fault in faults] == [60] * 10


async def test_unlimited_waits_for_nothing_but_what_the_server_says(clock: Clock) -> None:
    paced = Pace(Limits.unlimited(), clock=clock, sleep=clock.sleep)
    assert await times(paced, clock, COMMENT, 2000) == [0] * 2000
    paced.pause(3)
    assert await times(paced, clock, COMMENT, 1) == [3]


@given(
    st.lists(st.tuples(st.sampled_from([READ, WRITE, COMMENT]), st.floats(0, 30)), min_size=1, max_size=120),
    st.sampled_from([1.0, 0.5, 0.25]),
)
def test_no_order_of_calls_breaks_githubs_numbers(calls: list[tuple[Route, float]], share: float) -> None:
    clock = Clock()
    paced = pace(clock)
    paced.share = share
    went: list[tuple[Route, float]] = []

    async def run() -> None:
        for route, rest in calls:
            await paced.enter(route)
            went.append((route, clock.now))
            clock.now += rest

    asyncio.run(run())
    writes = [moment for route, moment in went if route.write]
    assert not writes or most(writes, 60) <= 66 * share + 1
    start = went[0][1]
    assert sum(route.points for route, moment in went if moment < start + 60) <= 900 * share
