"""What the command line prints: text of people without control characters, mistakes in red, one console each way."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@cache
def out() -> Console:
    """The console of answers."""
    from rich.console import Console

    return Console(highlight=False)


@cache
def err() -> Console:
    """The console of mistakes and progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def plain(text: object) -> str:
    """`text` for a terminal: what could move the cursor or turn the direction of writing becomes a space."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in str(text))


def say(text: object, style: str = "") -> None:
    """Prints `text` as it is: brackets in it are no markup, and long lines are left to the terminal."""
    out().print(plain(text), style=style, markup=False, soft_wrap=True)


def complain(text: object) -> None:
    """Prints a mistake, in red, on stderr."""
    err().print(plain(text), style="red", markup=False, soft_wrap=True)


def table(*headings: str) -> Table:
    """An empty table of the house's look."""
    from rich import box
    from rich.table import Table

    return Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
