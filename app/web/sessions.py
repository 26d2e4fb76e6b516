"""Who asks: the session behind a cookie, what GitHub lets its person read, and when it ends.

A page never waits for GitHub: what the person may read is asked again beside the requests, and only who was away for ten
minutes waits for it once. GitHub's word is taken anew before ten minutes are over, or it counts no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app import logs
from app.errors import Fault, Mistake, Permanent, Unavailable
from app.settings import Settings
from app.store import sessions as store
from app.store.database import Database
from app.store.sessions import Session, Tokens
from app.store.visibility import PUBLIC, Visitor
from app.web.cookies import Cookie
from app.web.sealing import Seal

if TYPE_CHECKING:
    from app.github.users import Grant, Users

ASK = 4 * 60_000
"""Milliseconds after which GitHub is asked again what a person may read."""
COUNTS = 10 * 60_000
"""Milliseconds for which its answer counts."""
EARLY = 5 * 60_000
"""Milliseconds before its end at which an access token is renewed."""
PATIENCE = 5.0
"""Seconds for which somebody who was away waits for GitHub's answer; then without what is private."""
SEEN = 3_600_000
DAY = 86_400
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def milliseconds() -> int:
    """Since 1970."""
    return time.time_ns() // 1_000_000


class Sessions:
    """`users`: how people are asked about at GitHub, made when first needed. `clock`: milliseconds."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Callable[[], int] = milliseconds,
        users: Callable[[Settings], Users] | None = None,
    ) -> None:
        self._database, self._settings, self._clock = database, settings, clock
        self._make_users = users or _users
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._open_server: bool | None = None
        self.cookie = Cookie("rounds", settings.public_url, store.LONGEST // 1000)
        self.seal = Seal(lambda: settings.session_secret)

    @property
    def possible(self) -> bool:
        """Whether the operator set up signing in."""
        return bool(self._settings.github_client_id and self._settings.github_client_secret)

    @cached_property
    def users(self) -> Users:
        return self._make_users(self._settings)

    async def visitor(self, headers: Iterable[tuple[bytes, bytes]]) -> Visitor:
        """Who sends a request with these headers. Raises Unavailable."""
        open_server = await self._opened_by_server()
        token = self.cookie.of(headers)
        found = await self._found(token)
        if found is None:
            return Visitor(open_server=open_server)
        return Visitor(
            login=found.login,
            person_id=found.person_id,
            mark=found.mark,
            csrf=self.seal.mark("csrf", token),
            asked_after=self._clock() - COUNTS,
            open_server=open_server,
        )

    async def begin(self, code: str, redirect_uri: str, verifier: str, before: str) -> str:
        """Signs in whose code it is, and ends the session that the browser had `before` (its cookie). The new cookie.

        Raises SignInRefused, and what any call raises.
        """
        grant = await self.users.exchange(code, redirect_uri, verifier)
        person = await self.users.person(grant.access)
        began = self._clock()
        granted = await self.users.granted(grant.access)
        token = secrets.token_urlsafe(32)
        new = Session(_mark(token), person.id, person.login, self._sealed(grant, _mark(token)), began, began)
        await self._database.run(lambda conn: store.begin(conn, new, granted, _mark(before)))
        logs.get().info("signed in", actor=person.login, repositories=len(granted.read))
        return token

    async def end(self, mark: str) -> None:
        """Raises Unavailable."""
        await self._database.run(lambda conn: store.end(conn, mark))

    async def end_all(self, person_id: int) -> None:
        """In all browsers of that person. Raises Unavailable."""
        ended = await self._database.run(lambda conn: store.end_of_person(conn, person_id))
        logs.get().info("signed out everywhere", sessions=ended)

    async def first_use(self, state: str, until: int) -> bool:
        """Whether this state of a sign-in comes back for the first time."""
        now = self._clock()
        return await self._database.run(lambda conn: store.first_use(conn, _mark(state), now, until))

    def now(self) -> int:
        return self._clock()

    async def aclose(self) -> None:
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        if "users" in self.__dict__:
            await self.users.aclose()

    async def _found(self, token: str) -> Session | None:
        if not _TOKEN.fullmatch(token):
            return None
        mark, now = _mark(token), self._clock()
        found = await self._look(mark, now)
        if found is None or now - found.asked_at < ASK:
            return found
        asking = self._ask(found)
        if now - found.asked_at < COUNTS:
            return found
        await asyncio.wait([asking], timeout=PATIENCE)
        return await self._look(mark, now)

    async def _look(self, mark: str, now: int) -> Session | None:
        try:
            found = await self._database.look(lambda conn: store.find(conn, mark, now))
            if found and now - found.seen_at > SEEN:
                await self._database.run(lambda conn: store.seen(conn, mark, now))
        except sa.exc.SQLAlchemyError as error:  # no tables yet
            raise Unavailable("the database is not ready") from error
        return found

    def _ask(self, found: Session) -> asyncio.Task[None]:
        """One question at a time for each session."""
        task = self._asking.get(found.mark)
        if task is None:
            task = self._asking[found.mark] = asyncio.create_task(self._asked(found), name="rounds-readable")
            task.add_done_callback(lambda _: self._asking.pop(found.mark, None))
        return task

    async def _asked(self, found: Session) -> None:
        """A refusal of the person's tokens ends the session; a fault of the network leaves all as it is."""
        try:
            await self._ask_github(found)
        except Fault as fault:
            logs.get().warning("GitHub not asked what somebody may read", actor=found.login, why=str(fault))

    async def _ask_github(self, found: Session) -> None:
        try:
            access = await self._access(found)
            if access is None:
                return
            began = self._clock()
            person, granted = await self.users.person(access), await self.users.granted(access)
        except Permanent as refusal:
            logs.get().info("session over", actor=found.login, why=str(refusal))
            await self.end(found.mark)
            return

        def keep(conn: sa.Connection) -> None:
            store.called(conn, found.mark, person.login)
            store.grant(conn, found.mark, granted, began)

        await self._database.run(keep)

    async def _access(self, found: Session) -> str | None:
        """The access token; None where another process renews it just now. Raises Permanent where the person has none."""
        until = found.tokens.access_until
        if until is None or self._clock() < until - EARLY:
            access = self.seal.open("access", found.tokens.access, found.mark)
            if access is None:
                raise Permanent("the session secret is another one")
            return access
        return await self._renewed(found)

    async def _renewed(self, found: Session) -> str | None:
        now = self._clock()
        if not await self._database.run(lambda conn: store.claim_renewal(conn, found.mark, now)):
            return None
        refresh = self.seal.open("refresh", found.tokens.refresh or "", found.mark)
        if refresh is None:
            raise Permanent("GitHub's token has expired, and can't be renewed")
        grant = await self.users.renew(refresh)
        tokens = self._sealed(grant, found.mark)
        await self._database.run(lambda conn: store.renewed(conn, found.mark, tokens))
        return grant.access

    def _sealed(self, grant: Grant, mark: str) -> Tokens:
        now = self._clock()
        return Tokens(
            self.seal.close("access", grant.access, mark),
            now + grant.access_seconds * 1000 if grant.access_seconds else None,
            self.seal.close("refresh", grant.refresh, mark) if grant.refresh else None,
            now + grant.refresh_seconds * 1000 if grant.refresh_seconds else None,
        )

    async def _opened_by_server(self) -> bool:
        """Read once, as workers do; mistakes there open nothing."""
        if self._open_server is None:
            self._open_server = await asyncio.to_thread(_opened, self._settings)
        return self._open_server


def _opened(settings: Settings) -> bool:
    from app.config.defaults import load

    try:
        return load(settings.config_dir).visibility.dashboard == PUBLIC
    except Mistake:
        return False


def _users(settings: Settings) -> Users:
    """Loaded with the first sign-in: receivers have no other use for calls to GitHub."""
    from app.github.users import Users

    return Users(
        api_url=settings.github_api_url,
        web_url=settings.github_web_url,
        client_id=settings.github_client_id,
        client_secret=settings.github_client_secret,
    )


def _mark(token: str) -> str:
    """What the database knows of a cookie."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
