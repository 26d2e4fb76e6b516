"""`/login`, `/login/callback`, `/logout`: signing in with GitHub, by the App's web flow with `state` and PKCE.

What belongs to a sign-in under way (state, PKCE's verifier, where to go on) travels encrypted in a cookie of the browser that
began it, for ten minutes; each state counts once. Rules: docs.github.com, generating-a-user-access-token-for-a-github-app.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app import logs
from app.errors import Fault, Permanent
from app.github import web_flow
from app.settings import Settings
from app.web.attempts import Attempts
from app.web.cookies import Cookie
from app.web.peers import address, network
from app.web.refusals import refusal
from app.web.rendering import page
from app.web.sealing import same
from app.web.sessions import Sessions
from app.web.visiting import visitor_of

CALLBACK = "/login/callback"
MINUTES = 10
_LONGEST = 2000
"""Characters of an address to go on to."""
_NOT_SET_UP = (
    "Signing in is not set up here: the operator sets ROUNDS_GITHUB_CLIENT_ID and ROUNDS_GITHUB_CLIENT_SECRET."
)
_AGAIN = "This sign-in is over, was used already, or began in another browser. Please begin again."
_SAID = {
    "access_denied": "You did not allow it, so you are not signed in.",
    "redirect_uri_mismatch": (
        "GitHub does not know this server's address. Its operator adds the callback URL that `rounds doctor` shows to the App."
    ),
    "application_suspended": "GitHub has suspended the App, so nobody can sign in.",
}
_AWAY = "GitHub does not answer just now. Please try again in a minute."
_OFTEN = "Too many sign-ins failed. Please try again in a minute."
_DENIED = "GitHub did not accept this sign-in. Please begin again."


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way. `until`: milliseconds."""

    state: str
    verifier: str
    next: str
    until: int

    def text(self) -> str:
        return json.dumps([self.state, self.verifier, self.next, self.until])


