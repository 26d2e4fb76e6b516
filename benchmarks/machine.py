"""The machine and its processes: what they are, and what they cost."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent


def about() -> dict[str, str]:
    """What the numbers depend on; no names and no paths."""
    memory = psutil.virtual_memory().total / 2**30
    return {
        "machine": f"{os.cpu_count()} × {_processor()}, {memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "commit": _commit(),
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _commit() -> str:
    """The present one, with a plus when files differ from it; "-" in a plain copy."""
    found = _git("rev-parse", "--short", "HEAD")
    return (
        f"{found}{'+' if _git('status', '--porcelain', '--untracked-files=no', '--', 'app') else ''}" if found else "-"
    )


def _git(*words: str) -> str:
    try:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def others_busy(seconds: float = 1.0) -> float:
    """Percent of all processors that were busy while we did nothing: above a few, the numbers are only indicative."""
    busy: float = psutil.cpu_percent(interval=seconds)
    return busy


def family(pids: Iterable[int]) -> list[psutil.Process]:
    """The processes and all that they started."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(pid)
            found |= {one.pid: one for one in (root, *root.children(recursive=True))}
    return list(found.values())


def cpu(pids: Iterable[int]) -> float:
    """Seconds of CPU that the processes, and all they started, have used so far; those that ended included."""
    total = 0.0
    for process in family(pids):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory(pids: Iterable[int]) -> tuple[float, float]:
    """Megabytes of the processes and all they started: resident, and with shared pages counted once (PSS)."""
    resident = shared = 0.0
    for process in family(pids):
        with contextlib.suppress(psutil.NoSuchProcess):
            full = process.memory_full_info()
            resident += full.rss / 2**20
            shared += full.pss / 2**20
    return resident, shared


def python(*words: str) -> list[str]:
    """A command line of this interpreter."""
    return [sys.executable, "-P", *words]


def wait(until: Callable[[], object], seconds: float = 60.0, pause: float = 0.02) -> None:
    """Until it is so. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:g} s")
        time.sleep(pause)
