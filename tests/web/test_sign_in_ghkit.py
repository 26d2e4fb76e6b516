"""Signing in against the strict stand-in: GitHub's own description judges every request."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.settings import Settings
from app.store.database import Database
from app.store.tables import session, session_repository
from app.web.asgi import Application
from tests.ghkit import Ghkit, ghkit, ghkit_server
from tests.web.browsing import PUBLIC, Browser, at_github
from tests.web.delivering import SECRET

__all__ = ["ghkit", "ghkit_server"]

pytestmark = pytest.mark.contract

HOUR = 3_600_000


class Clock:
    """Milliseconds, that go with the kit's."""

    def __init__(self, kit: Ghkit) -> None:
        self._kit, self._ahead = kit, 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self._ahead

    def forward(self, milliseconds: int) -> None:
        self._kit("advance", seconds=milliseconds / 1000)
        self._ahead += milliseconds


@pytest.fixture
def made(ghkit: Ghkit) -> dict[str, Any]:
    """An organization with a public and a private repository, and the App on it."""
    ghkit("org", login="acme", members={"boss": "admin"})
    open_one = ghkit("repo", full="acme/widgets", roles={"tom": "triage"})
    vault = ghkit("repo", full="acme/vault", private=True, roles={"mia": "read"})
    ghkit("user", login="rita")
    app = ghkit("app", slug="rounds", permissions={"issues": "write"}, callback_urls=[f"{PUBLIC}/login/callback"])
    ghkit("install", app="rounds", account="acme")
    return app | {"open": open_one["id"], "vault": vault["id"]}


@pytest.fixture
def clock(ghkit: Ghkit) -> Clock:
    return Clock(ghkit)


@pytest.fixture
async def browser(ghkit: Ghkit, made: dict[str, Any], clock: Clock, tmp_path: Path) -> AsyncIterator[Browser]:
    settings = Settings(
        github_client_id=made["client_id"],
        github_client_secret=made["client_secret"],
        github_api_url=ghkit.url,
        github_web_url=ghkit.url,
        public_url=PUBLIC,
        configured_session_secret="a secret",
    )
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    application = Application(database, (SECRET,), settings, clock=clock)
    yield Browser(application)
    await application.close()


def readable(browser: Browser) -> set[int]:
    with browser.application.database.reading() as conn:
        return set(conn.execute(sa.select(session_repository.c.repository_id)).scalars())


async def asked_again(browser: Browser) -> None:
    await browser.get("/")
    for task in list(browser.application.sessions._asking.values()):
        await task


@pytest.mark.parametrize(
    ("login", "sees"), [("tom", {"open"}), ("mia", {"vault"}), ("boss", {"open", "vault"}), ("rita", set())]
)
async def test_one_signs_in_and_reads_what_github_says(
    login: str, sees: set[str], browser: Browser, made: dict[str, Any]
):
    assert (await browser.sign_in(login, "/commands")).headers["location"] == "/commands"
    assert (await browser.sees(), readable(browser)) == (login, {made[name] for name in sees})


async def test_tokens_are_renewed(browser: Browser, clock: Clock):
    await browser.sign_in("tom")
    for _ in range(2):
        clock.forward(8 * HOUR)
        await asked_again(browser)
        assert await browser.sees() == "tom"
    with browser.application.database.reading() as conn:
        assert conn.execute(sa.select(session.c.asked_at)).scalar_one() > clock() - HOUR


async def test_without_its_tokens_a_session_is_over(browser: Browser, ghkit: Ghkit, clock: Clock):
    ghkit.allow.add("auth")
    await browser.sign_in("tom")
    ghkit("expire_tokens", kind="user_to_server")
    clock.forward(HOUR)
    assert await browser.sees() == ""


async def test_a_code_counts_once_and_for_its_verifier(browser: Browser, ghkit: Ghkit):
    ghkit.allow.add("oauth")
    back = await at_github((await browser.get("/login")).headers["location"], "tom")
    assert (await Browser(browser.application).get(back)).status == 400
    assert (await browser.get(back)).status == 303
    assert (await browser.get(back)).status == 400


async def test_who_does_not_allow_it_stays_outside(browser: Browser, ghkit: Ghkit):
    ghkit("oauth", deny=True)
    assert (await browser.sign_in("tom")).status == 400
    assert browser.cookies == {}
    ghkit("oauth")


async def test_an_address_that_is_not_registered_is_explained(browser: Browser, ghkit: Ghkit):
    ghkit.allow.add("oauth")
    address = (await browser.get("/login")).headers["location"].replace("login%2Fcallback", "elsewhere")
    answer = await browser.get(await at_github(address, "tom"))
    assert (answer.status, b"rounds doctor" in answer.body) == (400, True)
