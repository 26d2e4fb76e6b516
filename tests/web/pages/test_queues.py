from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.values import Repository
from app.store import configs, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import PATH
from app.web.pages import queues
from tests.store import issues_of
from tests.web.pages.test_issues import MEMBER, NOW, OPEN, Read, browser, table, world

__all__ = ["world"]

OURS = f"""
{OPEN}
queues:
  to-triage: {{title: "Ours <b>first</b>", filter: "label:bug", resolution: Fix it., low_water: 500}}
  waiting-on-us: off
  closed-ones: {{filter: "is:closed sort:newest"}}
"""


def say(database: Database, repository: int, text: str) -> None:
    with database.transaction() as conn:
        configs.put(conn, ConfigFile(repository, PATH, "sha2", text, text, "", NOW + 1, dashboard="public"))


async def test_the_servers_queues_are_there_without_a_word_of_the_team(world: Database):
    async with browser(world) as client:
        told = (await client.get("/queues.json")).json()["queues"]
        assert [one["id"] for one in told] == [
            "to-triage", "waiting-on-us", "pull-requests-unanswered", "info-answered", "no-answer",
        ]  # fmt: skip
        assert told[0]["rule"] == "open, not triaged yet, issues only"
        assert told[0]["repositories"] == ["acme/core", "acme/Web"]
        for one in told:
            same = (await client.get(f"{one['address'].replace('/queues/', '/queues/')}.json")).json()
            assert (
                same["total"] == one["count"] == (await client.get(same["list"].replace("?", ".json?"))).json()["total"]
            )
            assert one["rule"] == same["rule"]


async def test_the_forms_agree(world: Database):
    async with browser(world) as client:
        listed = (await client.get("/queues.json")).json()["queues"]
        rows = table((await client.get("/queues.csv")).text)
        assert [(row["id"], int(row["count"])) for row in rows] == [(one["id"], one["count"]) for one in listed]
        page = await client.get("/queues")
        for one in listed:
            assert f'href="{one["address"]}"' in page.text
            assert one["rule"] in page.text
            told = (await client.get(f"{one['address']}.json")).json()
            read = Read((await client.get(one["address"])).text)
            assert not read.styled
            assert read.issues == [f"/issues/{row['repository']}/{row['number']}" for row in told["issues"]]
            assert len(table((await client.get(f"{one['address']}.csv")).text)) == len(told["issues"])
            assert (await client.get(f"{one['address']}.atom")).text.count("<entry>") == len(told["issues"])


async def test_a_team_has_queues_of_its_own(world: Database):
    say(world, issues_of.WEB, OURS)
    async with browser(world) as client:
        told = {one["address"]: one for one in (await client.get("/queues.json")).json()["queues"]}
        assert told["/queues/to-triage"]["repositories"] == ["acme/core"]
        ours = told["/queues/to-triage?repo=acme/Web"]
        assert (ours["title"], ours["low"], ours["repositories"]) == ("Ours <b>first</b>", True, ["acme/Web"])
        assert told["/queues/waiting-on-us"]["repositories"] == ["acme/core"]
        assert told["/queues/closed-ones"]["repositories"] == ["acme/Web"]
        page = await client.get("/queues/to-triage?repo=acme/web")
        assert "fewer than the 500" not in page.text  # of a part of the list nothing is said
        assert "fewer than the 500" in (await client.get("/queues")).text
        assert "Ours &lt;b&gt;first" in page.text
        assert {link.split("/")[3] for link in Read(page.text).issues} == {"Web"}
        assert (await client.get("/queues/waiting-on-us?repo=acme/web")).status_code == 404
        newest = (await client.get("/queues/closed-ones.json")).json()["issues"]
        assert [one["created_at"] for one in newest] == sorted((one["created_at"] for one in newest), reverse=True)


async def test_a_queue_is_narrowed_to_one_repository_and_has_pages(world: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queues, "MOST", 3)
    async with browser(world) as client:
        total = (await client.get("/queues/to-triage.json?repo=acme/core")).json()["total"]
        found, path = [], "/queues/to-triage?repo=acme/core"
        while path:
            read = Read((await client.get(path)).text)
            found += read.issues
            path = read.next
    assert len(found) == len(set(found)) == total > 3
    assert all(link.startswith("/issues/acme/core/") for link in found)


async def test_what_is_private_is_in_no_queue_of_strangers(world: Database):
    async with browser(world) as anybody, browser(world, MEMBER) as member:
        theirs = {one["id"]: one["count"] for one in (await anybody.get("/queues.json")).json()["queues"]}
        mine = {one["id"]: one["count"] for one in (await member.get("/queues.json")).json()["queues"]}
        assert mine["to-triage"] > theirs["to-triage"]
        for form in ("", ".json", ".csv", ".atom"):
            assert (await anybody.get(f"/queues/to-triage{form}?repo=other/secret")).status_code == 404
            assert "other/secret" not in (await anybody.get(f"/queues{form}")).text if form != ".atom" else True
        assert (await member.get("/queues/to-triage?repo=other/secret")).status_code == 200


async def test_queues_of_an_organization_whose_file_is_private_are_not_told(world: Database):
    """The repositories have no file of their own: what the private one says is for those who may read it."""
    shared = Repository(9, "acme/.github", private=True)
    with world.transaction() as conn:
        mirror.put_repositories(conn, 5, [shared], whole=False)
        for id_ in (issues_of.CORE, issues_of.WEB):
            configs.put(conn, replace(ConfigFile(id_, PATH, None, None, None, "", NOW + 5), dashboard=None))
        configs.put(conn, ConfigFile(9, PATH, "s", OURS, OURS, "", NOW, dashboard="public"))
    async with browser(world) as client:
        assert "Ours" not in (await client.get("/queues")).text
        assert (await client.get("/queues/closed-ones")).status_code == 404


async def test_unknown_queues_are_not_there(world: Database):
    async with browser(world) as client:
        for path in (
            "/queues/nothing",
            "/queues/to-triage.xml",
            "/queues.xml",
            "/queues/to-triage?repo=x",
            "/queues/%00",
        ):
            assert (await client.get(path)).status_code == 404, path


async def test_who_is_signed_in_finds_their_own_first(world: Database):
    async with browser(world) as client:
        assert (await client.get("/queues.json")).json()["mine"] == []
    async with browser(world, MEMBER) as client:
        mine = (await client.get("/queues.json")).json()["mine"]
        assert [one["id"] for one in mine] == ["assigned-to-you", "asked-of-you"]
        for one in mine:
            assert one["count"] == (await client.get(one["address"].replace("?", ".json?"))).json()["total"]
        page = (await client.get("/queues")).text
        assert page.index("Assigned to you") < page.index("to-triage")
