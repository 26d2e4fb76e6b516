"""What the database finds by a filter is what the filter says: compared with the same rules applied to each issue in Python."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest
import sqlalchemy as sa

from app.core.filter import Filter, from_words, parse
from app.core.filter_explain import Sight, explain
from app.core.qualifiers import SORTS
from app.store import facets, filters, issue_list, links, text_search
from app.store import tables as t
from app.store.database import Database
from app.store.filters import Scope
from app.store.issue_list import Row
from tests.engine.fakes import statements
from tests.store import issues_of

WORD = re.compile(r"[^\W_]+")
SCOPE = Scope((issues_of.CORE, issues_of.WEB), issues_of.NOW, "Mia")
PARTS = (
    "label:bug", "-label:bug", "label:kind/*", "-label:KIND/*", "label:bug,area/api", 'label:"good, first"', 'label:"-odd"',
    "label:none", "label:secret", "-label:secret", "no:label", "-no:label", "milestone:v1.0", "milestone:2", "-milestone:v1.0",
    "no:milestone", "-no:milestone", "milestone:none,v2.0", "milestone:nowhere", "assignee:mia", "-assignee:ROB", "assignee:@me",
    "-assignee:@me", "no:assignee", "assignee:*", "assignee:none,zoe", "assignee:ghost", "author:rob", "-author:mia,rob",
    "author:@me", "author:*", "author:app/dependabot", "repo:ACME/core", "-repo:acme/core", "org:acme", "repo:other/secret",
    "is:pr", "is:issue", "is:draft", "-is:draft", "is:locked", "is:triaged", "is:untriaged", "no:response", "-no:response",
    "waiting:us", "waiting:us,author", "-waiting:us", "waiting:nobody", "age:30d..90d", "age:>30d", "age:<7d", "quiet:>5d",
    "quiet:<1d", "created:2026-10-20..2026-11-14", "created:>2026-11-13", "updated:<=2026-11-19", "closed:>=2026-10-01",
    "is:closed", "state:all", "crash", '"out of"', "-memory", "nowhere", "-nowhere", "b/v1", "it's", "100%", "UNDER_score",
)  # fmt: skip


@pytest.fixture
def world(database: Database) -> Database:
    issues_of.build(database)
    return database


def spread(text: str) -> str:
    """Its words, each between blanks."""
    return f" {' '.join(WORD.findall(text.lower()))} "


def expected(wanted: Filter, every: list[Row], texts: dict[tuple[int, int], str]) -> set[tuple[int, int]]:
    """Each issue that can be seen, asked one by one."""
    found = set()
    for row in every:
        words = spread(texts[row.repository_id, row.number])
        has = {one.values[0] for one in wanted.of("q") if spread(one.values[0]) in words}
        if all(why.holds for why in explain(wanted, row.subject, Sight(issues_of.NOW, "mia", has))):
            found.add((row.repository_id, row.number))
    return found


def everything(conn: sa.Connection) -> tuple[list[Row], dict[tuple[int, int], str]]:
    keys = conn.execute(sa.select(t.issue.c.repository_id, t.issue.c.number).where(~t.issue.c.removed)).all()
    rows = issue_list.rows(conn, [tuple(key) for key in keys if key[0] in SCOPE.repositories])
    texts = {
        (row.repository_id, row.number): f"{row.title} / {row.body}" for row in conn.execute(sa.select(t.issue_text))
    }
    return rows, texts


def some_filters() -> list[Filter]:
    chance = Random(3)
    texts = [*PARTS, *(" ".join(chance.sample(PARTS, chance.randint(2, 4))) for _ in range(100))]
    parsed = [from_words(text) for text in texts]
    return [one.filter for one in parsed if not one.slips]


@pytest.mark.parametrize("few", [0, links.FEW])
def test_what_is_found_is_what_the_filter_says(world: Database, monkeypatch: pytest.MonkeyPatch, few: int):
    """Both ways round in which links are looked for."""
    monkeypatch.setattr(links, "FEW", few)
    hits = 0
    with world.reading() as conn:
        every, texts = everything(conn)
        for wanted in some_filters():
            keys = expected(wanted, every, texts)
            page = issue_list.page(conn, wanted, SCOPE, 1000)
            assert {(row.repository_id, row.number) for row in page.rows} == keys, wanted
            assert issue_list.count(conn, wanted, SCOPE) == len(keys), wanted
            hits += bool(keys)
    assert hits > 100


def test_the_counts_of_facets_are_those_of_the_filters_that_they_lead_to(world: Database):
    with world.reading() as conn:
        for wanted in some_filters()[::12]:
            found = facets.of(conn, wanted, SCOPE)
            assert found.total == issue_list.count(conn, wanted, SCOPE)
            for key, values in found.by.items():
                for value in values:
                    left = issue_list.count(conn, wanted.with_(value.clause), SCOPE)
                    narrowed = issue_list.count(conn, wanted.narrowed(value.clause), SCOPE)
                    assert value.count == (left if key in {"label", "assignee", "age"} else min(left, narrowed)), (
                        wanted,
                        value,
                    )
            for key in ("repo", "milestone", "waiting", "kind", "age"):
                assert sum(value.count for value in found.by.get(key, ())) == found.total


def test_facets_agree_with_the_rows(world: Database):
    with world.reading() as conn:
        rows = issue_list.page(conn, Filter(), SCOPE, 1000).rows
        found = facets.of(conn, Filter(), SCOPE).by
    labels = Counter(label.name for row in rows for label in row.labels)
    people = Counter(login for row in rows for login in row.subject.assignees)
    assert {value.name: value.count for value in found["label"]} == labels
    assert {value.name: value.count for value in found["assignee"]} == people
    assert [value.count for value in found["label"]] == sorted(labels.values(), reverse=True)


def test_too_many_are_not_counted_by_value(world: Database, monkeypatch: pytest.MonkeyPatch):
    with world.reading() as conn:
        total = issue_list.count(conn, Filter(), SCOPE)
        monkeypatch.setattr(facets, "MOST", total)
        assert facets.of(conn, Filter(), SCOPE).by
        monkeypatch.setattr(facets, "MOST", total - 1)
        assert facets.of(conn, Filter(), SCOPE) == facets.Facets(total, {})


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_each_issue_once_in_order(world: Database, sort: str):
    wanted = Filter(sort=sort, state="all")
    with world.reading() as conn:
        whole = issue_list.page(conn, wanted, SCOPE, 1000)
        pages, after = [], ""
        while True:
            page = issue_list.page(conn, parse([("sort", sort), ("state", "all"), ("after", after)]).filter, SCOPE, 7)
            pages += page.rows
            after = page.after
            if not after:
                break
    assert whole.after == ""
    assert pages == list(whole.rows)
    key = {
        "oldest": lambda row: row.subject.created_at,
        "newest": lambda row: -row.subject.created_at.timestamp(),
        "updated": lambda row: -row.subject.updated_at.timestamp(),
        "quiet": lambda row: row.subject.updated_at,
        "comments": lambda row: -row.comments,
        "reactions": lambda row: -row.reactions,
        "waiting": lambda row: row.waiting_since.timestamp() if row.waiting_since else float("inf"),
    }[sort]
    assert [key(row) for row in pages] == sorted(key(row) for row in pages)


def test_pages_of_any_filter_hold_all_that_it_means_once(world: Database):
    """Whatever the size of a page; and pages of one filter never hold what another page had."""
    chance = Random(5)
    with world.reading() as conn:
        for one in some_filters()[::9]:
            wanted = one.put(sort=chance.choice(list(SORTS)))
            whole, most = issue_list.page(conn, wanted, SCOPE, 1000).rows, chance.randint(1, 9)
            found, after = [], ""
            while page := issue_list.page(conn, wanted.put(after=after), SCOPE, most):
                found += page.rows
                after = page.after
                assert len(page.rows) == most or not after
                if not after:
                    break
            assert found == list(whole), wanted


def test_for_a_page_and_for_all_of_them_names_are_looked_up_once(world: Database):
    wanted = from_words("is:closed repo:acme/core label:bug milestone:v1.0").filter
    with world.reading() as conn, statements(world, ["FROM label ", "FROM milestone ", "FROM repository "]) as seen:
        page, whole = filters.for_page_and_whole(conn, wanted, SCOPE)
        assert len(seen) == 3
        assert issue_list.page(conn, wanted, SCOPE, 1000, page) == issue_list.page(conn, wanted, SCOPE, 1000)
        assert issue_list.count(conn, wanted, SCOPE, whole) == issue_list.count(conn, wanted, SCOPE) > 0


def test_what_a_list_shows_of_its_issues_takes_as_many_statements_for_all_as_for_a_few(world: Database):
    with world.reading() as conn:
        every, _ = everything(conn)
        keys = [(row.repository_id, row.number) for row in every]
        for some in (keys, keys[:20]):
            with statements(world, ["SELECT"]) as seen:
                assert [(row.repository_id, row.number) for row in issue_list.rows(conn, some)] == some
            assert len(seen) == 4


def test_what_may_not_be_seen_changes_nothing(world: Database):
    nobody = Scope((), issues_of.NOW)
    with world.reading() as conn:
        for wanted in some_filters()[::10]:
            assert issue_list.page(conn, wanted, nobody, 10) == ((), "")
            assert issue_list.count(conn, wanted, nobody) == 0
            assert facets.of(conn, wanted, nobody) == facets.Facets(0, {})
        before = [facets.of(conn, wanted, SCOPE) for wanted in some_filters()[::10]]
    with world.transaction() as conn:
        conn.execute(sa.delete(t.issue).where(t.issue.c.repository_id == issues_of.SECRET))
        conn.execute(sa.delete(t.open_label).where(t.open_label.c.repository_id == issues_of.SECRET))
    with world.reading() as conn:
        assert [facets.of(conn, wanted, SCOPE) for wanted in some_filters()[::10]] == before


HOSTILE = (
    '"', "'", '" OR 1=1', "title:crash", "crash*", "NEAR(a b)", "a AND b", "^crash", "-crash", "{title}: x", "(", ")", "'; DROP",
    "\\", "a\\'b", "!", "&|!<->", ":*", "crash:*", "%", "%s", ":phrase", "é", "ß", "日本語", "x" * 2000, "🙂", "a\u0301",
    "\u0661",
)  # fmt: skip


@pytest.mark.parametrize("phrase", HOSTILE)
def test_no_text_is_a_mistake_in_the_language_of_the_search(world: Database, phrase: str):
    with world.reading() as conn:
        for negated in (False, True):
            found = text_search.found(conn, phrase, negated=negated)
            conn.execute(sa.select(sa.func.count()).select_from(t.issue).where(found)).scalar_one()
        wanted = from_words(phrase).filter
        assert issue_list.count(conn, wanted, SCOPE) >= 0


def test_words_are_found_in_title_and_text_and_across_signs(world: Database):
    with world.transaction() as conn:
        row = {"repository_id": issues_of.CORE, "number": 5000, "id": 5000, "title": "Élan (of): path/to-file.txt"}
        when = issues_of.milliseconds(issues_of.NOW)
        conn.execute(sa.insert(t.issue), [{**row, "author_id": 1, "created_at": when, "updated_at": when}])
        body = "snake_case e-mail: a@b.example, https://x.example/y?z=1 v10.2-rc1"
        conn.execute(
            sa.insert(t.issue_text),
            [{"repository_id": issues_of.CORE, "number": 5000, "title": row["title"], "body": body}],
        )
    found = (
        "élan",
        "file",
        '"path to file"',
        "to-file",
        "txt",
        "snake",
        "case",
        "x.example/y",
        "z=1",
        "rc1",
        "v10.2",
        '"z 1 v10"',
    )
    missing = ("fil", '"to path"', "snakecase", "v1")
    with world.reading() as conn:
        for text in (*found, *missing):
            page = issue_list.page(conn, from_words(text).filter, Scope((issues_of.CORE,), issues_of.NOW), 100)
            assert (5000 in [row.number for row in page.rows]) is (text in found), text


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("", "ix_issue_open"),
        ("repo:acme/core age:>30d", "ix_issue_open"),
        ("is:untriaged is:issue", "ix_issue_untriaged"),
        ("waiting:us sort:waiting", "ix_issue_waiting"),
    ],
)
def test_what_is_open_is_found_by_an_index_of_what_is_open(world: Database, text: str, index: str):
    """Without statistics, as SQLite is. It takes a partial index only where its condition stands in the query as it is there."""
    if not world.is_sqlite:
        return
    with world.reading() as conn:
        query = (
            sa.select(sa.func.count()).select_from(t.issue).where(*filters.where(conn, from_words(text).filter, SCOPE))
        )
        sql = str(query.compile(conn, compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[-1] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))
    assert f"COVERING INDEX {index}" in plan
