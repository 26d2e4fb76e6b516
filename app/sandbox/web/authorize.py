"""`/login/oauth/…`: where people allow the App to know them, and where the App fetches their tokens.

Persons are links, not buttons of a form: our own rule `form-action 'self'` also holds for where a form's answer leads.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.sandbox import authorizing
from app.sandbox.refused import not_found
from app.sandbox.web.view import View


class Authorize:
    """Handlers over one view."""

    def __init__(self, view: View) -> None:
        self.view = view

    async def ask(self, request: Request) -> Response:
        """The page with everybody whom one may be; with `login`, back to the App as that person, or as nobody."""
        world, query = self.view.world, dict(request.query_params)
        if query.get("client_id") != world.app.client_id:
            raise not_found()
        back = query.get("redirect_uri", "")
        if not authorizing.fits(world, back):
            return self.view.page(
                request, "refusal.html", 400, message="The redirect_uri is not associated with this App.", details=[]
            )
        chosen = query.pop("as", None)
        if chosen is None:
            people = [(one, f"?{urlencode(query | {'as': one.login})}") for one in self.view.people()]
            return self.view.page(request, "authorize.html", people=people, no=f"?{urlencode(query | {'as': ''})}")
        if query.get("code_challenge") and query.get("code_challenge_method") != "S256":
            return _back(back, query, error="invalid_request")
        if not chosen:
            return _back(back, query, error="access_denied")
        return _back(
            back, query, code=authorizing.allow(world, world.account(chosen), back, query.get("code_challenge", ""))
        )

    async def token(self, request: Request) -> Response:
        """JSON where that is asked for, else a form, as GitHub does."""
        said = dict(parse_qsl((await request.body()).decode(errors="replace")))
        answer = authorizing.exchange(self.view.world, dict(request.query_params) | said)
        if "json" in request.headers.get("accept", ""):
            return JSONResponse(answer)
        return Response(urlencode(answer), media_type="application/x-www-form-urlencoded")


def _back(to: str, query: dict[str, str], **said: str) -> Response:
    state = {"state": query["state"]} if "state" in query else {}
    return RedirectResponse(f"{to}{'&' if '?' in to else '?'}{urlencode(said | state)}", 302)
