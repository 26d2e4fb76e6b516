"""The command line: which commands there are, and how their mistakes are shown."""

from __future__ import annotations

import os

import typer

from app.cli import check, deliveries, demo, doctor, labels, meetings, plan, rules, serve, sync, terminal, worker
from app.environment import is_on
from app.errors import Fault, Mistake

_HELP = """Rounds runs issue triage on GitHub: slash commands in comments, performed durably and once.

`rounds demo` shows it without any set-up; `rounds doctor` says what a real installation lacks.
Settings come from the environment or `.env`; the operator's guide lists them.
"""

cli = typer.Typer(
    name="rounds",
    help=_HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.command("demo")(demo.demo)
cli.command("serve")(serve.serve)
cli.command("worker")(worker.worker)
cli.command("check")(check.check)
cli.command("plan")(plan.plan)
cli.command("sync")(sync.sync)
cli.add_typer(labels.cli, name="labels")
cli.add_typer(rules.cli, name="rules")
cli.add_typer(meetings.cli, name="meetings")
cli.add_typer(deliveries.cli, name="deliveries")
cli.command("doctor")(doctor.doctor)


def run(words: list[str] | None = None) -> int:
    """Runs one command (default: the words of `sys.argv`) and returns its exit status.

    A mistake is one sentence and status 1. A fault is a short message; `ROUNDS_DEBUG=1` shows its trace.
    """
    try:
        cli(words, prog_name="rounds")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except (Mistake, Fault) as error:
        if _debugging():
            raise
        terminal.complain(error)
    except Exception as error:
        if _debugging():
            raise
        terminal.complain(f"Rounds failed: {type(error).__name__}: {error}\nROUNDS_DEBUG=1 shows where.")
    else:
        return 0
    return 1


def _debugging() -> bool:
    return is_on(os.environ.get("ROUNDS_DEBUG", ""))
