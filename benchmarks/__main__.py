"""`python -m benchmarks`: measures, prints a table, and keeps the figures in benchmarks/results and RESULTS.md."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from rich.console import Console

from benchmarks import (
    agenda,
    backlog,
    cold_sync,
    commands,
    figures,
    filters,
    idle,
    labels,
    latency,
    machine,
    minutes,
    pages,
    receive,
    relay,
    sweep,
    triage_call,
    upkeep,
)
from benchmarks.figures import TITLES, Figure
from benchmarks.stage import Stages

BENCHMARKS: dict[str, Callable[..., Iterator[Figure]]] = {
    "receive": receive.run,
    "relay": relay.run,
    "commands": commands.run,
    "triage_call": triage_call.run,
    "latency": latency.run,
    "backlog": backlog.run,
    "sweep": sweep.run,
    "idle": idle.run,
    "labels": labels.run,
    "agenda": agenda.run,
    "upkeep": upkeep.run,
    "filters": filters.run,
    "pages": pages.run,
    "cold_sync": cold_sync.run,
    "minutes": minutes.run,
}
LONG: dict[str, Callable[..., Iterator[Figure]]] = {"pages_million": pages.million}
"""Only where they are asked for by name."""


def main() -> None:
    """Runs what was asked for, one after the other."""
    given = _arguments()
    console = Console()
    for database in TITLES if given.database == "both" else (given.database,):
        found: dict[str, list[Figure]] = {}
        about = {**machine.about(), "busy": machine.others_busy()}
        console.print(" · ".join(f"{name} {value}" for name, value in about.items()))
        with Stages(database) as stages:
            for name in given.only or BENCHMARKS:
                found[name] = list((BENCHMARKS | LONG)[name](stages, quick=given.quick))
                console.print(figures.table(f"{name} on {TITLES[database]}", found[name]))
        if not given.quick:
            console.print(f"kept in {figures.keep(database, found, about).relative_to(machine.ROOT)}")
            figures.write_page()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=[*BENCHMARKS, *LONG], help="this benchmark (may be repeated)"
    )
    parser.add_argument("--quick", action="store_true", help="short and rough: shown, not kept")
    parser.add_argument("--database", choices=[*TITLES, "both"], default="both")
    return parser.parse_args()


if __name__ == "__main__":
    main()
