from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.core.values import Repository
from app.settings import Settings
from app.store import configs, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.web import commands_page
from app.web.asgi import Application
from tests.tree import ROOT
from tests.web.delivering import SECRET, Answer, opened, request

PATH = ".github/rounds.yml"
PAGE = "/commands/Acme/Widgets"
WIDGETS = Repository(1, "Acme/Widgets", owner_is_organization=True)
SHARED = Repository(2, "Acme/.github", owner_is_organization=True)
SECRET_ONE = Repository(3, "Acme/Secret", private=True)
OURS = """
families: {size: {labels: [small, large], who: [write, author]}}
permissions: {lock: ["team:acme/core"]}
commands:
  ship: {help: Ship it., do: [{add_labels: [shipped]}], examples: ["/ship"]}
  transfer: off
foreign_commands: [rebase]
rules:
  greet: {help: Says hello., on: issue.opened, do: [{comment: Hello}]}
  rests: {enabled: false, on: issue.opened, do: [{comment: Hello}]}
  stale: on
labels: [{name: shipped, color: "0E8A16", description: It is out}]
"""


@pytest.fixture
async def application(database: Database) -> AsyncIterator[Application]:
    async with opened(database) as found:
        await found.database.run(lambda conn: mirror.put_repositories(conn, 5, [WIDGETS, SECRET_ONE], whole=True))
        yield found


async def say(application: Application, text: str | None, of: Repository = WIDGETS, problems: str = "") -> None:
    """What workers read last; with `problems` it is the good text before."""
    file = ConfigFile(of.id, PATH, "sha", "{" if problems else text, text, problems, read_at=1_700_000_000_000)
    await application.database.run(lambda conn: configs.put(conn, file))


async def put(application: Application, *repositories: Repository) -> None:
    await application.database.run(lambda conn: mirror.put_repositories(conn, 5, repositories, whole=False))


async def get(application: Application, path: str = PAGE, **headers: str) -> Answer:
    return await request(application, "GET", path, {name.replace("_", "-"): value for name, value in headers.items()})


