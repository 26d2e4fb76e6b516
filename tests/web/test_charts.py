from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from app.core.forecast import Forecast
from app.web.burnup import Step, burnup, in_words
from app.web.charts import BROAD, NARROW, Bar, Point, Series, bars, lines, spark
from app.web.svg import spread, ticks

HOSTILE = "<script>alert(\"1\")</script> & 'x' ]]>"
SVG = ("title", "desc", "a", "rect", "path", "text", "defs", "pattern", "circle", "g", "polygon", "svg")
names = st.text(st.characters(exclude_categories=["C"]), max_size=30) | st.just(HOSTILE)


def read(drawn: Markup) -> ET.Element:
    """As XML: it is well-formed, and nothing is in it that we did not mean."""
    tree = ET.fromstring(drawn)
    assert {one.tag for one in tree.iter()} <= set(SVG)
    assert not [key for one in tree.iter() for key in one.attrib if key == "style" or key.startswith("on")]
    return tree


def labelled(tree: ET.Element, attribute: str) -> str:
    return next(one.text or "" for one in tree.iter() if one.get("id") == tree.get(attribute))


@given(st.lists(st.tuples(names, st.integers(0, 10**6)), max_size=8), names)
def test_bars_are_links_as_high_as_what_they_count(given: list[tuple[str, int]], title: str):
    chart = bars(
        "ages",
        title,
        [Bar(name, count, f"{count} of {name}", f"/issues?q={place}") for place, (name, count) in enumerate(given)],
        "issues",
    )
    for drawn, width in ((chart.broad, BROAD), (chart.narrow, NARROW)):
        tree = read(drawn)
        assert (tree.get("width"), labelled(tree, "aria-labelledby")) == (str(width), title)
        links = list(tree.iter("a"))
        assert [(one.get("href"), one.get("aria-label")) for one in links] == [
            (f"/issues?q={place}", f"{count} of {name}") for place, (name, count) in enumerate(given)
        ]
        heights = [float(one.get("height", 0)) for one in tree.iter("rect") if one.get("class") == "bar"]
        most = max((count for _, count in given), default=0)
        for height, (_, count) in zip(heights, given, strict=True):
            assert height == 0 if count == 0 else height == pytest.approx(max(152 * count / most, 2), abs=0.1)
    assert [row[1] for row in chart.rows] == [(f"{count:,}", f"/issues?q={n}") for n, (_, count) in enumerate(given)]


@given(st.lists(st.none() | st.floats(0, 10**9), min_size=1, max_size=60), names)
def test_lines_stay_in_their_picture_and_break_where_nothing_is_known(values: list[float | None], name: str):
    points = [Point(name, f"{name} {value}", "/issues") for value in values]
    chart = lines("flow", name, points, [Series(name, values)])
    for drawn in (chart.broad, chart.narrow):
        tree = read(drawn)
        shapes = [one for one in tree.iter() if one.get("class") in {"line first", "dot first"}]
        drawn_points = [point for one in shapes for point in places(one)]
        assert len(drawn_points) == sum(value is not None for value in values)
        assert all(0 <= x <= float(tree.get("width", 0)) and 13 <= y <= 177 for x, y in drawn_points)
        known = "".join("x" if value is not None else " " for value in values).split()
        assert len(shapes) == len(known)
    assert [row[1] == "–" for row in chart.rows] == [value is None for value in values]


def places(shape: ET.Element) -> list[tuple[float, float]]:
    if shape.tag == "circle":
        return [(float(shape.get("cx", 0)), float(shape.get("cy", 0)))]
    moves = [tuple(map(float, pair.split())) for pair in shape.get("d", "")[1:].split("l")]
    return list(accumulate(moves, lambda at, by: (at[0] + by[0], at[1] + by[1])))


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=200))
def test_a_line_goes_through_its_values_however_long_it_is(values: list[int]):
    chart = lines("flow", "t", [Point("1 Jun", "one") for _ in values], [Series("s", values)])
    for drawn, width in ((chart.broad, BROAD), (chart.narrow, NARROW)):
        tree = read(drawn)
        (line,) = (places(one) for one in tree.iter("path") if one.get("class") == "line first")
        marks = [
            float(one.get("d", "").split()[1].split("H")[0]) for one in tree.iter("path") if "H" in one.get("d", "")
        ]
        most = ticks(max(values))[-1]
        left = float(next(one.get("d", "")[1:].split()[0] for one in tree.iter("path") if one.get("class") == "base"))
        step = (width - left) / len(values)
        for place, (x, y) in enumerate(line):
            assert x == pytest.approx(left + (place + 0.5) * step, abs=0.2)
            assert y == pytest.approx(max(marks) - 0.5 - 162 * values[place] / most, abs=0.3)


