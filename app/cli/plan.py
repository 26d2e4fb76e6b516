"""`rounds plan`: what a comment would do, and whether that person may. Nothing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.stored import prepare
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from app.core.plan import Outcome
    from app.core.values import Ref
    from app.engine.rehearsal import Rehearsal

_LOOKS = {
    "done": ("would be done", "green"),
    "already": ("is so already", "green"),
    "partly": ("would be done in part", "yellow"),
    "answer": ("would be answered", "green"),
    "refused": ("is not allowed", "red"),
    "misunderstood": ("can't be done", "red"),
    "foreign": ("is left alone", "dim"),
    "failed": ("would be stopped", "red"),
}


def plan(
    issue: Annotated[str, typer.Argument(help="owner/repository#number, or the address of the issue.")],
    comment: Annotated[str, typer.Argument(help="The comment, for example '/label out of scope'.")],
    login: Annotated[
        str | None, typer.Option("--as", metavar="LOGIN", help="Who would write it; without, somebody who may do all.")
    ] = None,
) -> None:
    """Dry run: what would this comment do, and may this person do it? Exit status 1 if anything would not be done."""
    import asyncio

    settings = Settings.load()
    settings.require_github()
    target = _target(issue, settings)
    prepare(settings)
    from app import wiring

    rehearsal = asyncio.run(wiring.rehearsed(settings, target, comment, login))
    _print(rehearsal)
    if any(outcome.status in {"partly", "refused", "misunderstood"} for outcome in rehearsal.plan.outcomes):
        raise typer.Exit(1)


def _target(issue: str, settings: Settings) -> Ref:
    from app.core.references import reference

    target = reference(issue, "", settings.github_web_url)
    if target is None or not target.repository:
        raise Mistake(f"{issue} names no issue: write owner/repository#12 or {settings.github_web_url}/owner/….")
    return target


def _print(rehearsal: Rehearsal) -> None:
    from app.core.wording import in_words

    terminal.say(_who(rehearsal), "dim")
    if not rehearsal.plan.outcomes:
        terminal.say("There is no command in this comment: nothing would happen.")
    for outcome in rehearsal.plan.outcomes:
        _print_outcome(outcome)
    if rehearsal.plan.actions:
        terminal.say("Written to GitHub:", "bold")
    for action in rehearsal.plan.actions:
        terminal.say(f"  {in_words(action)}")
    if rehearsal.answer.body:
        terminal.say("The reply:", "bold")
        terminal.say("\n".join(f"  {line}" for line in rehearsal.answer.body.splitlines()))


def _who(rehearsal: Rehearsal) -> str:
    if rehearsal.role is None:
        return f"On {rehearsal.target}, by somebody who may do everything (--as LOGIN asks for a person):"
    return f"On {rehearsal.target}, by {rehearsal.person.login}, whose role there is {rehearsal.role.name.lower()}:"


def _print_outcome(outcome: Outcome) -> None:
    words, style = _LOOKS[outcome.status]
    why = f": {outcome.text}" if outcome.text and outcome.status != "answer" else ""
    who = f"line {outcome.line}, {outcome.typed or '/' + outcome.command}" if outcome.line else outcome.command
    terminal.say(f"{who}: {words}{why}", style)