class Read(HTMLParser):
    """A page as a browser takes it: entries by their anchor with their text, tags, the text."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.entries: dict[str, str] = {}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._entry = ""
        self.feed(answer.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        named = dict(attrs)
        if named.get("class") == "entry":
            self._entry = named["id"] or ""
            self.entries[self._entry] = ""
        elif tag in {"section", "footer"}:
            self._entry = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._entry:
            self.entries[self._entry] += data


def table(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))


async def test_the_three_forms_tell_the_same(application: Application):
    await say(application, OURS)
    page, told = Read(await get(application)), (await get(application, f"{PAGE}.json")).json
    rows = table(await get(application, f"{PAGE}.csv"))
    commands = {command["verb"]: command for command in told["commands"]}
    assert {"label", "help", "size", "ship", "wontfix"} <= commands.keys()
    assert not {"transfer", "rebase"} & commands.keys()
    assert page.entries.keys() == commands.keys() | {f"rule.{rule['name']}" for rule in told["rules"]}
    assert [row["name"] for row in rows if row["kind"] == "command"] == list(commands)
    for row in rows:
        if row["kind"] == "command":
            command, entry = commands[row["name"]], " ".join(page.entries[row["name"]].split())
            assert (row["usage"], row["help"], row["who"]) == (command["usage"], command["help"], command["who"])
            assert command["who"].replace("`", "") in entry
            assert command["usage"] in entry
            assert all(example in entry for example in command["examples"])
    assert [row["name"] for row in rows if row["kind"] == "rule"] == [rule["name"] for rule in told["rules"]]


async def test_it_tells_what_the_team_said_and_where(application: Application):
    await say(application, OURS)
    told = (await get(application, f"{PAGE}.json")).json
    who = {command["verb"]: (command["who"], command["said"]) for command in told["commands"]}
    assert who["size"] == ("the write role or above, or the author of the issue", "repository")
    assert who["lock"] == ("members of `acme/core`", "rounds")
    assert who["ship"] == ("the triage role or above", "repository")
    assert who["wontfix"] == ("the triage role or above", "server")
    rules = {rule["name"]: (rule["on"], rule["every"], rule["said"]) for rule in told["rules"]}
    assert rules == {"stale": ([], "day", "server"), "greet": (["issue.opened"], None, "repository")}
    assert told["labels"] == [
        {"name": "shipped", "color": "0e8a16", "description": "It is out", "family": None, "archived": False}
    ]
    assert (told["foreign"], told["off"]) == (["rebase"], ["transfer"])
    assert (told["configuration"]["origin"], told["configuration"]["repository"]) == ("repository", "Acme/Widgets")
    assert "It is out" in Read(await get(application)).text


async def test_a_changed_configuration_shows(application: Application):
    await say(application, OURS)
    before = await get(application)
    again = await get(application, if_none_match=f'"other", {before.headers["etag"]}')
    assert (before.headers["cache-control"], again.status, again.body) == ("no-cache", 304, b"")
    await say(application, OURS.replace("ship:", "launch:"))
    after = await get(application, if_none_match=before.headers["etag"])
    assert (after.status, "launch" in Read(after).entries, "ship" in Read(after).entries) == (200, True, False)


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
async def test_what_not_everybody_may_see_is_like_what_is_not_there(form: str, application: Application):
    await put(application, Repository(4, "Acme/Gone"))
    await application.database.run(lambda conn: mirror.drop_repository(conn, 4))
    await say(application, OURS, SECRET_ONE)
    answers = [await get(application, f"/commands/{name}{form}") for name in ("Acme/Secret", "acme/gone", "no/such")]
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert answers[0] == answers[1] == answers[2]
    assert (await get(application, f"{PAGE}{form}")).status == 200
    assert "Secret" not in (await get(application, f"/commands{form}")).body.decode()


@pytest.mark.parametrize("name", ["a%00b", "..", "a b", "<script>", "é", "x" * 200])
async def test_no_name_at_all_is_not_found(name: str, application: Application):
    assert (await get(application, f"/commands/Acme/{name}")).status == 404


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
async def test_another_spelling_leads_to_githubs(form: str, application: Application):
    answer = await get(application, f"/commands/acme/WIDGETS{form}")
    assert (answer.status, answer.headers["location"]) == (307, f"{PAGE}{form}")


async def test_a_dot_in_a_name_is_no_form(application: Application):
    await put(application, Repository(7, "Acme/data.json"))
    assert (await get(application, "/commands/Acme/data.json")).headers["content-type"] == "text/html; charset=utf-8"
    assert (await get(application, "/commands/Acme/data.json.csv")).headers["content-type"].startswith("text/csv")
    assert (await get(application, "/commands/Acme/data")).status == 404
    await put(application, Repository(8, "Acme/data"))
    assert (await get(application, "/commands/Acme/data.json")).json["repository"] == "Acme/data"


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}.json", f"{PAGE}.csv", "/commands", "/commands.json", "/commands.csv"])
async def test_only_the_head_is_answered_too(path: str, application: Application):
    answer = await request(application, "HEAD", path)
    assert (answer.status, answer.headers["etag"]) == (200, (await get(application, path)).headers["etag"])


HOSTILE = """
commands:
  evil:
    help: '<script>alert(1)</script> "quoted" {{ 7*7 }} `<b>`'
    who: ["user:octocat", "team:a/b"]
    examples: ['/evil "><img src=x onerror=alert(1)>']
    do: [{comment: x}]
