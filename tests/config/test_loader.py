from __future__ import annotations

import threading
from typing import Any

import pytest

from app.config.defaults import load as load_defaults
from app.config.loader import FRESH, PATH, ConfigLoader
from app.core.values import Repository
from app.errors import Permanent, Unavailable
from app.github.errors import Forbidden, ServerTrouble, Suspended
from app.store import configs, mirror
from app.store.database import Database
from tests.engine.fakes import Clock, FakeGitHub, FakeRepository, widgets

WIDGETS, SHARED = Repository(77, "acme/widgets"), Repository(70, "acme/.github")
TROUBLE = ServerTrouble("502", status=502, maybe_done=False)
SERVER = load_defaults()


def greeting(name: str) -> str:
    return f'version: 1\ncommands:\n  {name}: {{help: Says hello., do: [{{comment: "Hello."}}]}}\n'


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub(widgets(), FakeRepository(70, "acme/.github"))


@pytest.fixture
def own(github) -> dict[str, Any]:
    return github.repositories["acme/widgets"].files


@pytest.fixture
def shared(github) -> dict[str, Any]:
    return github.repositories["acme/.github"].files


@pytest.fixture
async def loader(database: Database, github: FakeGitHub, clock: Clock) -> ConfigLoader:
    """The mirror knows the organization's `.github` repository."""
    await database.run(lambda conn: mirror.put_repositories(conn, 5, [WIDGETS, SHARED], whole=True))
    return ConfigLoader(database, github, SERVER, clock)


async def read(loader: ConfigLoader) -> tuple[str, list[str]]:
    """Where from, and the declared verbs that the server does not have."""
    loaded = await loader.load(WIDGETS, 5)
    return loaded.origin, [name for name in loaded.config.commands if name not in SERVER.commands]


# -- the ladder ------------------------------------------------------------------------------------------------


async def test_without_any_file_the_servers_holds(loader):
    loaded = await loader.load(WIDGETS, 5)
    assert (loaded.config, loaded.origin, loaded.problems) == (SERVER, "server", "")


async def test_then_the_organizations_then_ones_own(loader, own, shared):
    shared[PATH] = greeting("welcome")
    assert await read(loader) == ("acme/.github", ["welcome"])
    own[PATH] = greeting("greet")
    await loader.refresh(WIDGETS, 5)
    assert await read(loader) == ("acme/widgets", ["greet"])


async def test_what_is_not_said_is_the_servers_unless_it_starts_empty(loader, own):
    own[PATH] = greeting("greet")
    assert set(SERVER.commands) < set((await loader.of(WIDGETS, 5)).commands)
    own[PATH] = greeting("greet").replace("version: 1", "version: 1\nextends: none")
    loaded = await loader.refresh(WIDGETS, 5)
    assert set(loaded.config.commands) == {"greet"}


async def test_an_empty_file_is_a_file(loader, own, shared):
    shared[PATH] = greeting("welcome")
    own[PATH] = ""
    assert await read(loader) == ("acme/widgets", [])


async def test_a_repository_that_deletes_its_file_goes_back(loader, own, shared):
    own[PATH] = greeting("greet")
    await read(loader)
    del own[PATH]
    await loader.refresh(WIDGETS, 5)
    assert await read(loader) == ("server", [])
    shared[PATH] = greeting("welcome")
    await loader.refresh(SHARED, 5)
    assert await read(loader) == ("acme/.github", ["welcome"])


async def test_the_organizations_repository_has_no_ladder_above_itself(loader, shared):
    shared[PATH] = greeting("welcome")
    loaded = await loader.load(SHARED, 5)
    assert loaded.origin == "acme/.github"


async def test_an_organizations_repository_that_is_gone_does_not_count(loader, database, shared):
    shared[PATH] = greeting("welcome")
    await database.run(lambda conn: mirror.drop_repository(conn, 70))
    assert await read(loader) == ("server", [])


# -- mistakes --------------------------------------------------------------------------------------------------


async def test_a_broken_file_leaves_the_last_good_one_working(loader, own):
    own[PATH] = greeting("greet")
    await read(loader)
    own[PATH] = greeting("hail") + "comands: {}\nfamilys: {}\n"
    loaded = await loader.refresh(WIDGETS, 5)
    assert await read(loader) == ("acme/widgets", ["greet"])
    assert [line.partition(" ")[0] for line in loaded.problems.splitlines()] == [f"{PATH}:4:1:", f"{PATH}:5:1:"]
    own[PATH] = greeting("hail")
    loaded = await loader.refresh(WIDGETS, 5)
    assert (await read(loader), loaded.problems) == (("acme/widgets", ["hail"]), "")


