"""`rounds meetings`: series, their next meetings, and the issue of one of them."""

from __future__ import annotations

import typer

from app.cli import meeting_dates, meeting_open, meeting_render

cli = typer.Typer(help="Meetings that come again: series, dates, issues.", no_args_is_help=True)
cli.command("list")(meeting_dates.listing)
cli.command("next")(meeting_dates.coming)
cli.command("render")(meeting_render.render)
cli.command("open")(meeting_open.open_)
