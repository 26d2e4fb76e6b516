"""How long one stays signed in, and what ends it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.sandbox import authorizing
from app.sandbox.faults import Fault
from app.sandbox.server import Sandbox
from app.settings import Settings
from app.store import sessions as store
from app.store.database import Database
from app.store.tables import session, session_repository
from tests.web.browsing import Browser
from tests.web.signing import Clock, application, browser, clock, rows, sandbox, serve, settings

__all__ = ["application", "browser", "clock", "sandbox", "serve", "settings"]

DAY = 86_400_000


async def settle(browser: Browser) -> None:
    """Whatever is asked beside the requests has been answered."""
    await browser.get("/")
    for task in list(browser.application.sessions._asking.values()):
        await task


def readable(database: Database) -> set[int]:
    return {row.repository_id for row in rows(database, session_repository)}


async def test_what_github_lets_one_read_is_asked_again(
    browser: Browser, database: Database, sandbox: Sandbox, clock: Clock
):
    await browser.sign_in("tim")
    secret = sandbox.world.find_repository("acme/secret").id
    sandbox.world.set_role("acme/secret", "tim", "read", by="ann")
    await settle(browser)
    assert secret not in readable(database)
    clock.now += 5 * 60_000
    await settle(browser)
    assert secret in readable(database)
    sandbox.world.set_role("acme/secret", "tim", "none", by="ann")
    clock.now += 20 * 60_000
    await browser.get("/")  # away for long: waits for GitHub's word
    assert secret not in readable(database)


async def test_tokens_are_renewed_and_the_new_ones_serve(browser: Browser, database: Database, clock: Clock):
    await browser.sign_in("tim")
    before = rows(database, session)[0]
    for _ in range(3):
        clock.now += 8 * 3_600_000
        await settle(browser)
    after = rows(database, session)[0]
    assert (after.access != before.access, after.refresh != before.refresh) == (True, True)
    assert (await browser.sees(), after.asked_at) == ("tim", clock.now)


async def test_revoked_at_github_it_is_over(browser: Browser, database: Database, sandbox: Sandbox, clock: Clock):
    await browser.sign_in("tim")
    authorizing.revoke(sandbox.world, sandbox.world.account("tim"))
    clock.now += 11 * 60_000
    assert (await browser.sees(), rows(database, session), readable(database)) == ("", [], set())


async def test_while_github_is_away_what_is_private_goes_and_the_session_stays(
    browser: Browser, database: Database, sandbox: Sandbox, clock: Clock
):
    await browser.sign_in("tim")
    sandbox.faults.add(Fault(status=502, path="/user/", times=100))
    clock.now += 11 * 60_000
    assert await browser.sees() == "tim"
    assert rows(database, session)[0].asked_at < clock.now - 10 * 60_000


@pytest.mark.parametrize(("away", "sees"), [(13, "tim"), (15, "")])
async def test_who_stays_away_for_two_weeks_signs_in_again(away: int, sees: str, browser: Browser, clock: Clock):
    await browser.sign_in("tim")
    clock.now += away * DAY
    assert await browser.sees() == sees


async def test_after_three_months_one_signs_in_again(browser: Browser, database: Database, clock: Clock):
    await browser.sign_in("tim")
    with database.transaction() as conn:
        conn.execute(sa.update(session).values(created_at=clock.now - store.LONGEST - 1))
    assert await browser.sees() == ""


async def test_under_another_session_secret_all_sign_in_again(
    browser: Browser, database: Database, serve, settings: Settings, clock: Clock
):
    await browser.sign_in("tim")
    changed = serve(replace(settings, configured_session_secret="another"))
    clock.now += 11 * 60_000
    assert await Browser(changed, cookies=browser.cookies).sees() == ""
    assert rows(database, session) == []
