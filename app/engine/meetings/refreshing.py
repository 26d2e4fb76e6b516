"""Keeps the agenda in a meeting's issue fresh until the start, without ever touching what people wrote.

Only the region between the markers is written anew, and only where it is as we left it: who changed something in it is told
what is new in a comment of ours. GitHub has no "write if unchanged", so the body is noted as it was read right before the
write, and the webhook of our edit, which brings the text before it, shows whether somebody was quicker: see `guarding`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa

from app.core.values import Ref
from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings import agenda, listing, places
from app.engine.meetings.agenda import Gathered
from app.engine.meetings.files import Described
from app.engine.meetings.said import Voice, mark
from app.engine.writing import Result, comment_once
from app.errors import Mistake
from app.github.errors import Gone, Moved, NotFound
from app.meetings import agenda as regions
from app.store import meetings
from app.store.meetings import Meeting
from app.store.mirror import KnownRepository

NEWS = "The agenda above was changed by hand, so it stays as it is. New since then:"
NO_NEWS = "The agenda above was changed by hand, so it stays as it is. There is nothing that it lacks."


def plain(body: str | None) -> str:
    """With LF as line ends: GitHub gives CRLF back."""
    return (body or "").replace("\r\n", "\n")


def stands(meeting: Meeting, made: str) -> bool:
    """Whether the region that was made is the one that stands in the issue, or was told."""
    whole = regions.with_region(meeting.body, made)
    return meeting.agenda in (made, regions.in_body(whole) if whole else made)


def news(made: str, body: str) -> list[str]:
    """The items of a region that a body does not name: by issue, or by their words."""
    found = []
    for line in made.splitlines():
        item = line.strip().removeprefix("- [ ] ")
        ref = item.partition(" ")[0]
        named = f"{ref} " in f"{body} ".replace("\n", " ") if "#" in ref and "/" in ref else item in body
        if line.strip().startswith("- [ ] ") and not named:
            found.append(f"- {item}")
    return found


class Refreshing:
    """Does it for one delivery."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def refresh(self, described: Described, meeting: Meeting) -> tuple[str, str]:
        """The state of the delivery and the reason."""
        if meeting.state != "open" or meeting.issue_number is None or self._begun(meeting):
            return "ignored", "the meeting has begun"
        try:
            at, gathered = await self._services.database.read(lambda conn: self._gathered(conn, described, meeting))
        except Mistake as mistake:
            return "failed", str(mistake)
        if stands(meeting, gathered.region):
            return "done", "nothing is new on the agenda"
        result = await self._voice.step("agenda", partial(self._write, meeting, at, gathered))
        if "refused" in result:
            await self._keep(meeting, agenda=gathered.region, refreshed_at=self._services.clock())
            return "failed", f"the agenda can't be written: {result['refused']}"
        if "gone" in result:
            return "done", "the meeting's issue is gone"
        said = [str(result["after"])]
        if described.series.agenda.remove_label == "when-listed":
            said += await listing.take_off(self._services, self._voice, meeting.key, gathered)
        return "done", "; ".join(said)

    def _begun(self, meeting: Meeting) -> bool:
        return self._services.clock() >= meeting.starts_at

    def _gathered(
        self, conn: sa.Connection, described: Described, meeting: Meeting
    ) -> tuple[KnownRepository, Gathered]:
        at = places.where(conn, meeting)
        now, web_url = self._services.clock(), self._services.web_url
        return at, agenda.gather(conn, described, at, meeting.day, now=now, web_url=web_url)

    async def _write(self, meeting: Meeting, at: KnownRepository, gathered: Gathered) -> Result:
        """One step: what is read is written at once, so that little time is left for others between."""
        assert meeting.issue_number is not None
        github = self._services.github.installation(at.installation_id)
        try:
            body = plain((await github.issue(at.repository.full_name, meeting.issue_number)).body)
        except (Gone, Moved, NotFound):
            await self._keep(meeting, state="closed", reason="its issue is gone")
            return {"gone": True}
        stood, made = regions.in_body(body), regions.with_region(body, gathered.region)
        wanted = regions.in_body(made) if made is not None else None
        if stood is None or made is None or stood not in (meeting.agenda, wanted):
            return await self._tell(meeting, at, gathered, body)
        if self._begun(meeting):
            return {"after": "the meeting has begun"}
        if made != body:
            await self._keep(meeting, read_body=body)
            await github.update_issue(at.repository.full_name, meeting.issue_number, body=made)
            await self._keep(meeting, body=made)
        await self._shown(meeting, gathered, wanted or "")
        return {"after": "the agenda is fresh"}

    async def _tell(self, meeting: Meeting, at: KnownRepository, gathered: Gathered, body: str) -> Result:
        """In one comment, edited from then on."""
        assert meeting.issue_number is not None
        found, hidden = news(gathered.region, body), mark(meeting.key, "news")
        github, repo = self._services.github.installation(at.installation_id), at.repository.full_name
        text = "\n\n".join([f"{NEWS}\n\n" + "\n".join(found) if found else NO_NEWS, hidden])
        id_ = meeting.news_comment_id
        if id_ is not None and await github.comment(repo, id_) is not None:
            await github.edit_comment(repo, id_, text)
        elif found:
            target = Ref(repo, meeting.issue_number)
            id_ = await comment_once(self._voice.writing(github, at), target, text, hidden)
        await self._keep(meeting, news_comment_id=id_)
        await self._shown(meeting, gathered, gathered.region)
        return {"after": f"the agenda was edited by hand, {len(found)} items are new"}

    async def _shown(self, meeting: Meeting, gathered: Gathered, made: str) -> None:
        now = self._services.clock()

        def keep(conn: sa.Connection) -> None:
            meetings.list_items(conn, gathered.listed, meeting.day)
            meetings.update(conn, meeting.key, agenda=made, refreshed_at=now)

        await at_last(lambda: self._services.database.run(keep))

    async def _keep(self, meeting: Meeting, **values: Any) -> None:
        await at_last(lambda: self._services.database.run(lambda conn: meetings.update(conn, meeting.key, **values)))
