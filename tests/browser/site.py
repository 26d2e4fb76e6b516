"""A running server whose clock stands still, and a browser before it: both started once for all tests of a module."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from app.sandbox.server import bound
from app.settings import Settings
from app.store.database import Database
from app.web.asgi import Application
from tests.browser.full import MET, PLACE, TODAY, build, token
from tests.web.pages.counted import NOW

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PATIENCE = 20
"""Seconds for a thread to begin or end."""

PAGES = {
    "overview": "/", "overview-pulls": "/?kind=pr&repo=acme/two", "queues": "/queues", "queue": "/queues/new",
    "queue-empty": "/queues/done", "issues": "/issues", "issues-narrowed": "/issues?label=bug&state=all&age=30d..&q=No",
    "issues-slips": "/issues?q=nonsense:1+is:what", "issue": f"/issues/{PLACE}/200", "issue-hostile": f"/issues/{PLACE}/201",
    "labels": "/labels", "label": "/labels/bug", "label-alone": "/labels/topic%201", "hygiene": "/labels/hygiene",
    "milestones": "/milestones", "milestone": f"/milestones/{PLACE}/1", "milestone-long": f"/milestones/{PLACE}/3",
    "todos": "/todos", "meetings": "/meetings", "meeting": f"/meetings/weekly/{TODAY}", "meeting-over": f"/meetings/weekly/{MET}",
    "call": f"/meetings/weekly/{TODAY}/call", "trends": "/trends", "status": "/status", "commands": "/commands",
    "commands-one": f"/commands/{PLACE}", "logout": "/logout", "nowhere": "/nowhere",
}  # fmt: skip
"""By name; each template at least once."""


class Site:
    """`url`: of the server; `open_page` for a person: the member sees all, the stranger is signed in and sees nothing."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url = url
        self.browser = browser

    def open_page(self, login: str = "", **settings: object) -> Page:
        context = self.browser.new_context(base_url=self.url, bypass_csp=False, **settings)  # type: ignore[arg-type]  # as given
        if login:
            context.add_cookies([{"name": "rounds", "value": token(login), "url": self.url}])
        return context.new_page()


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """`folder`: for the database."""
    database = Database.open(f"sqlite:///{folder}/rounds.db")
    database.migrate()
    build(database)
    listening = bound(0)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = Settings(
        public_url=url, configured_session_secret="s" * 32, database_url=f"sqlite:///{folder}/rounds.db"
    )
    application = Application(database, ("secret" * 4,), settings, clock=lambda: NOW)
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="on", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE
    while not server.started and time.monotonic() < end:
        threading.Event().wait(0.01)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield Site(url, browser)
            browser.close()
    finally:
        application.ending()
        server.should_exit = True
        thread.join(PATIENCE)
