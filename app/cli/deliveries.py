"""`rounds deliveries`: what GitHub sent, what became of it, and once more."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.stored import database
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.store.deliveries import Delivery

cli = typer.Typer(help="Show what GitHub sent, what failed and why; run it again.", no_args_is_help=True)

_STYLES = {"done": "green", "failed": "bold red", "ignored": "dim"}
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]


@cli.command("list")
def listing(
    failed: Annotated[bool, typer.Option("--failed", help="Only those that failed.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest first."""
    from app.store import deliveries

    with database(Settings.load()) as opened, opened.reading() as conn:
        found = deliveries.listing(conn, states=["failed"] if failed else [], limit=limit)
    if as_json:
        print(json.dumps([_shown(delivery) for delivery in found], indent=2))
    elif found:
        _print_table(found)
    else:
        terminal.say("No delivery failed." if failed else "No delivery has come yet.")


@cli.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID|GUID", help="Number in the list, or GitHub's GUID.")],
    body: Annotated[bool, typer.Option("--body", help="Print what GitHub sent, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one delivery: where it came from, what became of it and why."""
    with database(Settings.load()) as opened, opened.reading() as conn:
        delivery = _found(conn, name)
    values = _shown(delivery)
    if body:
        values["body"] = json.loads(delivery.body) if delivery.body else None
    if as_json or body:
        print(json.dumps(values, indent=2))
        return
    for key, value in values.items():
        terminal.out().print(f"[bold]{key:>16}[/]  ", end="")
        terminal.say("–" if value in {None, ""} else value, _STYLES.get(str(value), ""))


@cli.command()
def retry(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ID|GUID]...", help="Which ones.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="All that failed.")] = False,
) -> None:
    """Run failed deliveries again, once their cause is mended."""
    if bool(names) == failed:
        raise Mistake("Name the deliveries to run again, or say --failed for all of them.")
    from app.store import deliveries

    with database(Settings.load()) as opened, opened.transaction() as conn:
        wanted = None if failed else [_found(conn, name).seq for name in names or []]
        again = deliveries.retry(conn, wanted)
    for seq in sorted(set(wanted or ()) - set(again)):
        terminal.say(f"{seq} has not failed (or its content is gone): it is left as it is.", "yellow")
    terminal.say(f"{len(again)} of them will run again." if again else "Nothing to run again.")


def _found(conn: Connection, name: str) -> Delivery:
    from app.store import deliveries

    delivery = deliveries.find(conn, name)
    if delivery is None:
        raise Mistake(f"There is no delivery {name}: `rounds deliveries list` shows the newest ones.")
    return delivery


def _shown(delivery: Delivery) -> dict[str, object]:
    """Everything about a delivery but its body."""
    return {
        "id": delivery.seq,
        "guid": delivery.guid,
        "received": _time(delivery.received_at),
        "event": delivery.event,
        "action": delivery.action,
        "issue": f"{delivery.repository}#{delivery.number}" if delivery.number else delivery.repository,
        "actor": delivery.actor,
        "state": delivery.state,
        "reason": delivery.reason,
        "attempt": delivery.attempt,
        "recovered": delivery.recovered,
        "handled": _time(delivery.handled_at) if delivery.handled_at else None,
        "milliseconds": delivery.milliseconds,
    }


def _print_table(found: list[Delivery]) -> None:
    from rich.text import Text

    table = terminal.table("id", "received", "event", "issue", "actor", "state", "why")
    for shown in map(_shown, found):
        event = f"{shown['event']}.{shown['action']}" if shown["action"] else shown["event"]
        state = Text(str(shown["state"]), _STYLES.get(str(shown["state"]), ""))
        cells = (shown["id"], shown["received"], event, shown["issue"], shown["actor"])
        table.add_row(*(Text(terminal.plain(cell)) for cell in cells), state, Text(terminal.plain(shown["reason"])))
    terminal.out().print(table)


def _time(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
