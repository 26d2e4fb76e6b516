from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.github.cache import Cache, Entry

URL = "https://api.github.test/repos/o/r/labels"


def entry(text: str) -> Entry:
    return ("etag", None, text, None)


def test_installations_do_not_share() -> None:
    cache = Cache()
    one, two = cache.of(1), cache.of(2)
    one[URL] = entry("secret of one")
    assert URL not in two
    two[URL] = entry("of two")
    assert (one[URL][2], two[URL][2]) == ("secret of one", "of two")
    assert (list(one), len(two)) == ([URL], 1)
    del one[URL]
    assert URL in two
    with pytest.raises(KeyError):
        one[URL]


def test_the_one_used_longest_ago_goes_first() -> None:
    cache = Cache(most=2)
    part = cache.of(1)
    part["a"], part["b"] = entry("a"), entry("b")
    assert part["a"][2] == "a"
    part["c"] = entry("c")
    assert list(part) == ["a", "c"]


def test_bytes_are_bounded() -> None:
    cache = Cache(size=3000, largest=2000)
    part = cache.of(1)
    part["a"], part["b"] = entry("x" * 1000), entry("x" * 1000)
    part["c"] = entry("x" * 1000)
    assert list(part) == ["b", "c"]
    part["huge"] = entry("x" * 2001)
    assert "huge" not in part


def test_what_grew_too_large_is_forgotten() -> None:
    part = Cache(largest=1000).of(1)
    part["a"] = entry("old")
    part["a"] = entry("x" * 1001)
    assert "a" not in part


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from("abcdef"), st.integers(0, 900), st.booleans())))
def test_the_sum_is_right_whatever_happens(steps: list[tuple[int, str, int, bool]]) -> None:
    cache = Cache(most=6, size=4000, largest=1200)
    for installation, url, size, drop in steps:
        if drop:
            cache.drop((installation, url))
        else:
            cache.of(installation)[url] = entry("x" * size)
        kept = [400 + len(key[1]) + len(cache.get(key)[2]) for key in list(cache)]
        assert cache.size == sum(kept) <= 4000
        assert len(cache) <= 6
