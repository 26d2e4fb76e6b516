from __future__ import annotations

from dataclasses import replace

import pytest

from app.store import configs
from app.store.configs import ConfigFile

PATH = ".github/rounds.yml"
FILE = ConfigFile(77, PATH, "sha", "version: 1", "version: 1", "", read_at=5)


def test_a_file_is_kept_as_read_and_replaced_by_a_later_reading(database):
    with database.transaction() as conn:
        assert configs.get(conn, 77, PATH) is None
        configs.put(conn, FILE)
        assert configs.get(conn, 77, PATH) == FILE
        assert configs.get(conn, 78, PATH) is None
        assert configs.get(conn, 77, "rounds.yml") is None
        broken = replace(FILE, sha=None, text="{", problems="1:1: no", read_at=6)
        configs.put(conn, broken)
        assert configs.get(conn, 77, PATH) == broken


def test_who_began_to_read_earlier_comes_too_late(database):
    newer = replace(FILE, text="new", good_text="new", read_at=9)
    with database.transaction() as conn:
        configs.put(conn, newer)
        configs.put(conn, FILE)
        assert configs.get(conn, 77, PATH) == newer


def test_after_a_push_a_file_is_stale_until_it_is_read_again(database):
    with database.transaction() as conn:
        configs.put(conn, FILE)
        configs.put(conn, replace(FILE, repository_id=78))
        configs.mark_stale(conn, 77)
        kept = configs.get(conn, 77, PATH)
        assert kept is not None
        assert (kept.stale, kept.good_text) == (True, "version: 1")
        other = configs.get(conn, 78, PATH)
        assert other is not None
        assert not other.stale
        configs.put(conn, FILE)
        assert configs.get(conn, 77, PATH) == FILE


def test_those_under_a_folder_are_found_made_stale_and_forgotten(database):
    one, other = (replace(FILE, path=f".github/meetings/{name}.yml") for name in ("a", "b_b"))
    with database.transaction() as conn:
        for file in (FILE, one, other, replace(one, repository_id=78)):
            configs.put(conn, file)
        assert configs.under(conn, ".github/meetings/", 77) == [one, other]
        assert [file.repository_id for file in configs.under(conn, ".github/meetings/")] == [77, 77, 78]
        configs.mark_stale(conn, 77, ".github/meetings/b_")
        assert [file.stale for file in configs.under(conn, "", 77)] == [False, True, False]
        configs.forget(conn, 77, [one.path])
        assert [file.path for file in configs.under(conn, "", 77)] == [other.path, PATH]


def test_the_broken_ones_are_listed(database):
    with database.transaction() as conn:
        configs.put(conn, FILE)
        configs.put(conn, replace(FILE, repository_id=78, problems="1:1: no"))
        assert [file.repository_id for file in configs.broken(conn)] == [78]


@pytest.mark.parametrize(
    ("text", "kept"), [("a\0b", "a\ufffdb"), ("\ud800", "?"), ("\U0001f600", "\U0001f600"), ("", "")]
)
def test_any_text_can_be_kept(database, text, kept):
    with database.transaction() as conn:
        configs.put(conn, replace(FILE, text=text, problems=text))
        found = configs.get(conn, 77, PATH)
    assert found is not None
    assert (found.text, found.problems) == (kept, kept)