async def test_one_that_never_was_good_leaves_the_next_of_the_ladder_and_says_so(loader, own, shared):
    own[PATH] = "comands: {}"
    loaded = await loader.load(WIDGETS, 5)
    assert loaded.origin == "server"
    assert ":1:1:" in loaded.problems
    shared[PATH] = greeting("welcome")
    await loader.refresh(SHARED, 5)
    loaded = await loader.load(WIDGETS, 5)
    assert loaded.origin == "acme/.github"
    assert ":1:1:" in loaded.problems


async def test_a_broken_one_of_the_organization_is_not_the_repositorys_mistake(loader, shared):
    shared[PATH] = "comands: {}"
    loaded = await loader.load(WIDGETS, 5)
    assert (loaded.origin, loaded.problems) == ("server", "")
    assert (await loader.load(SHARED, 5)).problems != ""


@pytest.mark.parametrize(
    "fault",
    [Permanent(f"{PATH} is too large: 300000 bytes, at most 262144 are read"), Permanent(f"{PATH} is not UTF-8 text"),
     Forbidden("GET contents", 403, "Resource not accessible by integration")],
)  # fmt: skip
async def test_what_can_not_be_read_counts_as_broken(loader, own, fault):
    own[PATH] = greeting("greet")
    await read(loader)
    own[PATH] = fault
    loaded = await loader.refresh(WIDGETS, 5)
    assert await read(loader) == ("acme/widgets", ["greet"])
    assert str(fault) in loaded.problems


async def test_a_note_is_no_mistake(loader, own):
    own[PATH] = greeting("greet") + "rules: {}\n"
    assert (await loader.load(WIDGETS, 5)).problems == ""
    assert await read(loader) == ("acme/widgets", ["greet"])


@pytest.mark.parametrize("text", ["a\0b: 1", "\ufeffversion: 1", "version: 1\r\n", 'x: "\\ud800"', "- \u202e" * 1_000])
async def test_strange_files_are_read_or_refused_and_never_raise(loader, own, text):
    own[PATH] = text
    loaded = await loader.load(WIDGETS, 5)
    assert loaded.origin in {"server", "acme/widgets"}
    assert await loader.load(WIDGETS, 5) == loaded


# -- when it is read -------------------------------------------------------------------------------------------


async def test_what_was_read_is_known_to_all_processes_without_a_call(loader, database, github, clock, own):
    own[PATH] = greeting("greet")
    await read(loader)
    github.calls.clear()
    another = ConfigLoader(database, github, SERVER, clock)
    assert await read(loader) == await read(another) == ("acme/widgets", ["greet"])
    assert github.calls == []


async def test_that_there_is_none_is_known_too(loader, github):
    await read(loader)
    github.calls.clear()
    await read(loader)
    assert github.calls == []


async def test_after_a_push_it_is_read_again_once(loader, database, github, own):
    own[PATH] = greeting("greet")
    await read(loader)
    own[PATH] = greeting("hail")
    assert await read(loader) == ("acme/widgets", ["greet"])
    await database.run(lambda conn: configs.mark_stale(conn, 77))
    github.calls.clear()
    assert await read(loader) == ("acme/widgets", ["hail"])
    await read(loader)
    assert github.asked("file") == 1


async def test_after_a_day_it_is_read_again_for_the_push_may_have_been_lost(loader, github, clock, own):
    await read(loader)
    own[PATH] = greeting("greet")
    clock.forward(seconds=FRESH / 1000 - 1)
    assert await read(loader) == ("server", [])
    clock.forward(seconds=1)
    assert await read(loader) == ("acme/widgets", ["greet"])


async def test_where_github_fails_then_the_old_one_goes_on(loader, github, clock, own):
    own[PATH] = greeting("greet")
    await read(loader)
    clock.forward(seconds=FRESH / 1000 + 1)
    github.faults["file"] = [TROUBLE]
    assert await read(loader) == ("acme/widgets", ["greet"])


@pytest.mark.parametrize("fault", [TROUBLE, Suspended(5)])
async def test_but_not_when_it_was_never_read_or_a_push_changed_it(loader, database, github, own, fault):
    github.faults["file"] = [fault, fault]
    with pytest.raises(Unavailable):
        await loader.of(WIDGETS, 5)
    assert await database.read(lambda conn: configs.get(conn, 77, PATH)) is None
    github.faults.clear()
    await loader.of(WIDGETS, 5)
    github.faults["file"] = [fault]
    with pytest.raises(Unavailable):
        await loader.refresh(WIDGETS, 5)