class Door:
    """Lets people in and out."""

    def __init__(self, sessions: Sessions, settings: Settings) -> None:
        self._sessions, self._settings = sessions, settings
        self._cookie = Cookie("rounds-sign-in", settings.public_url, MINUTES * 60)
        self._attempts = Attempts()
        self._callback = f"{settings.public_url}{CALLBACK}"

    def begin(self, request: Request, wanted: str, sent: bool) -> Response:
        """To GitHub; from another name of this server first to the one that people use, whose cookies come back.

        `sent`: that was done. Behind a proxy that names another host than the browser did it would go on for ever.
        """
        if not self._sessions.possible:
            return refusal("html", 404, "No sign-in", _NOT_SET_UP)
        goal = path_of_ours(wanted or self._page_before(request))
        if not sent and request.headers.get("host", "").lower() != urlsplit(self._settings.public_url).netloc.lower():
            return _sent(f"{self._settings.public_url}/login?next={quote(goal, safe='/')}&sent=1")
        until = self._sessions.now() + MINUTES * 60_000
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(48), goal, until)
        to = web_flow.address(
            self._settings.github_web_url, self._settings.github_client_id, self._callback, begun.state, begun.verifier
        )
        return _sent(to, self._cookie.put(self._sessions.seal.close("sign-in", begun.text())))

    def _page_before(self, request: Request) -> str:
        """The page of ours on which the link was."""
        before = request.headers.get("referer", "")
        ours = f"{self._settings.public_url}/"
        return before[len(ours) - 1 :] if before.startswith(ours) else "/"

    async def finish(self, request: Request, code: str, state: str, error: str) -> Response:
        """Back from GitHub. Raises Unavailable while the database is away."""
        if not self._sessions.possible:
            return refusal("html", 404, "No sign-in", _NOT_SET_UP)
        who = network(address(request.client.host if request.client else "", request.scope["headers"]))
        if not self._attempts.may_try(who):
            return _too_often()
        begun = self._begun(request)
        if begun is None or not same(state, begun.state) or not await self._is_first(begun):
            return self._failed(400, _AGAIN, "state")
        if error or not code:
            return self._failed(400, _SAID.get(error, _DENIED), error[:40] or "no code")
        return await self._let_in(request, begun, code, who) if self._attempts.may_ask() else _too_often()

    def ask_to_leave(self, request: Request) -> Response:
        """The page with the two ways out."""
        if not visitor_of(request).signed_in:
            return _sent("/")
        return Response(page("sign_out.html"), media_type="text/html")

    async def leave(self, request: Request) -> Response:
        """Ends the session of who asks, or all of theirs; the guard has seen that it is they. Raises Unavailable."""
        visitor, said = visitor_of(request), dict(parse_qsl((await request.body()).decode("ascii", "replace")))
        if said.get("where") == "everywhere":
            await self._sessions.end_all(visitor.person_id)
        await self._sessions.end(visitor.mark)
        answer = _sent("/", self._sessions.cookie.drop())
        answer.headers["clear-site-data"] = '"cache"'
        return answer

    async def _let_in(self, request: Request, begun: Begun, code: str, who: str) -> Response:
        before = self._sessions.cookie.of(request.scope["headers"])
        try:
            token = await self._sessions.begin(code, self._callback, begun.verifier, before)
        except Permanent as refused:
            return self._failed(400, _DENIED, str(refused))
        except Fault as fault:
            return self._failed(503, _AWAY, str(fault))
        self._attempts.succeeded(who)
        return _sent(begun.next, self._sessions.cookie.put(token), self._cookie.drop())

    def _begun(self, request: Request) -> Begun | None:
        """What the browser's cookie says, unless it is too old or not ours."""
        text = self._sessions.seal.open("sign-in", self._cookie.of(request.scope["headers"]))
        begun = Begun(*json.loads(text)) if text else None
        return begun if begun and begun.until > self._sessions.now() else None

    async def _is_first(self, begun: Begun) -> bool:
        return await self._sessions.first_use(begun.state, begun.until)

    def _failed(self, status: int, sentence: str, why: str) -> Response:
        """`why`: short words of GitHub's or ours; neither code nor state."""
        logs.get().warning("not signed in", why=why)
        answer = refusal("html", status, "Not signed in", sentence)
        answer.headers["set-cookie"] = self._cookie.drop()
        return answer


def path_of_ours(wanted: str) -> str:
    """`wanted`, if it is a path of this server with its query; "/" for all that a browser could take for another place."""
    plain = wanted.isprintable() and " " not in wanted and "\\" not in wanted and len(wanted) <= _LONGEST
    if not plain or not wanted.startswith("/") or wanted.startswith(("//", "/login", "/logout")):
        return "/"
    return quote(wanted.partition("#")[0], safe="/?&=%:@!$'()*+,;~")


def _too_often() -> Response:
    return refusal("html", 429, "Not signed in", _OFTEN, {"retry-after": "60"})


def _sent(to: str, *cookies: str) -> Response:
    """303: the browser asks for the next address with GET, whatever it sent here."""
    answer = RedirectResponse(to, 303, headers={"cache-control": "no-store"})
    for cookie in cookies:
        answer.headers.append("set-cookie", cookie)
    return answer


def routes(sessions: Sessions, settings: Settings) -> APIRouter:
    """The addresses."""
    router, door = APIRouter(), Door(sessions, settings)

    @router.get("/login")
    async def begin(request: Request, next: str = "", sent: str = "") -> Response:  # noqa: A002 - the name in the address
        return door.begin(request, next, bool(sent))

    @router.get(CALLBACK)
    async def finish(request: Request, code: str = "", state: str = "", error: str = "") -> Response:
        return await door.finish(request, code, state, error)

    @router.api_route("/logout", methods=["GET", "HEAD"])
    async def ask_to_leave(request: Request) -> Response:
        return door.ask_to_leave(request)

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        return await door.leave(request)

    return router
