"""What happens on GitHub changes who sees the dashboard: a revoked authorization, a changed configuration."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.values import Granted
from app.sandbox import authorizing
from app.store import sessions
from app.store.sessions import Session, Tokens
from app.store.tables import session
from tests.journeys.town import Town


async def test_a_revoked_authorization_ends_all_sessions_of_that_person(tmp_path):
    async with Town.open(f"sqlite:///{tmp_path}/rounds.db") as town:
        tim, mia = town.world.account("tim"), town.world.account("mia")
        with town.database.transaction() as conn:
            for mark, who in (("a", tim), ("b", tim), ("c", mia)):
                sessions.begin(conn, Session(mark, who.id, who.login, Tokens("x"), 1, 1), Granted())
        authorizing.revoke(town.world, tim)
        await town.settled()
        with town.database.reading() as conn:
            assert list(conn.execute(sa.select(session.c.login)).scalars()) == ["mia"]


async def test_a_changed_configuration_opens_and_closes_the_dashboard_without_any_command(tmp_path, monkeypatch):
    from app.engine import worker
    from app.store.visibility import NOBODY, visible

    monkeypatch.setattr(worker, "CONFIGS", 0.05)
    async with Town.open(f"sqlite:///{tmp_path}/rounds.db") as town:
        opened = {town.world.find_repository("acme/widgets").id}

        def seen(conn: sa.Connection) -> set[int]:
            return set(conn.execute(visible(NOBODY)).scalars())

        for said, found in (("public", opened), ("members", set())):
            text = f"version: 1\nvisibility: {{dashboard: {said}}}\n"
            town.world.push_file("acme/widgets", ".github/rounds.yml", text, by="mia")
            await town.eventually(lambda: town.database.read(seen), until=lambda now, found=found: now == found)
        secret = "version: 1\nvisibility: {dashboard: public}\n"
        town.world.push_file("acme/secret", ".github/rounds.yml", secret, by="ann")
        await town.settled()
        assert await town.database.read(seen) == set()