async def test_a_reading_that_began_before_another_does_not_undo_it(loader, database, github, clock, own):
    class Slow:
        """An installation whose first answer about the file comes after somebody else read the new one."""

        def __init__(self) -> None:
            self.first = True

        def installation(self, _id: int) -> Slow:
            return self

        async def file(self, repo: str, path: str) -> Any:
            if not self.first:
                return None
            self.first = False
            own[PATH] = greeting("old")
            old = await github.installation(5).file(repo, path)
            clock.forward(seconds=1)
            own[PATH] = greeting("new")
            await loader.refresh(WIDGETS, 5)
            return old

    slow: Any = Slow()
    await ConfigLoader(database, slow, SERVER, clock).load(WIDGETS, 5)
    assert await read(loader) == ("acme/widgets", ["new"])


async def test_files_are_parsed_off_the_event_loop_and_once(loader, database, github, clock, own, monkeypatch):
    from app.config import loader as module

    threads: list[str] = []
    parse = module.read

    def watched(*given: Any, **more: Any) -> Any:
        threads.append(threading.current_thread().name)
        return parse(*given, **more)

    monkeypatch.setattr(module, "read", watched)
    own[PATH] = greeting("greet")
    for _ in range(3):
        await read(loader)
    assert len(threads) == 1
    await read(ConfigLoader(database, github, SERVER, clock))
    assert len(threads) == 2
    assert threading.main_thread().name not in threads


async def test_of_two_repositories_each_has_its_own(loader, github, own):
    own[PATH] = greeting("greet")
    github.repositories["acme/gadgets"] = FakeRepository(78, "acme/gadgets", files={PATH: greeting("hail")})
    github.installed[5].append("acme/gadgets")
    assert await read(loader) == ("acme/widgets", ["greet"])
    loaded = await loader.load(Repository(78, "acme/gadgets"), 5)
    assert "hail" in loaded.config.commands
    assert "greet" not in loaded.config.commands


# -- what sets off its rules, for the relay ---------------------------------------------------------------------

OPENED = "rules: {see: {on: issue.opened, do: [{add_labels: bug}]}}\n"
CLOSED = OPENED.replace("opened", "closed")


def set_off(loader: ConfigLoader) -> set[str] | None:
    """The events that set off rules of acme/widgets; None: that is not known before its file is read."""
    with loader._database.reading() as conn:
        found = loader.rules_set_off(conn, {77: "acme/widgets"})[77]
    return None if found is None else set(found.on)


async def test_the_relay_knows_what_sets_off_rules_once_the_file_was_read(loader, own):
    own[PATH] = OPENED
    assert set_off(loader) is None
    await loader.load(WIDGETS, 5)
    assert set_off(loader) == {"issue.opened"}
    await loader._database.run(lambda conn: configs.mark_stale(conn, 77))
    assert set_off(loader) is None
    own[PATH] = CLOSED
    await loader.refresh(WIDGETS, 5)
    assert set_off(loader) == {"issue.closed"}


async def test_a_broken_file_leaves_the_rules_that_work(loader, own):
    own[PATH] = OPENED
    await loader.load(WIDGETS, 5)
    own[PATH] = "rules: {see: {on: nothing}}"
    await loader.refresh(WIDGETS, 5)
    assert set_off(loader) == {"issue.opened"}


async def test_without_a_file_the_organizations_rules_count_and_then_the_servers(loader, own, shared):
    await loader.load(WIDGETS, 5)
    assert set_off(loader) == set()
    shared[PATH] = CLOSED
    await loader.refresh(SHARED, 5)
    assert set_off(loader) == {"issue.closed"}
    own[PATH] = "extends: none\n"
    await loader.refresh(WIDGETS, 5)
    assert set_off(loader) == set()


async def test_another_configuration_of_the_server_counts_at_once(loader, own, database, github, clock):
    own[PATH] = "version: 1\n"
    await loader.load(WIDGETS, 5)
    assert set_off(loader) == set()
    enabled = SERVER.rules["triaged"].model_copy(update={"enabled": True})
    on = SERVER.model_copy(update={"rules": {"triaged": enabled}})
    restarted = ConfigLoader(database, github, on, clock)
    assert set_off(restarted) is None
    await restarted.load(WIDGETS, 5)
    assert set_off(restarted) == {"issue.labeled"}
