from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.forecast import LEAST, MOST, Forecast, forecast


@pytest.mark.parametrize(
    ("left", "closed", "added", "expected"),
    [
        (10, [2, 2, 2, 2], [0, 0, 0, 0], Forecast(5, 5)),
        (10, [3, 3, 3, 3], [1, 1, 1, 1], Forecast(5, 5)),
        (10, [1, 1, 1, 1], [1, 1, 1, 1], Forecast(None, None)),
        (10, [0, 0, 0, 0], [1, 1, 1, 1], Forecast(None, None)),
        (0, [0, 0, 0, 0], [0, 0, 0, 0], Forecast(0, 0)),
        (10, [2, 2, 2], [0, 0, 0], None),
        (10, [8, 0, 8, 0], [0, 0, 0, 0], Forecast(2, 7)),
    ],
)
def test_by_hand(left: int, closed: list[int], added: list[int], expected: Forecast | None):
    assert forecast(left, closed, added) == expected


weeks = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=LEAST, max_size=12)


@given(st.integers(0, 1000), weeks)
def test_the_better_case_is_not_later(left: int, pairs: list[tuple[int, int]]):
    found = forecast(left, [out for out, _ in pairs], [new for _, new in pairs])
    assert found is not None
    early, late = (MOST + 1 if one is None else one for one in found)
    assert 0 <= early <= late


@given(st.integers(0, 500), weeks)
def test_more_to_do_is_not_done_sooner(left: int, pairs: list[tuple[int, int]]):
    closed, added = [out for out, _ in pairs], [new for _, new in pairs]
    less, more = forecast(left, closed, added), forecast(left + 10, closed, added)
    assert less
    assert more
    for one, other in zip(less, more, strict=True):
        assert (MOST + 1 if one is None else one) <= (MOST + 1 if other is None else other)
