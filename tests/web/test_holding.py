from __future__ import annotations

from app.core.values import Label, Repository
from app.store import configs, mirror
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import NOBODY, PATH
from app.web import holding, queue_list
from app.web.desk import Asked
from app.web.pages import hygiene, labels
from tests.engine.fakes import statements
from tests.web.pages.hall import MEMBER, NOW, sign_in

OPEN = "visibility: {dashboard: public}\n"


def put(database: Database, *places: tuple[Repository, str]) -> None:
    """Repositories with the good texts of their files, "" for none."""
    with database.transaction() as conn:
        mirror.put_repositories(conn, 5, [one for one, _ in places], whole=False)
        for one, text in places:
            mirror.put_labels(conn, one.id, [Label(one.id, "bug", "ff0000")], whole=True, now=NOW)
            if text:
                configs.put(conn, ConfigFile(one.id, PATH, "sha", text, text, "", 1, dashboard="public"))


def test_its_own_file_holds_else_the_organizations_else_the_servers(database: Database):
    own, shared, hidden = (f"{OPEN}# {name}\n" for name in ("own", "shared", "hidden"))
    put(
        database,
        (Repository(1, "acme/own"), own),
        (Repository(2, "Acme/bare"), ""),
        (Repository(3, "acme/.GitHub"), shared),
        (Repository(4, "lone/bare"), ""),
        (Repository(5, "shut/bare"), ""),
        (Repository(6, "shut/own"), own),
        (Repository(7, "shut/.github", private=True), hidden),
        (Repository(8, "gone/bare"), ""),
        (Repository(9, "gone/.github"), shared),
    )
    with database.transaction() as conn:
        conn.execute(t.repository.update().where(t.repository.c.id == 9).values(removed=True))
        conn.execute(t.person.insert().values(id=MEMBER.person_id, login=MEMBER.login, bot=False))
        sign_in(conn, MEMBER, 7)
    asked = [1, 2, 3, 4, 5, 6, 8, 99]
    known = {1: own, 2: shared, 3: shared, 4: None, 6: own, 8: None}
    with database.reading() as conn:
        assert holding.texts(conn, NOBODY, asked) == known
        assert holding.texts(conn, MEMBER, asked) == {**known, 5: hidden}
        assert [holding.text(conn, NOBODY, id_) for id_ in (2, 4, 5, 99)] == [
            (True, shared), (True, None), (False, None), (False, None)
        ]  # fmt: skip


def test_pages_ask_no_more_of_more_repositories(database: Database):
    put(database, *((Repository(id_, f"acme/r{id_}"), OPEN) for id_ in range(1, 13)))
    few, all_ = (Asked(NOBODY, NOW, "", query=query) for query in ((("repo", "acme/r1"),), ()))

    def asks(work) -> int:
        with statements(database, ["SELECT"]) as said, database.reading() as conn:
            assert work(conn)
        return len(said)

    for page in (lambda conn, asked: labels.compute_one(conn, asked, None, "bug"), labels.compute, hygiene_of):
        # one more is the names of the repositories, by which one is chosen
        assert asks(lambda conn, page=page: page(conn, all_)) <= asks(lambda conn, page=page: page(conn, few))
    names = {id_: f"acme/r{id_}" for id_ in range(1, 13)}
    one = asks(lambda conn: queue_list.of(conn, NOBODY, {1: names[1]}, None))
    assert asks(lambda conn: queue_list.of(conn, NOBODY, names, None)) == one == 2


def hygiene_of(conn, asked: Asked) -> hygiene.Hygiene:
    return hygiene.compute(conn, asked, None)
