"""`rounds sync` of a repository that was never read, against ../shared/ghkit: how many lists it asks for, how long it takes
beside a client that only follows the pages, and how much memory it needs.

It needs the kit's packages: `GHKIT_DEPS`, as its tests do (tests/ghkit.py); without them there is nothing to measure.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from app import wiring
from app.github.limits import Limits
from app.settings import Settings
from benchmarks.figures import Figure, Goal
from benchmarks.load import SECRET
from benchmarks.machine import ROOT, python
from benchmarks.stage import Stages
from tests import ghkit

REPO = "acme/widgets"
PERMISSIONS = {"issues": "write", "contents": "read", "pull_requests": "write", "members": "read", "metadata": "read"}
LISTS = (
    "issues?state=all&sort=created&direction=asc&per_page=100",
    "issues/comments?sort=created&direction=asc&per_page=100",
    "issues/events?per_page=100",
)


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """Issues, a comment each, their events; the kit checks no answers, and nobody's limits are in the way."""
    count = 2_000 if quick else 100_000
    if ghkit.python() is None:
        return
    with _kit() as kit, stages.empty() as stage:
        environment = {**os.environ, **_town(kit, count), "ROUNDS_DATABASE_URL": stage.url, "PYTHONPATH": str(ROOT)}
        alone = _paged(kit)
        asked = _calls(kit)
        seconds, used, memory = _synced(environment, stage.folder)
        calls = {name: many - asked.get(name, 0) for name, many in _calls(kit).items()}
    lists = calls["issues/list-for-repo"]
    also = {"of comments": calls["issues/list-comments-for-repo"], "of events": calls["issues/list-events-for-repo"]}
    yield Figure(f"lists of issues asked for, {count:,} issues", lists, "calls", Goal("≤", count / 100 * 1.1), also)
    times = {"s": seconds, "s the stand-in alone": alone, "CPU s": used}
    yield Figure("time beside the stand-in's own", seconds / alone, "times", Goal("≤", 3), times)
    yield Figure("memory at the most", memory, "MB", Goal("≤", 300))


@contextlib.contextmanager
def _kit() -> Iterator[ghkit.Ghkit]:
    words = [str(ghkit.python()), "-m", "ghkit", "serve", "--port", "0", "--no-limits", "--no-response-validation"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        found = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
        if found is None:
            raise RuntimeError("ghkit did not start")
        with contextlib.closing(ghkit.Ghkit(found[0])) as kit:
            yield kit
    finally:
        process.terminate()
        process.communicate()


def _town(kit: ghkit.Ghkit, count: int) -> dict[str, str]:
    """The repository with so many issues, and Rounds' settings for it."""
    kit("users", logins=["mia"])
    kit("org", login="acme", members={"ann": "admin"})
    kit("repo", full=REPO, labels=["bug", "docs", "requires triaging"], roles={"mia": "maintain"})
    kit("bulk_issues", repo=REPO, count=count, seed=1, comments_per=1, pr_ratio=0.1)
    hook = {"webhook_url": "http://127.0.0.1:9/", "webhook_secret": SECRET}
    app = kit("app", slug="rounds", permissions=PERMISSIONS, events=["issues"], **hook)
    kit("install", app="rounds", account="acme")
    return {
        "ROUNDS_GITHUB_APP_ID": app["client_id"],
        "ROUNDS_GITHUB_PRIVATE_KEY": app["private_key"],
        "ROUNDS_WEBHOOK_SECRET": SECRET,
        "ROUNDS_GITHUB_API_URL": kit.url,
    }


def _paged(kit: ghkit.Ghkit) -> float:
    """Seconds of a client that reads the same lists and does nothing with them."""
    headers = {"authorization": f"Bearer {kit('token', user='mia')}", "user-agent": "rounds-benchmark"}
    began = time.monotonic()
    with httpx.Client(headers=headers, trust_env=False, timeout=60) as client:
        for path in LISTS:
            address: str | None = f"{kit.url}/repos/{REPO}/{path}"
            while address is not None:
                answer = client.get(address).raise_for_status()
                answer.json()
                address = answer.links.get("next", {}).get("url")
    return time.monotonic() - began


def _synced(environment: dict[str, str], folder: Path) -> tuple[float, float, float]:
    """Seconds, seconds of CPU, and MB of memory at the most of what `rounds sync` does, without limits of our own."""
    began = time.monotonic()
    with (folder / "sync.log").open("wb") as log:
        child = subprocess.Popen(
            python("-m", "benchmarks.cold_sync"), env=environment, cwd=folder, stdout=log, stderr=log
        )
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError((folder / "sync.log").read_text(errors="replace")[-2000:])
    told = re.search(r"^most memory (\d+) kB$", (folder / "sync.log").read_text(errors="replace"), re.MULTILINE)
    if told is None:
        raise RuntimeError("the child did not tell its memory")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, int(told[1]) / 1000


def main() -> None:
    """The child. It tells its memory itself: what the system tells of a child begins with its parent's."""
    asyncio.run(_sync())
    most = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    print(f"most memory {most[1] if most else 0} kB")


async def _sync() -> None:
    async with wiring.reach(Settings.load(), Limits.unlimited()) as parts:
        await parts.sync.installations()
        for known in await parts.sync.pending():
            await parts.sync.repository(known)
        left = [known.repository.full_name for known in await parts.sync.pending()]
    if left:
        raise RuntimeError(f"not read whole: {left}")


def _calls(kit: ghkit.Ghkit) -> dict[str, int]:
    """How often each operation was asked for."""
    found: dict[str, int] = kit("calls")["by_op"]
    return found


if __name__ == "__main__":
    main()
