"""`rounds rules`: which rules a repository has, and one of its sweeps by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.stored import prepare
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from app.config.schema import RepositoryConfig, Rule
    from app.core.plan import Outcome
    from app.store.mirror import KnownRepository
    from app.wiring import Reach

cli = typer.Typer(help="Show the rules, run a sweep by hand.", no_args_is_help=True)

Where = Annotated[str | None, typer.Argument(metavar="[OWNER/REPO]", help="Of this repository; else of all.")]


@cli.command("list")
def listing(
    repository: Annotated[
        str | None, typer.Argument(metavar="[OWNER/REPO]", help="Of this repository; else the server's own.")
    ] = None,
) -> None:
    """List the rules with what sets each off, and whether it is on."""
    import asyncio

    settings = Settings.load()
    if repository is None:
        from app.config import defaults

        _print_rules(defaults.load(settings.config_dir))
        return
    settings.require_github()
    prepare(settings)
    asyncio.run(_list(settings, repository))


@cli.command()
def run(
    name: Annotated[str, typer.Argument(help="A rule that has `every`.")],
    repository: Where = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would do; also of a rule that is off.")
    ] = False,
) -> None:
    """Run a sweep now, whenever it is due: hands what it finds to the workers. Try `--dry-run` first."""
    import asyncio

    settings = Settings.load()
    settings.require_github()
    prepare(settings)
    asyncio.run(_run(settings, name, repository, dry_run))


async def _list(settings: Settings, name: str) -> None:
    from app import wiring

    async with wiring.reach(settings) as parts:
        (known,) = await _chosen(parts, name)
        _print_rules(await parts.configs.of(known.repository, known.installation_id))


async def _run(settings: Settings, name: str, repository: str | None, dry_run: bool) -> None:
    from app import wiring
    from app.engine.sweeping import Sweeps

    async with wiring.reach(settings) as parts:
        sweeps = Sweeps(await wiring.services(parts))
        found = False
        for known in await _chosen(parts, repository):
            config = await parts.configs.of(known.repository, known.installation_id)
            rule = _sweep(name, config, may_be_off=dry_run or repository is None)
            if rule is None or not (rule.enabled or dry_run):
                continue
            found = True
            if dry_run:
                _print_found(known, name, rule, [outcome async for outcome in sweeps.found(known, name, rule)])
            else:
                count = await sweeps.begin(known, name, rule)
                terminal.say(f"{known.repository.full_name}: {_issues(count)} handed to the workers.")
        if not found:
            raise Mistake(f"No repository has a sweep {name} that is on: `rounds rules list` shows which there are.")


def _sweep(name: str, config: RepositoryConfig, *, may_be_off: bool) -> Rule | None:
    """Raises Mistake for a rule that waits for events, and for one that is off unless it may be; None where there is none."""
    rule = config.rules.get(name)
    if rule is not None and rule.every is None:
        raise Mistake(f"{name} is no sweep: it runs when {' or '.join(rule.on or ())} happens.")
    if rule is not None and not rule.enabled and not may_be_off:
        raise Mistake(
            f"{name} is off: write `rules: {{{name}: on}}` into .github/rounds.yml, or try it with --dry-run."
        )
    return rule


async def _chosen(parts: Reach, name: str | None) -> list[KnownRepository]:
    """The one of that name, or all that were read. Raises Mistake where there is none, or it was never read whole."""
    from app.store import mirror

    known = await parts.database.read(mirror.repositories)
    if name is None:
        return [one for one in known if not one.suspended and one.issues_at is not None]
    found = [one for one in known if one.repository.full_name.lower() == name.lower() and not one.suspended]
    if not found or found[0].issues_at is None:
        raise Mistake(f"{name} is not in the mirror: run `rounds sync {name}` first, or check the name.")
    return found


def _print_rules(config: RepositoryConfig) -> None:
    table = terminal.table("rule", "", "when", "does")
    for name, rule in config.rules.items():
        when = f"every {rule.every}, at most {rule.limit}" if rule.every else ", ".join(rule.on or ())
        table.add_row(name, "on" if rule.enabled else "off", when, terminal.plain(rule.help))
    terminal.out().print(table)


def _print_found(known: KnownRepository, name: str, rule: Rule, outcomes: list[Outcome]) -> None:
    from app.core.wording import in_words

    limit = f", as many as it may at a time ({rule.limit})" if len(outcomes) == rule.limit else ""
    off = "" if rule.enabled else " (the rule is off)"
    terminal.say(f"{known.repository.full_name}: {name} would change {_issues(len(outcomes))}{limit}{off}", "bold")
    for outcome in outcomes:
        for action in outcome.actions:
            terminal.say(f"  {in_words(action)}")


def _issues(count: int) -> str:
    return "1 issue" if count == 1 else f"{count} issues"
