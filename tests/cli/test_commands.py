"""The command line as a whole: help, mistakes, and how little is loaded before it is needed."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import typer

from app.cli import commands
from app.errors import Unavailable

COMMANDS = ("demo", "serve", "worker", "check", "plan", "sync", "deliveries", "doctor")


@pytest.mark.parametrize("words", [["--help"], ["-h"], []])
def test_help_names_every_command(rounds, words):
    said = rounds(*words)
    for command in COMMANDS:
        assert f" {command} " in said.out + said.err


@pytest.mark.parametrize(
    "command", [*([name] for name in COMMANDS), *(["deliveries", w] for w in ("list", "show", "retry"))]
)
def test_every_command_explains_itself(rounds, command):
    said = rounds(*command, "--help")
    assert said.status == 0
    assert f"Usage: rounds {' '.join(command)}" in said.out
    _, explanation, *_ = re.split(r"\n\s*\n", said.out.strip())
    assert len(explanation.split()) > 4


def test_an_unknown_command_is_a_mistake(rounds):
    said = rounds("dance")
    assert said.status == 2
    assert "No such command" in said.err


def test_a_mistake_is_one_sentence_without_a_trace(rounds):
    said = rounds("serve")
    assert said.status == 1
    assert said.out == ""
    assert said.err.startswith("Rounds can't talk with GitHub yet:\n  - set ROUNDS_GITHUB_APP_ID\n")
    assert "Traceback" not in said.err


def test_words_of_a_mistake_are_no_markup_and_move_no_cursor(rounds):
    said = rounds("check", "[red]x[/]\x1b[2J\u202e")
    assert "There is no [red]x[/] [2J ." in said.err


@pytest.fixture
def broken(monkeypatch) -> typer.Typer:
    """A command line whose commands fail in ways nobody foresaw."""
    cli = typer.Typer(pretty_exceptions_enable=False)

    @cli.command()
    def odd() -> None:
        raise ZeroDivisionError("division by zero")

    @cli.command()
    def away() -> None:
        raise Unavailable("GitHub did not answer")

    monkeypatch.setattr(commands, "cli", cli)
    return cli


@pytest.mark.usefixtures("broken")
def test_a_fault_is_short_and_says_how_to_see_more(rounds):
    assert rounds("away") == (1, "", "GitHub did not answer\n")
    assert rounds("odd") == (
        1, "", "Rounds failed: ZeroDivisionError: division by zero\nROUNDS_DEBUG=1 shows where.\n",
    )  # fmt: skip


@pytest.mark.usefixtures("broken")
def test_debugging_shows_the_trace(rounds):
    rounds.set(DEBUG="1")
    with pytest.raises(ZeroDivisionError):
        rounds("odd")


def test_help_loads_no_library_that_it_does_not_need():
    code = (
        "import sys; from app.cli import commands; status = commands.run(['--help']);"
        "print(status, *sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, *loaded = ran.stderr.split()
    assert status == "0"
    assert not {"sqlalchemy", "fastapi", "dbos", "httpx", "structlog", "pydantic", "yaml", "uvicorn"} & set(loaded)


def test_the_module_is_the_command():
    ran = subprocess.run([sys.executable, "-m", "app", "--help"], capture_output=True, text=True, check=True)
    assert "Usage: rounds" in ran.stdout
