from __future__ import annotations

from typing import Any

import pytest

from app.engine.meetings.files import DAY, HOUR, SERVER, SeriesFiles, server_series
from app.errors import Unavailable
from app.github.contents import Entry
from app.store import configs
from app.store.database import Database
from tests.engine.fakes import Clock, FakeGitHub, FakeInstallation, filled, services, widgets

YML, MD = ".github/meetings/weekly.yml", ".github/meetings/weekly.md"
TEXT = 'version: 1\nname: Weekly\nschedule: {timezone: UTC, starts: 2026-11-20, time: "10:30", rule: every Friday}\n'
OTHER = TEXT.replace("Weekly", "Fortnightly")
ISSUE_TEMPLATE = ".github/ISSUE_TEMPLATE/weekly.md"


class Folders(FakeInstallation):
    """With the folders that its files lie in."""

    async def folder(self, repo: str, path: str, *, ref: str | None = None) -> tuple[Entry, ...]:
        files = self._repository("folder", repo).files
        names = sorted(name for name in files if name.startswith(f"{path}/"))
        return tuple(Entry(name=name.rpartition("/")[2], path=name) for name in names)


class Office(FakeGitHub):
    def installation(self, id_: int) -> FakeInstallation:
        return Folders(self, id_)


class Scene:
    def __init__(self, database: Database) -> None:
        self.clock, self.repository = Clock(), widgets(files={YML: TEXT, MD: "{{ agenda }}"})
        self.github = Office(self.repository)
        self.services = services(database, self.github, self.clock)
        self.database = database

    async def begin(self) -> None:
        self.home = await filled(self.services)
        self.files = self.restarted()

    def restarted(self, server: Any = ()) -> SeriesFiles:
        github: Any = self.github
        return SeriesFiles(self.database, github, self.clock, server)

    async def names(self) -> list[str]:
        return [one.series.name for one in await self.files.all()]

    async def templates(self) -> list[str]:
        return [one.template for one in await self.files.all()]


@pytest.fixture
async def scene(database: Database) -> Scene:
    made = Scene(database)
    await made.begin()
    return made


async def test_what_was_read_is_known_to_every_process(scene):
    assert await scene.names() == []
    assert [one.repository.full_name for one in await scene.files.due()] == ["acme/widgets"]
    assert await scene.files.read(scene.home) == type(await scene.files.read(scene.home))(1, "")
    (found,) = await scene.restarted().all()
    assert (found.series.id, found.series.name, found.template) == ("weekly", "Weekly", "{{ agenda }}")
    assert found.home.repository.full_name == "acme/widgets"
    one = await scene.files.find(77, "weekly")
    assert one is not None
    assert one.series == found.series
    assert await scene.files.find(77, "other") is None
    assert await scene.files.find(SERVER, "weekly") is None
    assert await scene.files.find(5, "weekly") is None


async def test_when_a_folder_is_read_again(scene):
    await scene.files.read(scene.home)
    assert await scene.files.due() == []
    scene.clock.forward(seconds=HOUR / 1000 + 1)
    assert len(await scene.files.due()) == 1
    await scene.files.read(scene.home)
    scene.clock.forward(seconds=60)
    assert await scene.files.due() == []
    assert len(await scene.restarted().due()) == 1, "a push may have been missed while we were down"
    await scene.database.run(lambda conn: configs.mark_stale(conn, 77, ".github/meetings/"))
    assert len(await scene.files.due()) == 1


async def test_a_repository_without_series_is_asked_once_a_day(scene):
    scene.repository.files.clear()
    await scene.files.read(scene.home)
    scene.clock.forward(seconds=2 * HOUR / 1000)
    assert await scene.restarted().due() == []
    scene.clock.forward(seconds=DAY / 1000)
    assert len(await scene.files.due()) == 1


async def test_the_last_good_pair_works_on(scene):
    await scene.files.read(scene.home)
    scene.repository.files |= {YML: TEXT.replace("every Friday", "now and then"), MD: "{{ start }}"}
    reading = await scene.files.read(scene.home)
    assert reading.problems.startswith(f"{YML}:3:")
    assert (await scene.names(), await scene.templates()) == (["Weekly"], ["{{ agenda }}"])
    scene.repository.files |= {YML: OTHER, MD: "{{ nonsense }}"}
    reading = await scene.files.read(scene.home)
    assert "nonsense" in reading.problems
    assert (await scene.names(), await scene.templates()) == (["Weekly"], ["{{ agenda }}"])
    scene.repository.files[MD] = "{{ name }}"
    assert (await scene.files.read(scene.home)).problems == ""
    assert (await scene.names(), await scene.templates()) == (["Fortnightly"], ["{{ name }}"])


async def test_a_series_without_a_template_has_a_mistake(scene):
    del scene.repository.files[MD]
    reading = await scene.files.read(scene.home)
    assert reading.problems == f"{YML}:1:1: there is no template: expected {MD}"
    assert await scene.names() == []


async def test_an_issue_template_serves_unchanged(scene):
    scene.repository.files |= {
        YML: f"{TEXT}issue: {{template: {ISSUE_TEMPLATE}}}\n",
        ISSUE_TEMPLATE: "---\nname: x\n---\nHi",
    }
    await scene.files.read(scene.home)
    assert await scene.templates() == ["---\nname: x\n---\nHi"]


async def test_what_is_gone_is_gone(scene):
    await scene.files.read(scene.home)
    scene.repository.files.clear()
    assert (await scene.files.read(scene.home)).count == 0
    assert await scene.names() == []
    with scene.database.reading() as conn:
        assert [file.path for file in configs.under(conn, ".github/meetings/")] == [".github/meetings/"]


async def test_what_github_does_not_give_now_stays_as_it_was(scene):
    await scene.files.read(scene.home)
    scene.github.faults["folder"] = [Unavailable("down", 3.0)]
    with pytest.raises(Unavailable):
        await scene.files.read(scene.home)
    assert await scene.names() == ["Weekly"]


async def test_all_files_of_the_folder_are_series(scene):
    scene.repository.files |= {".github/meetings/daily.yml": OTHER, ".github/meetings/daily.md": "Hi"}
    await scene.files.read(scene.home)
    assert await scene.names() == ["Fortnightly", "Weekly"]


async def test_series_of_the_server(scene, tmp_path):
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "weekly.yml").write_text(TEXT + "issue: {repo: acme/widgets}\n")
    (tmp_path / "meetings" / "weekly.md").write_text("Hi")
    (tmp_path / "meetings" / "broken.yml").write_text("name: x\n")
    files = scene.restarted(server_series(tmp_path))
    (found,) = await files.all()
    assert (found.repository_id, found.series.id, found.template, found.home) == (SERVER, "weekly", "Hi", None)
    one = await files.find(SERVER, "weekly")
    assert one == found
