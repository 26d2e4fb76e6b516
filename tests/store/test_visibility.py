from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.core.values import Granted, Repository
from app.store import configs, mirror, sessions, visibility
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.sessions import Session, Tokens
from app.store.tables import config_file, installation
from app.store.visibility import NOBODY, PATH, Visitor, visible
from tests.engine.fakes import statements
from tests.store import events_of as of

NOW = 1_790_000_000_000
OPEN, INNER, VAULT, SHARED, BARE = 1, 2, 3, 4, 5
SERVER_OPEN = Visitor(open_server=True)


@pytest.fixture
def known(database: Database) -> Database:
    """Two public repositories, one of them open to all; a private one that says the same; one without a file."""
    with database.transaction() as conn:
        found = [
            Repository(OPEN, "acme/open"),
            Repository(INNER, "acme/inner"),
            Repository(VAULT, "acme/vault", private=True),
            Repository(BARE, "acme/bare"),
        ]
        mirror.put_repositories(conn, 5, found, whole=True)
        for id_, said in ((OPEN, "public"), (INNER, "members"), (VAULT, "public")):
            say(conn, id_, said)
    return database


def say(conn, id_: int, said: str | None, good: str | None = "version: 1") -> None:
    configs.put(conn, ConfigFile(id_, PATH, "1", good, good, "", NOW, dashboard=said))


def shared(conn, said: str, *, private: bool = False) -> None:
    mirror.put_repositories(conn, 5, [Repository(SHARED, "acme/.github", private=private)], whole=False)
    say(conn, SHARED, said)


def member(asked_after: int = NOW - 1) -> Visitor:
    return Visitor("mia", 12, "mark", "csrf", asked_after)


def signed_in(conn, *readable: int, triage: int = 0, admin: int = 0) -> None:
    granted = Granted(frozenset(readable), frozenset({triage, admin}), frozenset({admin}))
    sessions.begin(conn, Session("mark", 12, "mia", Tokens("x"), NOW, NOW), granted)


def seen(database: Database, visitor: Visitor) -> set[int]:
    """Who asks for many at once is told the same, but for how long ago GitHub said so."""
    with database.reading() as conn:
        everybody = [replace(visitor, asked_after=0), NOBODY, SERVER_OPEN]
        each = {one: set(conn.execute(visible(one)).scalars()) for one in everybody}
        assert visibility.seen_by(conn, everybody) == each
        return set(conn.execute(visible(visitor)).scalars())


def test_nobody_sees_what_is_public_and_opened(known):
    assert seen(known, NOBODY) == {OPEN}


def test_a_member_sees_besides_what_github_lets_them_read(known):
    with known.transaction() as conn:
        signed_in(conn, INNER, VAULT, 99)
    assert seen(known, member()) == {OPEN, INNER, VAULT}


def test_many_are_asked_about_at_once(known):
    with known.transaction() as conn:
        signed_in(conn, VAULT)
    with known.reading() as conn, statements(known, ["FROM repository", "FROM session"]) as asked:
        found = visibility.seen_by(conn, [member(), *(Visitor(str(n), n, str(n)) for n in range(500))])
    assert len(asked) == 2
    assert [who.mark for who, ids in found.items() if VAULT in ids] == ["mark"]


def test_a_stranger_sees_what_nobody_sees(known):
    with known.transaction() as conn:
        signed_in(conn)
    assert seen(known, member()) == seen(known, Visitor("x", 13, "other", asked_after=0)) == {OPEN}


@pytest.mark.parametrize(("asked_after", "sees"), [(NOW - 1, {OPEN, VAULT}), (NOW, {OPEN}), (NOW + 1, {OPEN})])
def test_what_github_said_long_ago_counts_no_more(asked_after, sees, known):
    with known.transaction() as conn:
        signed_in(conn, VAULT)
    assert seen(known, member(asked_after)) == sees


def test_a_session_that_is_over_reads_nothing(known):
    with known.transaction() as conn:
        signed_in(conn, VAULT)
        assert sessions.end_of_person(conn, 12) == 1
    assert seen(known, member()) == {OPEN}


@pytest.mark.parametrize(
    ("own", "server", "sees"),
    [("public", False, True), ("members", True, False), ("", True, True), ("", False, False), (None, True, False)],
)
def test_the_own_file_goes_before_the_servers(own, server, sees, known):
    with known.transaction() as conn:
        say(conn, BARE, own)
    assert (BARE in seen(known, Visitor(open_server=server))) == sees


@pytest.mark.parametrize(
    ("said", "server", "sees"), [("public", False, True), ("members", True, False), ("", True, True)]
)
@pytest.mark.parametrize("private", [True, False])
def test_without_an_own_file_the_organizations_holds(said, server, sees, private, known):
    with known.transaction() as conn:
        shared(conn, said, private=private)
    assert (BARE in seen(known, Visitor(open_server=server))) == sees
    assert INNER not in seen(known, Visitor(open_server=server))


def test_a_file_that_never_was_good_says_nothing(known):
    with known.transaction() as conn:
        say(conn, INNER, "public", None)
    assert INNER not in seen(known, NOBODY)
    assert INNER in seen(known, SERVER_OPEN)


