from __future__ import annotations

from typing import Any

import pytest

from app.engine import again
from app.engine.again import at_last, pause, until_done
from app.errors import Permanent, Unavailable
from app.github.errors import Suspended
from tests.engine.fakes import FakeDurable

LATER = {"retry_after": None, "reason": "502", "limited": False}
LIMIT = {"retry_after": 60.0, "reason": "the limit", "limited": True}
DONE = {"after": 1}


class Writes:
    """Answers in turn; the last one for ever. `told`: whether each was a repeated one."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.told: list[bool] = []

    async def __call__(self, repeated: bool) -> dict[str, Any]:
        self.told.append(repeated)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def test_what_succeeds_at_once_is_one_step():
    durable, write = FakeDurable(), Writes(DONE)
    assert await until_done(durable, "0 AddLabels", write) == DONE
    assert (durable.recorded, durable.slept, write.told) == (["0 AddLabels"], [], [False])


async def test_each_try_is_a_step_and_later_ones_know_that_they_repeat():
    durable, write = FakeDurable(), Writes(LATER, LATER, DONE)
    assert await until_done(durable, "reply", write) == DONE
    assert (durable.recorded, durable.slept, write.told) == (["reply"] * 3, [1.0, 2.0], [False, True, True])


async def test_failures_end_as_permanent_with_the_reason():
    durable, write = FakeDurable(), Writes(LATER)
    with pytest.raises(Permanent, match=r"did not take 0 Close in 14 tries: 502"):
        await until_done(durable, "0 Close", write)
    assert len(write.told) == again.TRIES
    assert 25 * 60 < sum(durable.slept) < 35 * 60


async def test_limits_are_no_failures_but_end_one_day():
    durable, write = FakeDurable(), Writes(*[LIMIT] * 50, DONE)
    assert await until_done(durable, "0 Close", write) == DONE
    assert durable.slept == [60.0] * 50
    with pytest.raises(Permanent, match="the limit"):
        await until_done(FakeDurable(), "0 Close", endless := Writes(LIMIT))
    assert len(endless.told) == again.WAITS


async def test_a_refusal_is_an_answer():
    assert await until_done(FakeDurable(), "0 Close", Writes({"refused": "No."})) == {"refused": "No."}


async def test_a_suspended_installation_ends_it_at_once():
    durable = FakeDurable()
    with pytest.raises(Suspended) as caught:
        await until_done(durable, "0 Close", Writes({"suspended": 5}))
    assert (caught.value.installation, durable.slept) == (5, [])


async def test_who_wants_to_know_is_told_of_every_wait():
    waits: list[float] = []

    async def waiting(seconds: float) -> None:
        waits.append(seconds)

    durable = FakeDurable()
    await until_done(durable, "0 Close", Writes(LIMIT, LATER, DONE), waiting)
    assert waits == durable.slept == [60.0, 1.0]


@pytest.mark.parametrize(
    ("failures", "asked", "seconds"),
    [(0, None, 1), (1, None, 1), (4, None, 8), (30, None, again.LONGEST_PAUSE), (1, 60.0, 60), (5, 0.0, 16), (3, -7.0, 4),
     (0, 0.0, 1), (2, 7_200.0, 7_200)],
)  # fmt: skip
def test_pauses_double_and_are_never_shorter_than_asked_for(failures, asked, seconds):
    assert pause(failures, asked) == seconds


async def test_our_own_database_is_awaited_however_long_it_is_away():
    slept: list[float] = []
    answers = [Unavailable("away")] * 20

    async def work() -> str:
        if answers:
            raise answers.pop()
        return "there"

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    assert await at_last(work, sleep) == "there"
    assert len(slept) == 20
    assert max(slept) == 5.0
    assert slept == sorted(slept)


async def test_what_will_not_pass_is_not_awaited():
    async def work() -> None:
        raise Permanent("no")

    with pytest.raises(Permanent):
        await at_last(work)