def test_what_is_pointed_at_leaves_no_gaps():
    points = [Point("1 Jun", "one", "/issues") for _ in range(52)]
    tree = read(lines("flow", "t", points, [Series("s", range(52))]).broad)
    aims = [one for one in tree.iter("rect") if one.get("class") == "aim"]
    edges = [(int(one.get("x", 0)), int(one.get("x", 0)) + int(one.get("width", 0))) for one in aims]
    assert len(edges) == 52
    assert all(end >= begin for (_, end), (begin, _) in pairwise(edges))
    assert BROAD <= edges[-1][1] <= BROAD + 1


def test_the_running_week_is_hatched_only_where_there_is_one():
    points = [Point("1 Jun", "one"), Point("8 Jun", "two")]
    running, over = (lines("a", "t", points, [Series("s", [1, 2])], running=running) for running in (True, False))
    assert len(list(read(running.broad).iter("pattern"))) == 1
    assert "hatched" in running.note
    assert (len(list(read(over.broad).iter("pattern"))), over.note) == (0, "")
    hatch = next(one for one in read(running.broad).iter("rect") if (one.get("fill") or "").startswith("url"))
    assert float(hatch.get("x", 0)) + float(hatch.get("width", 0)) == pytest.approx(BROAD, abs=0.2)
    ids = {one.get("id") for one in read(running.broad).iter("pattern")}
    assert hatch.get("fill") in {f"url(#{id_})" for id_ in ids}


def test_no_id_is_twice_on_a_page():
    chart = lines("a", "t", [Point("1 Jun", "one")], [Series("s", [1])])
    other = bars("b", "t", [Bar("x", 1, "x")], "issues")
    pictures = [read(one) for one in (chart.broad, chart.narrow, other.broad, other.narrow)]
    ids = [one.get("id") for tree in pictures for one in tree.iter() if one.get("id")]
    assert len(ids) == len(set(ids)) == 10


def test_a_picture_without_links_is_one_image():
    assert read(bars("a", "t", [Bar("x", 1, "said")], "issues").broad).get("role") == "img"
    assert read(bars("a", "t", [Bar("x", 1, "said", "/x")], "issues").broad).get("role") == "group"


@given(st.lists(st.integers(0, 10**6), max_size=30), names)
def test_a_small_line_has_a_name(values: list[int], said: str):
    tree = read(spark(values, said))
    assert tree.get("aria-label") == said


@given(st.floats(0, 10**12))
def test_an_axis_holds_its_greatest_value_in_round_steps(most: float):
    marks = ticks(most)
    assert marks[0] == 0
    assert most <= marks[-1] * 1.000001
    assert 2 <= len(marks) <= 7
    assert len({round(high - low, 6) for low, high in pairwise(marks)}) == 1 or most > 10**9


@given(st.integers(1, 200), st.integers(1, 30))
def test_names_have_room_and_the_last_has_one(count: int, most: int):
    shown = spread(count, most)
    assert len(shown) <= most
    assert shown[-1] == count - 1


DAY = 86_400_000


def test_a_burnup_tells_the_forecast():
    steps = [Step(place * 7 * DAY, 10 + place, place) for place in range(6)]
    chart = burnup(steps, Forecast(3, 9), due=40 * DAY)
    tree = read(chart.broad)
    assert "5 of 15 closed" in labelled(tree, "aria-describedby")
    assert len([one for one in tree.iter("polygon") if one.get("class") == "range"]) == 1
    assert [row[1:] for row in chart.rows] == [(10 + place, place) for place in range(6)]
    assert not list(read(burnup(steps, None, None).broad).iter("polygon"))


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        (None, "Too few weeks"), (Forecast(None, None), "no end is in sight"), (Forecast(0, 0), "Everything is closed"),
        (Forecast(1, None), "Not before 8 January 1970"), (Forecast(1, 2), "between 8 January 1970 and 15 January 1970"),
    ],
)  # fmt: skip
def test_a_forecast_in_words(guess: Forecast | None, words: str):
    assert words in in_words(guess, 0)
