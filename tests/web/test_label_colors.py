from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.label_colors import contrast, ink, sheet

colors = st.integers(0, 0xFFFFFF).map(lambda number: f"{number:06x}")


@given(colors)
def test_every_label_can_be_read(color: str):
    other = {"000000": "ffffff", "ffffff": "000000"}[ink(color)]
    assert contrast(ink(color), color) >= 4.5
    assert contrast(ink(color), color) >= contrast(other, color)


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("ffffff", "000000", 21), ("ffffff", "ffffff", 1), ("777777", "ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.005)


def test_one_class_for_each_label_and_no_more_than_its_colour():
    found = sheet([(7, "B60205"), (3, "b60205"), (9, "ffffff"), (11, "red;}*{display:none"), (12, "")])
    assert found == (
        ".l3,.l7{background:#b60205;color:#ffffff}\n"
        ".l11,.l12{background:#ededed;color:#000000}\n"
        ".l9{background:#ffffff;color:#000000}\n"
    )
