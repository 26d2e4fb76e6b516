"""The strict stand-in for GitHub, ../shared/ghkit, as a process of its own, driven by plain HTTP.

It runs where its packages are: `GHKIT_DEPS` names the folder that its setup.sh filled, else `.cache/ghkit` here. Elsewhere the
tests that ask for it are skipped. A test that uses `ghkit` fails at its end for every violation (`ghkit.allow` makes exceptions).
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
KIT = ROOT.parent / "shared" / "ghkit"


class Ghkit:
    """`url`: REST root, GraphQL at /graphql. `allow`: kinds of violations that this test provokes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.allow: set[str] = set()
        self._http = httpx.Client(trust_env=False, timeout=60)

    def __call__(self, method: str, /, **arguments: Any) -> Any:
        """One of the control methods of the kit's README, arguments by name: `ghkit("repo", full="acme/widgets")`."""
        reply = self._http.post(f"{self.url}/_ghkit/{method}", json=arguments).json()
        assert reply["ok"], f"ghkit {method}: {reply}"
        return reply["result"]

    def violations(self) -> list[dict[str, Any]]:
        """What GitHub would have refused or frowned at, and faults of the kit itself."""
        return [found for found in self("violations") if found["kind"] not in self.allow]

    def close(self) -> None:
        self._http.close()


def python() -> Path | None:
    """The interpreter that can run the kit."""
    folder = Path(os.environ.get("GHKIT_DEPS") or ROOT / ".cache" / "ghkit")
    found = folder / ".venv" / "bin" / "python"
    return found if found.exists() and KIT.exists() else None


@pytest.fixture(scope="session")
def ghkit_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running kit."""
    interpreter = python()
    if interpreter is None:
        pytest.skip("no ../shared/ghkit, or GHKIT_DEPS is not the folder that its setup.sh filled")
    log = tmp_path_factory.mktemp("ghkit") / "log"
    with log.open("wb") as errors:
        command = [str(interpreter), "-m", "ghkit", "serve", "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.communicate()


@pytest.fixture
def ghkit(ghkit_server: str) -> Iterator[Ghkit]:
    """An empty world."""
    kit = Ghkit(ghkit_server)
    kit("reset")
    yield kit
    found = kit.violations()
    kit.close()
    assert not found, found


def _address(process: subprocess.Popen[str], log: Path) -> str:
    """From the line that the kit prints when it listens; the line is empty when it ended instead."""
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found, f"ghkit did not start: {log.read_text()[-2000:]}"
    return found[0]
