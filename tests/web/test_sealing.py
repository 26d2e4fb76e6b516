from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.sealing import unveiled, veiled


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_mark_is_spelled_anew_each_time_and_can_be_read(mark: str):
    spelled = {veiled(mark) for _ in range(3)}
    assert len(spelled) == 3
    assert {unveiled(one) for one in spelled} == {mark}


@pytest.mark.parametrize("spelled", ["", "é", "0" * 63, "no hex"])
def test_what_is_no_spelling_is_no_mark(spelled: str):
    assert unveiled(spelled) == ""
