"""The pages one looks at."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app.sandbox import demo_meetings
from app.sandbox.refused import not_found
from app.sandbox.things import Comment, Issue, Repository
from app.sandbox.web import avatar, boxes
from app.sandbox.web.colors import style_sheet
from app.sandbox.web.story import story
from app.sandbox.web.view import HEADERS, HERE, View, address

CONFIG = ".github/rounds.yml"
STATIC = {
    "style.css": "text/css",
    "live.js": "text/javascript",
    "icons.svg": "image/svg+xml",
    "favicon.svg": "image/svg+xml",
}
HINTS = (
    "/help",
    "/label out of scope",
    "/a11y",
    "/milestone OTF security work",
    "/priority high",
    "/type feature",
    "/due in 2 weeks",
    "/claim",
    "/close not-planned",
    "/reopen",
)
PER_PAGE = 25


class Pages:
    """Handlers of GET."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.world = view.world

    async def home(self, request: Request) -> Response:
        repos, people = list(self.world.repositories.values()), self.view.people()
        rows = [(repo, sum(issue.state == "open" for issue in repo.issues.values())) for repo in repos]
        roles = {person.login: [(repo, self.world.role(repo, person)) for repo in repos] for person in people}
        more = {"latest": self._latest(), "call": self._call(), **self._suggestion(repos)}
        return self.view.page(request, "home.html", rows=rows, people=people, roles=roles, **more)

    def _call(self) -> Issue | None:
        """The newest meeting issue that the App opened."""
        found = [i for repo in self.world.repositories.values() for i in repo.issues.values() if _is_call(i)]
        return max(found, key=lambda issue: issue.id, default=None)

    def _latest(self) -> list[Issue | Comment]:
        """What the App opened and wrote last, the newest first."""
        opened = [i for repo in self.world.repositories.values() for i in repo.issues.values() if i.via_app]
        said = [comment for comment in self.world.comments.values() if comment.via_app]
        both: list[Issue | Comment] = [*opened, *said]
        return sorted(both, key=lambda thing: thing.created_at, reverse=True)[:8]

    def _suggestion(self, repos: list[Repository]) -> dict[str, Any]:
        """An issue to begin with, in the first repository, and two people of whom only one may label there."""
        for repo in repos[:1]:
            named = {self.world.role(repo, person): person.login for person in reversed(self.view.people())}
            waiting = [issue for issue in repo.issues.values() if issue.state == "open" and issue.milestone]
            if waiting and {"triage", "read"} <= named.keys():
                return {
                    "first": max(waiting, key=lambda issue: len(issue.labels)),
                    "triager": named["triage"],
                    "reader": named["read"],
                }
        return {"first": None}

    async def repository(self, request: Request) -> Response:
        return RedirectResponse(f"{address(self._repository(request))}/issues", 307)

    async def issues(self, request: Request) -> Response:
        """`state`: open or closed; `label`: those that have it; `page`."""
        repo, query = self._repository(request), request.query_params
        state, wanted = ("closed" if query.get("state") == "closed" else "open"), query.get("label", "")
        found = [i for i in repo.issues.values() if not wanted or wanted.lower() in map(str.lower, i.label_names)]
        counts = {each: sum(issue.state == each for issue in found) for each in ("open", "closed")}
        shown = sorted((i for i in found if i.state == state), key=lambda i: (i.created_at, i.number), reverse=True)
        page = _page_number(query.get("page", ""))
        more = len(shown) > page * PER_PAGE
        shown = shown[(page - 1) * PER_PAGE : page * PER_PAGE]
        return self.view.page(
            request,
            "issues.html",
            repo=repo,
            issues=shown,
            state=state,
            label=wanted,
            counts=counts,
            page_number=page,
            more=more,
        )

    async def issue(self, request: Request) -> Response:
        issue = self._issue(request)
        if address(issue) != request.url.path:
            return RedirectResponse(address(issue), 307)
        repo = issue.repository
        return self.view.page(
            request,
            "issue.html",
            issue=issue,
            repo=repo,
            story=story(issue),
            checks=[run for run in repo.check_runs if issue.pull and run.sha == issue.pull.sha],
            people=self.view.people(),
            hints=hints(repo),
            script=self._script(issue),
            boxes=next((comment for comment in issue.by_bot if boxes.has(comment.body) or _is_settled(comment)), None),
            settled=any(map(_is_settled, issue.by_bot)),
            call_is_over=bool(
                self.world.timetable and self.world.timetable.end(issue.created_at) <= self.world.clock()
            ),
        )

    def _script(self, issue: Issue) -> tuple[demo_meetings.Line, ...]:
        """What may be said in the demo's call; nothing where there is none."""
        return demo_meetings.script(self.world.clock()) if self.world.timetable and _is_call(issue) else ()

    async def new_issue(self, request: Request) -> Response:
        return self.view.page(request, "new.html", repo=self._repository(request), people=self.view.people())

    async def file(self, request: Request) -> Response:
        repo, path = self._repository(request), request.path_params["path"]
        if request.path_params["branch"] != repo.default_branch or (path not in repo.files and path != CONFIG):
            raise not_found()
        writers = [p for p in self.view.people() if self.world.may(repo, p, "write")]
        folder = path.rpartition("/")[0] + "/"
        others = [other for other in sorted(repo.files) if "meetings/" in folder and other.startswith(folder)]
        text = repo.files.get(path, "")
        return self.view.page(request, "file.html", repo=repo, path=path, text=text, writers=writers, others=others)

    async def deliveries(self, request: Request) -> Response:
        page = _page_number(request.query_params.get("page", ""))
        log = list(reversed(self.view.deliverer.log))
        shown = log[(page - 1) * PER_PAGE : page * PER_PAGE]
        more = len(log) > page * PER_PAGE
        return self.view.page(request, "deliveries.html", deliveries=shown, page_number=page, more=more)

    async def delivery(self, request: Request) -> Response:
        number = request.path_params["delivery_id"]
        one = self.view.deliverer.find(number)
        if one is None:
            raise not_found()
        payload = json.dumps(one.payload, indent=2, ensure_ascii=False)
        return self.view.page(request, "delivery.html", delivery=one, payload=payload)

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC:
            raise not_found()
        headers = HEADERS | {"cache-control": "no-cache"}
        return FileResponse(HERE / "static" / name, media_type=STATIC[name], headers=headers)

    async def label_colors(self, _request: Request) -> Response:
        return Response(style_sheet(self.view.colors()), media_type="text/css", headers=HEADERS)

    async def avatar(self, request: Request) -> Response:
        for who in self.world.accounts.values():
            if who.id == request.path_params["account_id"]:
                return Response(
                    avatar.svg(who), media_type="image/svg+xml", headers=HEADERS | {"cache-control": "max-age=60"}
                )
        raise not_found()

    def _repository(self, request: Request) -> Repository:
        return self.world.find_repository(f"{request.path_params['owner']}/{request.path_params['repo']}")

    def _issue(self, request: Request) -> Issue:
        """A deleted issue is 410; of a transferred one the page says that it moved."""
        return self.world.issue(self._repository(request).full_name, request.path_params["number"])


def _is_settled(comment: Comment) -> bool:
    """Whether it is the minutes after somebody approved them."""
    return "\n#### Carried out" in comment.body.replace("\r\n", "\n")


def _is_call(issue: Issue) -> bool:
    return issue.via_app and demo_meetings.LABEL in issue.label_names


def hints(repo: Repository) -> list[str]:
    """Commands worth trying here: those whose label or milestone there is."""
    titles = {milestone.title for milestone in repo.milestones.values()}
    lacking = {"/milestone OTF security work": "OTF security work", "/a11y": "Accessibility"}
    types = {f"/type {one.name.lower()}" for one in repo.owner.issue_types}
    found = [h for h in HINTS if lacking.get(h) in {None, *titles} and (h in types or not h.startswith("/type "))]
    return [hint for hint in found if not hint.startswith("/label ") or hint.removeprefix("/label ") in repo.labels]


def _page_number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
