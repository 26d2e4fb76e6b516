"""Labels as code against ../shared/ghkit, which checks every call against GitHub's published description."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import wiring
from app.engine.labels import Labels
from app.github.limits import Limits
from app.settings import Settings
from app.store import label_jobs, mirror
from app.store.database import Database
from app.store.mirror import KnownRepository
from app.wiring import Reach
from tests.ghkit import Ghkit

pytestmark = pytest.mark.contract

REPO = "acme/widgets"
CONFIG = """\
labels:
  - {name: bug, color: "D73A4A", description: It broke}
  - {name: accessibility, color: "0e8a16", previously: [a11y, "UX/UI"]}
  - {name: old, archived: true}
  - {name: "new 🐛", description: ""}
"""


class Visit:
    def __init__(self, kit: Ghkit, parts: Reach) -> None:
        self.kit = kit
        self.parts = parts
        self.labels: Labels = wiring.labels(parts)

    async def known(self) -> KnownRepository:
        found = await self.parts.database.read(lambda conn: mirror.repository_named(conn, REPO))
        assert found is not None
        return found

    def issue(self, *labels: str, closed: bool = False, pull: bool = False) -> int:
        number = self.kit("pull" if pull else "issue", repo=REPO, by="rita", title="It broke")["number"]
        self.kit("act", what="label", repo=REPO, number=number, by="mia", labels=list(labels))
        if closed:
            self.kit("act", what="close", repo=REPO, number=number, by="mia")
        return number

    def on(self, number: int) -> list[str]:
        return sorted(self.kit("state", repo=REPO, number=number)["labels"])

    async def there(self) -> set[str]:
        known = await self.known()
        return {label.name for label in await self.parts.github.installation(known.installation_id).labels(REPO)}


@pytest.fixture
async def visit(ghkit: Ghkit, tmp_path: Path) -> AsyncIterator[Visit]:
    ghkit("settings", secondary_limits=False)  # a merge at our own pace would take minutes
    ghkit("users", logins=["mia", "rita"])
    ghkit("org", login="acme", members={"ann": "admin"})
    labels = ["BUG", "a11y", "UX/UI", "old", "mine", "C#"]
    ghkit("repo", full=REPO, labels=labels, roles={"mia": "maintain"}, files={".github/rounds.yml": CONFIG})
    permissions = {"issues": "write", "contents": "read", "pull_requests": "write", "metadata": "read"}
    app = ghkit("app", slug="rounds", permissions=permissions, events=[])
    ghkit("install", app="rounds", account="acme")
    settings = Settings(
        github_app_id=app["client_id"],
        github_private_key=app["private_key"],
        webhook_secrets=("secret",),
        github_api_url=ghkit.url,
        github_web_url="https://github.com",
        database_url=f"sqlite:///{tmp_path / 'rounds.db'}",
    )
    database = Database.open(settings.database_url)
    database.migrate()
    database.close()
    async with wiring.reach(settings, Limits.unlimited()) as parts:
        await parts.sync.installations()
        yield Visit(ghkit, parts)
    ghkit("settings", secondary_limits=True)


async def test_all_steps_and_back(visit):
    one, two, three = visit.issue("a11y"), visit.issue("UX/UI", "a11y", closed=True), visit.issue("UX/UI", pull=True)
    look = await visit.labels.look(await visit.known())
    assert [unknown.name for unknown in look.plan.unknown] == ["C#", "mine"]
    report = await visit.labels.finish(look, ("C#",))
    assert report.refused == []
    assert str(report) == "1 created, 2 renamed, 2 recoloured, 1 described, 1 archived, 1 merged, 1 deleted"
    assert await visit.there() == {"bug", "accessibility", "old", "mine", "new 🐛"}
    assert [visit.on(number) for number in (one, two, three)] == [["accessibility"]] * 3
    known = await visit.known()
    assert (await visit.labels.look(known)).plan.steps == ()
    jobs = await visit.parts.database.read(lambda conn: label_jobs.of(conn, known.repository.id))
    merge = next(job for job in jobs if job.target)
    restored = await visit.labels.restored(known, merge.id)
    assert (restored.gone, restored.refused) == (0, 0)
    assert merge.source.name in await visit.there()
    assert [merge.source.name in visit.on(number) for number in (one, two, three)].count(True) == merge.issues


async def test_many_issues(visit):
    numbers = [visit.issue("a11y", closed=number % 2 == 0) for number in range(130)]
    visit.kit("label", repo=REPO, name="accessibility")
    report = await visit.labels.finish(await visit.labels.look(await visit.known()))
    assert report.refused == []
    assert all(visit.on(number) == ["accessibility"] for number in numbers)
    assert not {"a11y", "UX/UI"} & await visit.there()
