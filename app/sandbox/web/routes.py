"""Which page is where: addresses as on GitHub, and how refusals look."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.deliverer import Deliverer
from app.sandbox.doorway import API_PARTS
from app.sandbox.refused import Refused
from app.sandbox.web.authorize import Authorize
from app.sandbox.web.forms import Forms
from app.sandbox.web.live import Live
from app.sandbox.web.pages import Pages
from app.sandbox.web.view import View
from app.sandbox.world import World

REPO = "/{owner}/{repo}"


def put_pages(web: FastAPI, world: World, deliverer: Deliverer) -> None:
    """Adds the web face to an application that has the API already."""
    view = View(world, deliverer)
    pages, forms, live, authorize = Pages(view), Forms(view), Live(world.feed), Authorize(view)
    web.add_route("/login/oauth/authorize", authorize.ask, methods=["GET"])
    web.add_route("/login/oauth/access_token", authorize.token, methods=["POST"])
    for path, page in (
        ("/", pages.home),
        ("/changes", live.changes),
        ("/deliveries", pages.deliveries),
        ("/deliveries/{delivery_id:int}", pages.delivery),
        ("/static/{name}", pages.static),
        ("/label-colors.css", pages.label_colors),
        ("/avatars/u/{account_id:int}", pages.avatar),
        (REPO, pages.repository),
        (REPO + "/issues", pages.issues),
        (REPO + "/issues/new", pages.new_issue),
        (REPO + "/issues/{number:int}", pages.issue),
        (REPO + "/pull/{number:int}", pages.issue),
        (REPO + "/blob/{branch}/{path:path}", pages.file),
    ):
        web.add_route(path, page, methods=["GET"])
    for path, form in (
        (REPO + "/issues", forms.open_issue),
        (REPO + "/issues/{number:int}/comments", forms.comment),
        (REPO + "/comments/{comment_id:int}", forms.edit_comment),
        (REPO + "/comments/{comment_id:int}/boxes", forms.tick_comment),
        (REPO + "/issues/{number:int}/boxes", forms.tick_issue),
        (REPO + "/pull/{number:int}/merge", forms.merge),
        ("/clock", forms.move_clock),
        (REPO + "/blob/{branch}/{path:path}", forms.write_file),
        ("/deliveries/{delivery_id:int}/attempts", forms.redeliver),
    ):
        web.add_route(path, form, methods=["POST"])
    _put_refusals(web, view)


def _put_refusals(web: FastAPI, view: View) -> None:
    """What a verb refuses becomes a page that says so; an unknown address of the API is GitHub's JSON."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)
        details = [str(entry.get("message") or f"{entry['field']}: {entry['code']}") for entry in error.errors]
        return view.page(request, "refusal.html", error.status, message=error.message, details=details)

    async def unknown(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if request.url.path.startswith(API_PARTS):
            return JSONResponse(
                {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}, 404
            )
        return view.page(request, "refusal.html", error.status_code, message=error.detail, details=[])

    web.add_exception_handler(Refused, refused)
    web.add_exception_handler(HTTPException, unknown)
