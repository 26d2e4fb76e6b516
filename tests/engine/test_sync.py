from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.values import Label, Milestone
from app.engine.gather import Services
from app.engine.sync import Sync
from app.errors import Permanent, Unavailable
from app.github.errors import Forbidden, Gone, Invalid, NotFound, ServerTrouble, Suspended, Uninstalled
from app.store import configs, mirror
from app.store.mirror import KnownRepository
from tests.engine.fakes import (
    NOW,
    FakeGitHub,
    FakeRepository,
    an_issue,
    installation_info,
    widgets,
)
from tests.store import events_of

CONFIG = ".github/rounds.yml"
TROUBLE = ServerTrouble("502", status=502, maybe_done=False)


@pytest.fixture
def github() -> FakeGitHub:
    made = FakeGitHub(widgets(issues={number: an_issue(number) for number in range(1, 6)}))
    made.repositories["other/gadgets"] = FakeRepository(78, "other/gadgets")
    made.installed[6] = ["other/gadgets"]
    made.listed.append(installation_info(6, "other"))
    return made


@pytest.fixture
def sync(known, github) -> Sync:
    return Sync(known.database, github, known.configs, known.clock)


async def repositories(known: Services) -> list[str]:
    found = await known.database.read(mirror.repositories)
    return [one.repository.full_name for one in found]


async def one(known: Services, id_: int = 77) -> KnownRepository:
    found = await known.database.read(lambda conn: mirror.repository(conn, id_))
    assert found is not None
    return found


async def issues(known: Services) -> list[int]:
    def look(conn):
        return [number for number in range(1, 10) if mirror.issue(conn, 77, number)]

    return await known.database.read(look)


# -- installations ---------------------------------------------------------------------------------------------


async def test_installations_are_found_with_their_repositories(sync, known):
    await sync.installations()
    assert await repositories(known) == ["acme/widgets", "other/gadgets"]
    assert (await one(known)).installation_id == 5
    assert [k.repository.id for k in await sync.pending()] == [77, 78]


async def test_a_whole_list_drops_what_is_missing_in_it(sync, known, github):
    await sync.installations()
    github.installed[5] = []
    await sync.installations()
    assert await repositories(known) == ["other/gadgets"]
    assert (await one(known)).removed


async def test_what_comes_back_is_read_anew(sync, known, github):
    await sync.installations()
    await sync.repository(await one(known))
    github.installed[5] = []
    await sync.installations()
    github.installed[5] = ["acme/widgets"]
    await sync.installations()
    assert [k.repository.id for k in await sync.pending()] == [77, 78]


async def test_what_is_taken_away_while_it_is_read_is_read_from_the_beginning_when_it_comes_back(sync, known, github):
    await sync.installations()

    def taken_away(_issues: int) -> None:
        with known.database.transaction() as conn:
            mirror.drop_repository(conn, 77)

    await sync.repository(await one(known), taken_away)
    await sync.installations()
    back = await one(known)
    assert (back.cursor, back.issues_at, back.past_known) == (None, None, False)
    await sync.repository(back)
    assert await issues(known) == [1, 2, 3, 4, 5]


async def test_a_suspended_installation_is_noted_and_not_asked(sync, known, github):
    await sync.installations()
    github.listed[0] = installation_info(5, suspended=True)
    github.calls.clear()
    await sync.installations()
    assert github.calls == [("installations", None), ("repositories", 6)]
    assert (await one(known)).suspended
    assert [k.repository.id for k in await sync.pending()] == [78]
    github.listed[0] = installation_info(5)
    await sync.installations()
    assert not (await one(known)).suspended


@pytest.mark.parametrize("fault", [TROUBLE, Suspended(5), Forbidden("GET", 403, "IP allow list"), Permanent("odd")])
async def test_one_that_can_not_be_listed_holds_up_no_other_and_loses_nothing(sync, known, github, fault):
    await sync.installations()
    github.installed[6].append("other/new")
    github.repositories["other/new"] = FakeRepository(79, "other/new")
    github.faults["repositories"] = [fault]
    await sync.installations()
    assert await repositories(known) == ["acme/widgets", "other/gadgets", "other/new"]


async def test_one_that_was_uninstalled_while_nobody_listened_is_found_out(sync, known, github):
    await sync.installations()
    del github.listed[0]
    github.faults["repositories"] = [Uninstalled(5)]
    await sync.installations()
    assert await repositories(known) == ["other/gadgets"]
    github.calls.clear()
    await sync.installations()
    assert github.calls == [("installations", None), ("repositories", 6)]


async def test_one_that_is_only_missing_in_the_list_stays(sync, known, github):
    """It may have been installed while the list was read."""
    await sync.installations()
    del github.listed[0]
    await sync.installations()
    assert await repositories(known) == ["acme/widgets", "other/gadgets"]


# -- one repository --------------------------------------------------------------------------------------------


