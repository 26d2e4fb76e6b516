"""The same journeys against ../shared/ghkit, which checks every call and every webhook against GitHub's published descriptions.

A violation of any level fails the test at its end (tests/ghkit.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from app import wiring
from app.engine.worker import Worker
from app.github.limits import Limits
from app.sandbox.server import bound
from app.settings import Settings
from app.store import deliveries, mirror
from app.store.database import Database
from app.web.asgi import build
from app.web.server import server
from tests.ghkit import Ghkit
from tests.journeys.town import CONFIG, LABELS, SECRET

pytestmark = pytest.mark.contract

REPO = "acme/widgets"
PERMISSIONS = {"issues": "write", "contents": "read", "pull_requests": "write", "members": "read", "metadata": "read"}


class Visit:
    """Rounds running against the kit."""

    def __init__(self, kit: Ghkit, database: Database, worker: Worker) -> None:
        self.kit = kit
        self.database = database
        self.worker = worker

    def issue(self, **about: Any) -> int:
        about = {"repo": REPO, "by": "rita", "title": "It broke", **about}
        return self.kit("issue", **about)["number"]

    async def says(self, number: int, login: str, text: str) -> int:
        comment = self.kit("comment", repo=REPO, number=number, by=login, body=text)["id"]
        await self.settled()
        return comment

    def state(self, number: int) -> dict[str, Any]:
        return self.kit("state", repo=REPO, number=number)

    def replies(self, number: int) -> list[dict[str, Any]]:
        return [comment for comment in self.state(number)["comments"] if comment["user"] == "rounds[bot]"]

    async def settled(self) -> None:
        await asyncio.to_thread(self.kit, "idle")

        def left(conn: Any) -> int:
            backlog = deliveries.backlog(conn)
            return sum(backlog[state] for state in deliveries.OPEN_STATES)

        await self.until(left, lambda open_work: open_work == 0)
        await asyncio.to_thread(self.kit, "idle")

    async def until(self, look: Callable[[Any], Any], enough: Callable[[Any], bool]) -> None:
        async with asyncio.timeout(60):
            while not enough(await self.database.read(look)):
                await asyncio.sleep(0.02)


@pytest.fixture
async def visit(ghkit: Ghkit, tmp_path: Path) -> AsyncIterator[Visit]:
    ghkit("users", logins=["mia", "wes", "tim", "rita", "sam"])
    ghkit("org", login="acme", members={"ann": "admin"})
    roles = {"mia": "maintain", "wes": "write", "tim": "triage", "rita": "read"}
    milestones = ["v1", "OTF security work", "Accessibility"]
    files = {".github/rounds.yml": CONFIG}
    ghkit("repo", full=REPO, labels=LABELS, milestones=milestones, roles=roles, files=files)
    ghkit("repo", full="acme/gadgets", labels=["bug"], roles={"mia": "maintain"})
    listening = bound(0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/github"
    events = ["issues", "issue_comment", "label", "milestone", "pull_request", "push", "repository", "member"]
    app = ghkit("app", slug="rounds", webhook_url=url, webhook_secret=SECRET, permissions=PERMISSIONS, events=events)
    ghkit("install", app="rounds", account="acme")
    settings = Settings(
        github_app_id=app["client_id"],
        github_private_key=app["private_key"],
        webhook_secrets=(SECRET,),
        github_api_url=ghkit.url,
        github_web_url="https://github.com",
        database_url=f"sqlite:///{tmp_path / 'rounds.db'}",
    )
    async with AsyncExitStack() as stack:
        database = Database.open(settings.database_url)
        database.migrate()
        stack.callback(database.close)
        await stack.enter_async_context(_receiving(settings, listening))
        worker = await stack.enter_async_context(wiring.working(settings, "worker", limits=Limits.unlimited()))
        opened = Visit(ghkit, database, worker)
        await opened.until(mirror.repositories, lambda known: len(known) == 2 and all(k.issues_at for k in known))
        yield opened


class _receiving:  # noqa: N801 - used like a function
    def __init__(self, settings: Settings, listening: Any) -> None:
        self._server = server(build(settings))
        self._listening = listening

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._server.serve(sockets=[self._listening]))

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        await self._task


async def test_a_triage_day(visit):
    number, other = visit.issue(), visit.issue(title="First of its kind")
    comment = await visit.says(
        number, "tim", "/label out of scope, UX/UI, C#\n/milestone OTF security work\n/priority high"
    )
    state = visit.state(number)
    assert sorted(state["labels"]) == ["C#", "UX/UI", "out of scope", "priority/high"]
    assert state["milestone"] == "OTF security work"
    assert next(c for c in state["comments"] if c["id"] == comment)["reactions"] == {"+1": 1}
    await visit.says(number, "tim", "/priority low\n/unlabel UX/UI, C#\n/milestone none\n/assign @mia")
    state = visit.state(number)
    assert sorted(state["labels"]) == ["out of scope", "priority/low"]
    assert (state["milestone"], state["assignees"]) == (None, ["mia"])
    await visit.says(number, "tim", f"/duplicate #{other}")
    assert (visit.state(number)["state"], visit.state(number)["state_reason"]) == ("closed", "duplicate")
    await visit.says(number, "tim", "/reopen\n/unassign @mia")
    await visit.says(number, "tim", "/close not-planned")
    assert (visit.state(number)["state"], visit.state(number)["state_reason"]) == ("closed", "not_planned")
    assert visit.replies(number) == []


async def test_a_label_costs_three_calls(visit):
    number = visit.issue()
    await visit.settled()
    visit.kit("calls", clear=True)
    await visit.says(number, "tim", "/label bug")
    made = visit.kit("calls")
    assert made["total"] == 3, made


async def test_refusals_are_one_reply_edited_in_place(visit):
    number = visit.issue()
    comment = await visit.says(number, "sam", "/label bug\n/assign @nobody-at-all")
    assert len(visit.replies(number)) == 1
    visit.kit("edit_comment", comment=comment, body="Never mind.")
    await visit.settled()
    (reply,) = visit.replies(number)
    assert "done" in reply["body"]
    assert visit.state(number)["labels"] == []


async def test_pull_requests_bodies_and_other_repositories(visit):
    pull = visit.kit("pull", repo=REPO, by="rita", title="A change")["number"]
    await visit.says(pull, "tim", "/label bug\n/milestone v1\n/close")
    assert (visit.state(pull)["labels"], visit.state(pull)["milestone"]) == (["bug"], "v1")
    assert visit.state(pull)["state"] == "closed"
    opened = visit.issue(by="tim", body="It broke.\n\n/label accessibility")
    await visit.settled()
    assert visit.state(opened)["labels"] == ["accessibility"]
    gadget = visit.kit("issue", repo="acme/gadgets", by="rita", title="Other")["number"]
    await visit.says(opened, "mia", f"acme/gadgets#{gadget} /label bug")
    assert visit.kit("state", repo="acme/gadgets", number=gadget)["labels"] == ["bug"]


async def test_mischief_with_webhooks_and_answers(visit):
    numbers = [visit.issue(title=f"Issue {n}") for n in range(4)]
    await visit.settled()
    visit.kit("chaos", duplicate=True, copies=2, reorder=4, reorder_window=0.05)
    visit.kit("fault", kind="status", status=502, method="POST", path="/comments$", times=2, effect=True)
    visit.kit("fault", kind="reset", method="POST", path="/labels$", times=2, effect=True)
    visit.kit("fault", kind="secondary", retry_after=1, path="/milestone|/issues/[0-9]+$", method="PATCH", times=1)
    for number in numbers:
        visit.kit("comment", repo=REPO, number=number, by="tim", body="/label bug\n/milestone v1\n/greet")
    await visit.settled()
    visit.kit("chaos")
    for number in numbers:
        state = visit.state(number)
        assert (state["labels"], state["milestone"]) == (["bug"], "v1")
        assert len(visit.replies(number)) == 1


async def test_what_was_dropped_is_recovered_at_the_next_look(visit):
    number = visit.issue()
    await visit.settled()
    visit.kit("chaos", drop=True)
    visit.kit("comment", repo=REPO, number=number, by="tim", body="/label bug")
    await asyncio.to_thread(visit.kit, "idle")
    visit.kit("chaos")
    assert visit.state(number)["labels"] == []
    await visit.worker._recovery.look()
    await visit.settled()
    assert visit.state(number)["labels"] == ["bug"]
