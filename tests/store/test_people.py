from __future__ import annotations

import pytest

from app.core import events
from app.core.values import Person
from app.store import mirror, people
from tests.store import events_of


def seen(database, *users: events.User) -> None:
    with database.transaction() as conn:
        mirror.apply(conn, [events_of.comment(events_of.issue(), sender=user) for user in users])


@pytest.mark.parametrize("login", ["tim", "Tim", "TIM"])
def test_a_person_is_found_by_login_in_any_case(database, login):
    seen(database, events.User(id=4, login="Tim"))
    with database.reading() as conn:
        assert people.named(conn, login) == Person(4, "Tim")
        assert people.named(conn, f"{login}my") is None
        assert people.named(conn, "") is None


def test_of_several_who_had_the_login_the_newest_has_it(database):
    seen(database, events.User(id=9, login="tim"), events.User(id=4, login="tim"))
    with database.reading() as conn:
        assert people.named(conn, "tim") == Person(9, "tim")


def test_a_bot_is_known_as_one(database):
    seen(database, events.User(id=49, login="helper[bot]", type="Bot"))
    with database.reading() as conn:
        assert people.named(conn, "helper[bot]") == Person(49, "helper[bot]", bot=True)