async def test_a_repository_is_read_whole_with_names_configuration_and_issues(sync, known, github):
    github.repositories["acme/widgets"].files[CONFIG] = "version: 1"
    await sync.installations()
    pages: list[int] = []
    await sync.repository(await one(known), pages.append)
    now = known.clock()
    read = await one(known)
    assert (read.labels_at, read.milestones_at, read.issues_at, read.cursor) == (now, now, now, None)
    assert pages == [2, 2, 1]
    assert await issues(known) == [1, 2, 3, 4, 5]
    file = await known.database.read(lambda conn: configs.get(conn, 77, CONFIG))
    assert file is not None
    assert file.text == "version: 1"
    assert [k.repository.id for k in await sync.pending()] == [78]


async def test_names_that_are_gone_are_dropped(sync, known, github):
    await sync.installations()
    await sync.names(await one(known))
    github.repositories["acme/widgets"].labels[:] = [Label(2, "Out of scope")]
    github.repositories["acme/widgets"].milestones[:] = [Milestone(9, 2, "v2")]
    await sync.names(await one(known))
    labels, milestones = await known.database.read(lambda conn: (mirror.labels(conn, 77), mirror.milestones(conn, 77)))
    assert [label.name for label in labels] == ["Out of scope"]
    assert [milestone.title for milestone in milestones] == ["v2"]


async def test_a_reading_that_was_cut_off_goes_on_where_it_was(sync, known, github):
    await sync.installations()
    progress = Cut(2)
    with pytest.raises(Unavailable):
        await sync.repository(await one(known), progress)
    cut = await one(known)
    assert (cut.cursor, cut.issues_at) == ("4", None)
    assert await issues(known) == [1, 2, 3, 4]
    github.calls.clear()
    pages: list[int] = []
    await sync.repository(cut, pages.append)
    assert pages == [1]
    assert await issues(known) == [1, 2, 3, 4, 5]
    assert (await one(known)).cursor is None


class Cut:
    """Progress until so many pages were stored."""

    def __init__(self, pages: int) -> None:
        self.left = pages

    def __call__(self, _issues: int) -> None:
        self.left -= 1
        if not self.left:
            raise TROUBLE


async def test_a_place_that_github_does_not_know_any_more_is_forgotten(sync, known, github):
    await sync.installations()
    await known.database.run(lambda conn: mirror.keep_cursor(conn, 77, "4"))
    github.faults["issues"] = [Invalid("GET issues", 422, "cursor")]
    with pytest.raises(Permanent):
        await sync.repository(await one(known))
    assert (await one(known)).cursor is None
    await sync.repository(await one(known))
    assert await issues(known) == [1, 2, 3, 4, 5]


async def test_a_newer_delivery_wins_over_what_is_read(sync, known, github):
    await sync.installations()
    issue = an_issue(3, title="Newer", updated_at=NOW + timedelta(hours=1))
    newer = events_of.issues("edited", issue, repository=events_of.repository(77, "acme/widgets"))
    await known.database.run(lambda conn: mirror.apply(conn, [newer]))
    await sync.issues(await one(known), lambda _: None)
    kept = await known.database.read(lambda conn: mirror.issue(conn, 77, 3))
    assert kept is not None
    assert kept.title == "Newer"


@pytest.mark.parametrize("fault", [NotFound("GET labels", 404, ""), Uninstalled(5)])
async def test_a_repository_that_is_gone_goes_out_of_the_mirror(sync, known, github, fault):
    await sync.installations()
    github.faults["labels"] = [fault]
    await sync.repository(await one(known))
    assert (await one(known)).removed
    assert await repositories(known) == ["other/gadgets"]


@pytest.mark.parametrize(
    ("method", "fault"),
    [("labels", Forbidden("GET labels", 403, "")), ("labels", TROUBLE), ("issues", Permanent("another shape")),
     ("issues", NotFound("GET issues", 404, "")), ("labels", Suspended(5))],
)  # fmt: skip
async def test_one_that_can_not_be_read_stays_in_the_mirror_and_says_so(sync, known, github, method, fault):
    """To be dropped would mean that its commands are ignored."""
    await sync.installations()
    github.faults[method] = [fault]
    with pytest.raises(type(fault)):
        await sync.repository(await one(known))
    assert not (await one(known)).removed
    assert 77 in [k.repository.id for k in await sync.pending()]


async def test_a_repository_without_issues_is_read_whole_all_the_same(sync, known, github):
    await sync.installations()
    github.faults["issues"] = [Gone("GET issues", 410, "Issues has been disabled in this repository.")]
    await sync.repository(await one(known))
    assert [k.repository.id for k in await sync.pending()] == [78]


async def test_a_configuration_that_can_not_be_read_holds_up_nothing(sync, known, github):
    github.repositories["acme/widgets"].files[CONFIG] = Permanent("too large")
    await sync.installations()
    await sync.repository(await one(known))
    assert [k.repository.id for k in await sync.pending()] == [78]


async def test_only_what_was_never_read_is_pending(sync, known):
    await sync.installations()
    await sync.repository(await one(known))
    await sync.repository(await one(known, 78))
    assert await sync.pending() == []
    part = replace(await one(known), milestones_at=None)
    await known.database.run(lambda conn: mirror.drop_repository(conn, part.repository.id))
    assert await sync.pending() == []
    await sync.installations()
    assert [k.repository.id for k in await sync.pending()] == [77]
