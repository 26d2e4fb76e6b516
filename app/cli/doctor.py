"""`rounds doctor`: what stands in the way of working with GitHub, and how to mend each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer

from app import registration
from app.cli import clock, sign_in, terminal
from app.cli.finding import Finding
from app.errors import Fault, Mistake
from app.settings import WEBHOOK_PATH, Settings

if TYPE_CHECKING:
    from app.github.answers import AppIdentity, DeliveryRow, HookConfig
    from app.github.client import GitHub

_SKEW = 30  # seconds; a token that begins in GitHub's future is refused, and ours begin a minute in the past
_MARKS = {"good": ("✓", "green"), "look": ("!", "yellow"), "bad": ("✗", "red")}


def doctor() -> None:
    """Check credentials, permissions, events, webhook, clock, database and deliveries; say how to mend each."""
    import asyncio

    findings = asyncio.run(_examine())
    for finding in findings:
        mark, style = _MARKS[finding.state]
        terminal.say(f"{mark} {finding.what}", style)
        if finding.mend:
            terminal.say(f"  {finding.mend}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


async def _examine() -> list[Finding]:
    """From the ground up; without settings there is nothing else to look at."""
    try:
        settings = Settings.load()
    except Mistake as mistake:
        return [Finding("bad", "Settings", str(mistake))]
    findings = [Finding("look", warning) for warning in settings.warnings]
    findings += [*_credentials(settings), *await sign_in.findings(settings)]
    findings += [*_configuration(settings), *_database(settings)]
    findings.append(_clock(settings))
    if settings.github_app_id and settings.github_private_key:
        findings += [finding async for finding in _app(settings)]
    return findings


def _credentials(settings: Settings) -> Iterator[Finding]:
    try:
        settings.require_github()
    except Mistake as mistake:
        yield Finding("bad", "Settings", str(mistake))
    else:
        yield Finding("good", "Settings: App, private key and webhook secret are there")


def _configuration(settings: Settings) -> Iterator[Finding]:
    from app.config import defaults

    try:
        defaults.load(settings.config_dir)
    except Mistake as mistake:
        yield Finding("bad", "Server configuration", f"{mistake}\n`rounds check` shows them, too.")
    else:
        yield Finding("good", f"Server configuration: {defaults.directory(settings.config_dir)}")


def _database(settings: Settings) -> Iterator[Finding]:
    from app.store import migrate, records
    from app.store.database import Database

    if settings.sqlite_path and not settings.sqlite_path.exists():
        yield Finding("look", f"Database: {settings.sqlite_path} does not exist yet", "`rounds serve` makes it.")
        return
    try:
        opened = Database.open(settings.database_url)
    except Mistake as mistake:
        yield Finding("bad", "Database", str(mistake))
        return
    try:
        if migrate.version(opened) != migrate.HEAD:
            yield Finding(
                "look", "Database: its tables are of another version", "`rounds serve` brings them up to date."
            )
            return
        with opened.transaction() as conn:
            records.keep_fact(conn, "doctor", datetime.now(UTC).isoformat())
        yield Finding("good", f"Database: {opened.url.render_as_string(hide_password=True)} can be written")
    except Fault as fault:
        yield Finding("bad", f"Database: {fault}", "Let this user write the file and its folder, or see what locks it.")
    finally:
        opened.close()


def _clock(settings: Settings) -> Finding:
    seconds = clock.ahead_of(settings.github_api_url)
    if seconds is None:
        mend = "See that this machine reaches it (proxy, firewall, name service), or correct ROUNDS_GITHUB_API_URL."
        return Finding("bad", f"{settings.github_api_url} does not answer", mend)
    if abs(seconds) > _SKEW:
        way = "ahead of" if seconds > 0 else "behind"
        return Finding(
            "bad", f"Clock: {abs(seconds):.0f} s {way} GitHub's", "Let the system set its time from the network."
        )
    return Finding("good", f"Clock: within {_SKEW} s of GitHub's")


@asynccontextmanager
async def _github(settings: Settings) -> AsyncIterator[GitHub]:
    from app.github.client import GitHub

    github = GitHub(
        api_url=settings.github_api_url, app_id=settings.github_app_id, private_key=settings.github_private_key
    )
    try:
        yield github
    finally:
        await github.aclose()


async def _app(settings: Settings) -> AsyncIterator[Finding]:
    """What GitHub says about the App. The first refusal ends it: the rest would say the same."""
    try:
        async with _github(settings) as github:
            app = await github.app()
            yield Finding("good", f"App: GitHub knows it as {app.slug}, its commands begin with / or @{app.slug}")
            for finding in _registered(app):
                yield finding
            for finding in _hooked(await github.hook(), settings):
                yield finding
            yield await _installed(github, app)
            since = datetime.now(UTC) - timedelta(days=3)
            yield _delivered([row async for row in github.deliveries(since)], settings)
    except Mistake as mistake:
        yield Finding("bad", "Private key", str(mistake))
    except Fault as fault:
        mend = "See that ROUNDS_GITHUB_APP_ID and the private key belong to the same App, and that the key was not deleted."
        yield Finding("bad", f"App: {fault}", mend)


def _registered(app: AppIdentity) -> Iterator[Finding]:
    where = "In the App's settings, under “Permissions & events”,"
    lacking = registration.lacking(app.permissions)
    if lacking:
        wanted = ", ".join(f"{name.replace('_', ' ')}: {level}" for name, level in lacking.items())
        yield Finding("bad", "Permissions", f"{where} set {wanted}; then every owner must accept it.")
    else:
        yield Finding("good", "Permissions: all that are needed", _not_granted(app))
    if unticked := [name for name in registration.EVENTS if name not in app.events]:
        yield Finding("bad", "Events", f"{where} tick {', '.join(unticked)}.")
    else:
        yield Finding("good", "Events: all that are needed")


def _not_granted(app: AppIdentity) -> str:
    """What some feature would need, and which."""
    optional = registration.OPTIONAL_PERMISSIONS
    lines = [
        f"{name.replace('_', ' ')}: {level} is not granted: {optional[name][1]}"
        for name, level in registration.lacking(app.permissions, optional).items()
    ]
    return "\n".join(lines)


async def _installed(github: GitHub, app: AppIdentity) -> Finding:
    found = await github.installations()
    if not found:
        return Finding(
            "look", f"Installations: {app.slug} is installed nowhere", "Install it from the App's public page."
        )
    accounts = ", ".join(f"{one.account}{' (suspended)' if one.suspended else ''}" for one in found[:10])
    return Finding("good", f"Installations: {len(found)}: {accounts}{'…' if len(found) > 10 else ''}")


def _hooked(hook: HookConfig | None, settings: Settings) -> Iterator[Finding]:
    """What the App's webhook is set to, against what Rounds serves. GitHub does not tell whether it is active."""
    where = "In the App's settings, under “Webhook”,"
    if hook is None or not hook.url:
        yield Finding("bad", "Webhook: none is set up", f"{where} make it active, with the URL {_shown(settings)}.")
        return
    yield _addressed(hook.url, settings)
    if hook.content_type != "json":
        what = "Webhook: deliveries come as forms, which Rounds reads, too; they are larger and slower"
        yield Finding("look", what, f"{where} choose the content type application/json.")
    if str(hook.insecure_ssl).startswith("1"):
        what = "Webhook: GitHub does not check the certificate, so that others can read deliveries on their way"
        yield Finding("bad", what, f"{where} enable SSL verification.")


