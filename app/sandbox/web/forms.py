"""What people do in the web face: comment, edit, open an issue, change the configuration, ask for a redelivery.

A POST must come from a page of this server: browsers say so in `Sec-Fetch-Site` and `Origin`, other pages can't forge them.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.sandbox.moving import MovingClock
from app.sandbox.refused import Refused, not_found
from app.sandbox.web import boxes
from app.sandbox.web.view import View, address

MAX_FORM = 1_000_000
Fields = dict[str, str]
_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


class Forms:
    """Handlers of POST: each does one verb of the world as the person `as`, and leads back to a page."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.world = view.world

    async def comment(self, request: Request) -> Response:
        fields = await read(request)
        issue = self.world.issue(_name(request), request.path_params["number"])
        comment = self.world.post_comment(issue, fields.get("body", ""), by=self._who(fields))
        return _back(address(comment), fields)

    async def edit_comment(self, request: Request) -> Response:
        fields = await read(request)
        comment = self.world.comment(request.path_params["comment_id"])
        if comment.issue.repository is not self.world.find_repository(_name(request)):
            raise not_found()
        self.world.edit_comment(comment, fields.get("body", ""), by=self._who(fields))
        return _back(address(comment), {})

    async def tick_comment(self, request: Request) -> Response:
        """A box of a comment, also of somebody else's: an edit by whoever ticks it."""
        fields = await read(request)
        comment = self.world.comment(request.path_params["comment_id"])
        if comment.issue.repository is not self.world.find_repository(_name(request)):
            raise not_found()
        text = boxes.toggled(comment.body, fields.get("line", ""))
        self.world.edit_comment(comment, text, by=self._who(fields))
        return _back(address(comment), fields)

    async def tick_issue(self, request: Request) -> Response:
        fields = await read(request)
        issue = self.world.issue(_name(request), request.path_params["number"])
        text = boxes.toggled(issue.body or "", fields.get("line", ""))
        self.world.edit_issue(issue, body=text, by=self._who(fields))
        return _back(address(issue), fields)

    async def merge(self, request: Request) -> Response:
        fields = await read(request)
        issue = self.world.issue(_name(request), request.path_params["number"])
        self.world.merge_pull(issue, by=self._who(fields))
        return _back(address(issue), fields)

    async def move_clock(self, request: Request) -> Response:
        """`to`: hour, day or week further, or the start or end of the call."""
        fields, clock = await read(request), self.world.clock
        wanted, table = fields.get("to", ""), self.world.timetable
        if not isinstance(clock, MovingClock):
            raise not_found()
        if wanted in _STEPS:
            clock.move(_STEPS[wanted])
        elif table is not None and wanted in {"start", "end"}:
            clock.move_to(table.next(clock()) if wanted == "start" else table.end(clock()))
        else:
            raise Refused(422, "Choose how far the clock is to go.")
        self.world.feed.touch()
        return _back(_here(fields), {})

    async def open_issue(self, request: Request) -> Response:
        fields = await read(request)
        issue = self.world.open_issue(_name(request), fields.get("title", ""), fields.get("body"), by=self._who(fields))
        return _back(address(issue), fields)

    async def write_file(self, request: Request) -> Response:
        fields, path = await read(request), request.path_params["path"]
        repo = self.world.find_repository(_name(request))
        if request.path_params["branch"] != repo.default_branch:
            raise not_found()
        self.world.push_file(repo.full_name, path, fields.get("text", ""), by=self._who(fields))
        return _back(request.url.path, fields)

    async def redeliver(self, request: Request) -> Response:
        await read(request)
        one = self.view.deliverer.find(request.path_params["delivery_id"])
        if one is None:
            raise not_found()
        self.view.deliverer.redeliver(one)
        return _back("/deliveries", {})

    def _who(self, fields: Fields) -> str:
        """Only people act here: never the App, a bot or an organisation."""
        login = fields.get("as", "")
        if login not in {person.login for person in self.view.people()}:
            raise Refused(422, "Choose a person to act as.")
        return login


async def read(request: Request) -> Fields:
    """The form's fields, with line ends as browsers mean them. 403 when it is not from a page of this server."""
    if not same_origin(request):
        raise Refused(403, "This form was not sent from a page of this server.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise Refused(413, "That is more than a form may hold.")
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def same_origin(request: Request) -> bool:
    """Fails closed: a request that says nothing of where it comes from is refused too."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in {None, "same-origin"}:
        return False
    if origin is None:
        return site == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


def _here(fields: Fields) -> str:
    """The page of the form; never an address elsewhere."""
    path = fields.get("here", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _name(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['repo']}"


def _back(path: str, fields: Fields) -> Response:
    """After a POST a page is looked at; who one acted as is remembered."""
    response = RedirectResponse(path, 303)
    if fields.get("as"):
        response.set_cookie("as", fields["as"], httponly=True, samesite="strict")
    return response
