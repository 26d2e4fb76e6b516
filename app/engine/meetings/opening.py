"""Opens the issue of a meeting, exactly once, and settles what follows: the previous one, the pin, labels that brought items.

The row in our database comes first, then GitHub's list is asked for an issue of ours with the meeting's hidden line, and
only where there is none one is made. So a crash at any place, a second worker and a request by hand end with one issue.
An issue that a person opened with the same title is not ours: it stays, and the meeting gets its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sa

from app.core import events
from app.core.values import Ref
from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings import agenda, due, places
from app.engine.meetings.attending import Attending
from app.engine.meetings.dressing import Dressing
from app.engine.meetings.files import Described
from app.engine.meetings.following import Following
from app.engine.meetings.said import Voice, mark
from app.engine.meetings.scene import Scene
from app.engine.meetings.task import Task
from app.engine.writing import Result
from app.errors import Mistake, Permanent
from app.meetings import agenda as regions
from app.meetings import recurrence, template
from app.meetings.template import Neighbour, Rendered, View
from app.store import meetings, mirror
from app.store.meetings import Meeting

LOOK_BACK = timedelta(days=40)
"""Issues of ours that were not touched for so long are not asked for: no meeting is opened so long before."""


class Opening:
    """Does it for one delivery."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def open(self, task: Task, described: Described) -> tuple[str, str]:
        """The state of the delivery and the reason. Raises what app.github.errors draws."""
        try:
            scene = await self._services.database.read(partial(self.scene, task=task, described=described))
        except Mistake as mistake:
            return "failed", str(mistake)
        if scene.occurrence.status != "planned":
            return "ignored", f"the meeting is {scene.occurrence.status}: {scene.occurrence.reason}"
        noted = await at_last(lambda: self._services.database.run(lambda conn: self._note(conn, scene)))
        if noted.state not in ("opening", "open", "frozen"):
            return "ignored", f"the meeting is {noted.state}"
        made = await self._voice.step("issue", partial(self._issue, scene))
        if "refused" in made:
            return "failed", f"no issue: {made['refused']}"
        number: int = made["after"]
        said = await Following(self._services, self._voice).settle(scene, number)
        return "done", "; ".join([f"{scene.at.repository.full_name}#{number} {made['how']}", *said])

    def scene(self, conn: sa.Connection, task: Task, described: Described) -> Scene:
        """Raises Mistake where there can be no such meeting."""
        at, series = places.place(conn, described), described.series
        changes = due.changed(meetings.changes(conn, described.repository_id, series.id))
        occurrence = recurrence.find(series, task.key.day, changes)
        if occurrence is None:
            occurrence = recurrence.on(series, task.key.day, changes)
        previous = meetings.before(conn, task.key)
        previous_at = mirror.repository(conn, previous.issue_repository_id or 0) if previous else None
        following = recurrence.following(series, occurrence.start, changes, limit=1)
        now, web_url = self._services.clock(), self._services.web_url
        gathered = agenda.gather(conn, described, at, occurrence.day, now=now, web_url=web_url)
        return Scene(described, at, occurrence, previous, previous_at, next(iter(following), None), gathered)

    def _note(self, conn: sa.Connection, scene: Scene) -> Meeting:
        """The row, made or found. One that was reported as missed is opened all the same when somebody asks for it."""
        one, now = scene.occurrence, self._services.clock()
        new = Meeting(
            *scene.key,
            starts_at=due.millis(one.start),
            ends_at=due.millis(one.end),
            number=one.number,
            variant=one.variant,
            place=one.place,
            opened_at=now,
        )
        if not meetings.begin(conn, new):
            meetings.update(conn, scene.key, states=["reported"], state="opening", opened_at=now, reason="")
        return meetings.get(conn, scene.key) or new

    async def _issue(self, scene: Scene) -> Result:
        """Found again, or made. Once it is noted, a repeated run finds it there."""
        noted = await self._services.database.read(lambda conn: meetings.get(conn, scene.key))
        if noted is not None and noted.issue_number is not None:
            return {"after": noted.issue_number, "how": "was opened already"}
        rendered = await self.rendered(scene)
        dressing, found, how = Dressing(self._services, scene.at), await self._find(scene), "found again"
        if found is None:
            found, how = await dressing.create(rendered, f"{rendered.body}\n{mark(scene.key)}"), "opened"
        found, missing = await dressing.dress(found, rendered)
        await at_last(lambda: self._services.database.run(lambda conn: self._keep(conn, scene, found, rendered)))
        return {"after": found.number, "how": how + (f" without {', '.join(missing)}" if missing else "")}

    async def _find(self, scene: Scene) -> events.Issue | None:
        """An issue of ours with the hidden line which belongs to no other meeting; from the list, for the search lags."""
        now = datetime.fromtimestamp(self._services.clock() / 1000, UTC)
        github, hidden = self._services.github.installation(scene.at.installation_id), mark(scene.key)
        repo, at = scene.at.repository.full_name, scene.at.repository.id
        async for issue in github.issues_by(repo, self._services.bot_login, since=now - LOOK_BACK):
            if hidden in (line.strip() for line in (issue.body or "").splitlines()):
                owner = await self._services.database.read(
                    partial(meetings.of_issue, repository_id=at, number=issue.number)
                )
                if owner is None or owner.key == scene.key:
                    return issue
        return None

    def _keep(self, conn: sa.Connection, scene: Scene, issue: events.Issue, rendered: Rendered) -> None:
        body = (issue.body or "").replace("\r\n", "\n")
        begun = self._services.clock() >= due.millis(scene.occurrence.start)
        meetings.update(
            conn,
            scene.key,
            state="frozen" if begun else "open",
            issue_repository_id=scene.at.repository.id,
            issue_number=issue.number,
            issue_id=issue.id,
            title=rendered.title,
            body=body,
            read_body=body,
            agenda=regions.in_body(body) or "",
            refreshed_at=self._services.clock(),
        )
        meetings.list_items(conn, scene.gathered.listed, scene.occurrence.day)
        mirror.put_issues(conn, scene.at.repository.id, [issue], answered=True)

    async def rendered(self, scene: Scene) -> Rendered:
        """Raises Permanent, whose sentence says what to mend in the template."""
        described, view = scene.described, await self.view(scene)
        try:
            return template.render(described.series, described.template, scene.occurrence, view)
        except Mistake as mistake:
            raise Permanent(str(mistake)) from mistake

    async def view(self, scene: Scene) -> View:
        """What the template sees of it."""
        series, gathered = scene.described.series, scene.gathered
        return View(
            previous=self._previous(scene),
            next=Neighbour(scene.following.number, scene.following.start) if scene.following else None,
            agenda=gathered.region,
            agenda_url=self._agenda_url(scene),
            attendees=await Attending(self._services).team(series, scene.at),
            carried=gathered.carried,
            todos=gathered.todos,
        )

    def _previous(self, scene: Scene) -> Neighbour | None:
        """With its issue, where that may be named here."""
        one, at = scene.previous, scene.previous_at
        if one is None or at is None or not scene.described.series.issue.previous.link:
            return None
        start = due.moment(one.starts_at).astimezone(scene.occurrence.start.tzinfo)
        if not places.shown(scene.described, scene.at, at):
            return Neighbour(one.number, start)
        ref = Ref(at.repository.full_name, one.issue_number or 0)
        url = f"{self._services.web_url}/{ref.repository}/issues/{ref.number}"
        return Neighbour(one.number, start, one.title, url, ref)

    def _agenda_url(self, scene: Scene) -> str:
        repo, link = scene.at.repository.full_name, scene.described.series.agenda.link
        if link == "project":
            return f"{self._services.web_url}/{repo}/projects"
        urls = [found.url for found in scene.gathered.totals.values() if found.url]
        return (urls or [f"{self._services.web_url}/{repo}/issues"])[0] if link == "issue" else ""