def _addressed(url: str, settings: Settings) -> Finding:
    """Only the path can be judged where nobody said what the public address is."""
    wanted = settings.webhook_url
    parts, ours = urlsplit(url), urlsplit(wanted)
    if url == wanted or (settings.public_url == Settings.public_url and parts.path == ours.path):
        return Finding("good", f"Webhook: GitHub sends to {url}")
    mend = f"In the App's settings, under “Webhook”, set the URL to {_shown(settings)}"
    if not parts.path.endswith(WEBHOOK_PATH):
        return Finding("bad", f"Webhook: GitHub sends to {url}, where Rounds does not listen", f"{mend}.")
    what = f"Webhook: GitHub sends to {url}, and ROUNDS_PUBLIC_URL says {settings.public_url}"
    return Finding("look", what, f"{mend}, or correct ROUNDS_PUBLIC_URL, unless one leads to the other.")


def _shown(settings: Settings) -> str:
    """For people: the default leads nowhere from GitHub."""
    return (
        f"https://<your address>{WEBHOOK_PATH}" if settings.public_url == Settings.public_url else settings.webhook_url
    )


def _delivered(rows: list[DeliveryRow], settings: Settings) -> Finding:
    """The last word on each delivery of the last three days."""
    address = settings.webhook_url
    mend = (
        f"The App's webhook must be active, of type application/json, and reach {address}; ROUNDS_PUBLIC_URL says so."
    )
    if not rows:
        return Finding("look", "Webhook: GitHub has sent nothing for three days", mend)
    arrived = {row.guid for row in rows if row.ok}
    lost = [row for row in rows if row.guid not in arrived]
    if not lost:
        return Finding("good", f"Webhook: all {len(arrived)} deliveries of the last three days arrived")
    last = f"the last one: {lost[0].status_code or ''} {lost[0].status}".replace(":  ", ": ")
    what = f"Webhook: {len({row.guid for row in lost})} deliveries of the last three days did not arrive ({last})"
    return Finding("look" if rows[0].ok else "bad", what, f"{mend} Rounds fetches the lost ones itself while it runs.")