@pytest.mark.parametrize("whose", ["own", "shared"])
def test_a_file_with_mistakes_that_never_was_good_opens_nothing(whose, known):
    """It may have been meant to close what the server opens."""
    with known.transaction() as conn:
        if whose == "shared":
            shared(conn, "public")
        id_ = BARE if whose == "own" else SHARED
        configs.put(conn, ConfigFile(id_, PATH, "1", "visibility: {", None, "1:1 wrong", NOW))
    assert BARE not in seen(known, SERVER_OPEN)


def test_the_server_opens_no_private_repository(known):
    assert seen(known, SERVER_OPEN) == {OPEN, BARE}


@pytest.mark.parametrize("what", ["suspended", "removed"])
def test_without_an_installation_nothing_is_seen(what, known):
    with known.transaction() as conn:
        signed_in(conn, OPEN, VAULT)
        conn.execute(sa.insert(installation).values({"id": 5, "account_id": 1, "account": "acme", what: True}))
    assert seen(known, member()) == set()


def test_a_repository_that_becomes_private_or_goes_is_gone(known):
    with known.transaction() as conn:
        mirror.put_repositories(conn, 5, [Repository(OPEN, "acme/open", private=True)], whole=False)
    assert seen(known, NOBODY) == set()
    with known.transaction() as conn:
        signed_in(conn, OPEN)
        mirror.drop_repository(conn, OPEN)
    assert seen(known, member()) == set()


def test_one_repository_by_its_name(known):
    with known.reading() as conn:
        assert visibility.named(conn, NOBODY, "ACME/open") == OPEN
        assert visibility.named(conn, NOBODY, "acme/vault") is None
        assert (visibility.sees(conn, NOBODY, OPEN), visibility.sees(conn, NOBODY, VAULT)) == (True, False)


def test_newer_word_of_github_is_not_undone_by_older(known):
    with known.transaction() as conn:
        signed_in(conn, VAULT)
        for mark, id_, at in (("mark", INNER, 10), ("mark", VAULT, 5), ("nothing", VAULT, 50)):
            sessions.grant(conn, mark, Granted(frozenset({id_})), NOW + at)
    assert seen(known, member()) == {OPEN, INNER}


def test_what_github_lets_one_do_takes_the_place_of_what_it_let_one_do_before(known):
    with known.transaction() as conn:
        signed_in(conn, OPEN, INNER, VAULT, triage=INNER, admin=VAULT)
        assert visibility.trusted(conn, member()) == {OPEN: False, INNER: False, VAULT: True}
        assert [visibility.triages(conn, member(), id_) for id_ in (OPEN, INNER, VAULT)] == [False, True, True]
        granted = Granted(frozenset({INNER, VAULT}), frozenset({VAULT}), frozenset())
        sessions.grant(conn, "mark", granted, NOW + 1)
        assert visibility.trusted(conn, member()) == {INNER: False, VAULT: False}
        assert [visibility.triages(conn, member(), id_) for id_ in (INNER, VAULT)] == [False, True]
        assert visibility.trusted(conn, NOBODY) == visibility.trusted(conn, member(NOW + 1)) == {}


def test_who_renames_themselves_is_called_so(known):
    with known.transaction() as conn:
        signed_in(conn)
        sessions.called(conn, "mark", "mia2")
        found = sessions.find(conn, "mark", NOW)
    assert found is not None
    assert found.login == "mia2"


def test_tokens_are_renewed_by_one_at_a_time(known):
    with known.transaction() as conn:
        signed_in(conn)
        assert [sessions.claim_renewal(conn, "mark", NOW + ms) for ms in (0, 1, 30_000, 30_001)] == [
            True,
            False,
            False,
            True,
        ]
        sessions.renewed(conn, "mark", Tokens("new", 5, "r", 6))
        found = sessions.find(conn, "mark", NOW)
    assert found is not None
    assert found.tokens == Tokens("new", 5, "r", 6)


def test_a_person_has_so_many_sessions_and_old_ones_make_room(known):
    with known.transaction() as conn:
        for number in range(sessions.MOST + 3):
            at = NOW + number
            sessions.begin(conn, Session(f"m{number}", 12, "mia", Tokens("x"), at, at), Granted())
        left = [sessions.find(conn, f"m{number}", NOW) is not None for number in range(sessions.MOST + 3)]
    assert left == [False] * 3 + [True] * sessions.MOST


def test_a_state_counts_once_until_it_is_over(known):
    with known.transaction() as conn:
        assert [sessions.first_use(conn, "s", NOW, NOW + 10) for _ in range(2)] == [True, False]
        assert sessions.first_use(conn, "s", NOW + 11, NOW + 20)


def test_before_files_were_read_again_nothing_is_open(known):
    """As after an upgrade: what a file says was not kept before."""
    with known.transaction() as conn:
        conn.execute(sa.update(config_file).values(dashboard=None))
    assert seen(known, SERVER_OPEN) == {BARE}


def test_revoked_at_github(known):
    assert of.events.read("github_app_authorization", b'{"action":"revoked","sender":{"id":12,"login":"mia"}}') == (
        of.events.AuthorizationEvent("revoked", of.events.User(id=12, login="mia"))
    )
