"""Takes the README's pictures of the dashboard anew, from `rounds demo` in Chromium:

    .venv/bin/python tools/pictures.py

It writes docs/overview-light.png, docs/overview-dark.png, docs/queue.png and docs/label.png.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
PORT = 8460
PATIENCE = 90
"""Seconds until the demo has read everything."""
PICTURES = {
    "overview-light": ("/", "light", 820), "overview-dark": ("/", "dark", 820), "queue": ("/queues/to-triage", "light", 620),
    "label": ("/labels/requires%20triaging", "light", 1000),
}  # fmt: skip
"""By the name of the file: address, theme, height."""


def main() -> None:
    """All of them."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("This needs Chromium.")
    with _demo() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name in PICTURES:
            _take(browser, url, name)
        browser.close()


def _take(browser: Browser, url: str, name: str) -> None:
    path, scheme, height = PICTURES[name]
    page = browser.new_page(
        viewport={"width": 1180, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.goto(url + path)
    page.screenshot(path=ROOT / f"docs/{name}.png")
    page.close()


@contextmanager
def _demo() -> Iterator[str]:
    """The address of a running demo whose repositories are read whole."""
    command = [str(Path(sys.executable).with_name("rounds")), "demo", "--port", str(PORT)]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603  our own
    try:
        assert demo.stdout
        told = next(
            (word for line in demo.stdout if "Dashboard" in line for word in line.split() if "http" in word), ""
        )
        _wait(told)
        yield told
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(60)


def _wait(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}/status.json") as answer:  # noqa: S310  of this machine
                mirrors = json.load(answer)["mirrors"]
            if mirrors and not any(one["missing"] for one in mirrors):
                return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit("The demo did not become ready.")


if __name__ == "__main__":
    main()