rules: {nasty: {help: '<iframe src="//x"></iframe>', on: issue.opened, do: [{comment: x}]}}
labels: [{name: '=HYPERLINK("//x")', description: '<style>*{}</style>'}]
"""


async def test_what_people_wrote_is_text(application: Application):
    await say(application, HOSTILE, problems=f"{PATH}:1:1: `<script>alert(2)</script>` is no key")
    answer = await get(application)
    page = Read(answer)
    assert not {"iframe", "style", "b"} & page.tags
    assert answer.body.count(b"<script") == answer.body.count(b'<script src="/static/')
    assert not {"style", "onerror", "onclick"} & page.attributes
    assert "<script>alert(1)</script>" in page.entries["evil"]
    assert "{{ 7*7 }}" in page.entries["evil"]
    assert "<script>alert(2)</script>" in page.text
    labels = [row["name"] for row in table(await get(application, f"{PAGE}.csv")) if row["kind"] == "label"]
    assert labels == ['\'=HYPERLINK("//x")']


async def test_mistakes_are_told_with_their_lines_and_what_holds(application: Application):
    await say(application, OURS, problems="\n".join(f"{PATH}:{line}:1: unknown key" for line in range(1, 8)))
    told = (await get(application, f"{PAGE}.json")).json["configuration"]["mistakes"]
    assert [(one["count"], len(one["first"]), one["earlier"]) for one in told] == [(7, 5, True)]
    page = Read(await get(application))
    assert "7 mistakes" in page.text
    assert "and 2 more" in page.text
    assert "ship" in page.entries


async def test_where_the_configuration_comes_from_is_said(application: Application):
    assert "not read yet" in Read(await get(application)).text
    await say(application, None)
    told = (await get(application, f"{PAGE}.json")).json["configuration"]
    assert (told["origin"], told["repository"], told["state"]) == ("server", None, "read")
    await put(application, SHARED)
    await say(application, OURS, SHARED)
    told = (await get(application, f"{PAGE}.json")).json
    assert (told["configuration"]["origin"], told["configuration"]["repository"]) == ("organization", "Acme/.github")
    assert next(one for one in told["commands"] if one["verb"] == "ship")["said"] == "organization"
    await application.database.run(lambda conn: configs.mark_stale(conn, SHARED.id))
    assert "read again before the next command" in Read(await get(application)).text


async def test_of_a_private_organizations_file_only_what_help_tells_is_shown(application: Application):
    await say(application, None)
    await put(application, replace(SHARED, private=True))
    await say(application, OURS, SHARED, problems="a mistake with a secret")
    for form in ("", ".json", ".csv"):
        body = (await get(application, f"{PAGE}{form}")).body.decode()
        assert "ship" in body
        for hidden in ("Says hello", "It is out", "a mistake with a secret", "rebase", "blob/main"):
            assert hidden not in body


async def test_all_public_repositories_are_listed_and_found(application: Application):
    await put(application, Repository(8, "other/thing"))
    told = (await get(application, "/commands.json")).json
    assert [one["address"] for one in told["repositories"]] == [PAGE, "/commands/other/thing"]
    assert {"label", "wontfix"} <= {command["verb"] for command in told["commands"]}
    assert "wontfix" in Read(await get(application, "/commands")).entries
    found = table(await get(application, "/commands.csv?repository=WIDG"))
    assert [row["name"] for row in found if row["kind"] == "repository"] == ["Acme/Widgets"]
    assert "None that Rounds knows" in Read(await get(application, "/commands?repository=%25")).text
    straight = await get(application, "/commands?repository=acme/widgets")
    assert (straight.status, straight.headers["location"]) == (303, PAGE)
    assert (await get(application, "/commands?repository=Acme/Secret")).status == 200


async def test_the_first_names_are_listed_where_there_are_many(application: Application, monkeypatch):
    monkeypatch.setattr(commands_page, "MOST_NAMES", 1)
    await put(application, Repository(8, "other/thing"))
    told = (await get(application, "/commands.json")).json
    assert ([one["repository"] for one in told["repositories"]], told["more"]) == (["Acme/Widgets"], True)


@pytest.mark.parametrize("path", ["/commands.html", "/commands.xml", "/commands/Acme", "/commands/a/b/c"])
async def test_there_are_no_other_addresses(path: str, application: Application):
    assert (await get(application, path)).status == 404


async def test_the_front_page_leads_there(application: Application):
    assert 'href="/commands"' in (await get(application, "/")).body.decode()


async def test_more_commands_than_a_page_holds_are_counted(application: Application):
    await say(application, json.dumps({"commands": {f"v{n}": {"do": [{"pin": True}]} for n in range(600)}}))
    told = (await get(application, f"{PAGE}.json")).json
    assert len(told["commands"]) == 500
    assert f"And {told['left_out']['commands']} more" in Read(await get(application)).text


async def test_too_many_that_wait_are_sent_away(application: Application, monkeypatch):
    monkeypatch.setattr(commands_page, "MOST_WAITING", 0)
    for form in ("", ".json", ".csv"):
        answer = await get(application, f"{PAGE}{form}")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")


async def test_without_tables_or_with_mistakes_of_the_server_it_says_so(tmp_path: Path):
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    application = Application(database, (SECRET,), Settings(config_dir=tmp_path))
    assert (await get(application)).status == 503
    database.migrate()
    assert (await get(application)).status == 404
    await put(application, WIDGETS)
    answer = await get(application)
    assert (answer.status, str(tmp_path) in answer.body.decode()) == (503, False)
    await application.close()


def test_a_receiver_loads_neither_models_nor_templates_before_it_is_asked():
    code = "import sys, app.web.server; print(*sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"app.config.schema", "app.commands.registry", "jinja2", "yaml"} & set(ran.stdout.split())
