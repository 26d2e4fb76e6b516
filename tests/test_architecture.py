"""The house rules that no linter knows. Layers: import-linter, whose contracts are in pyproject.toml."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.tree import ROOT, files, python, shown

LONGEST = {"app": 300, "tests": 500, "benchmarks": 300}
REFUSED_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|common|manager|managers|misc|stuff|base)(_|$)")
MADE = "app/store/migrations/versions"
REGISTRIES = re.compile(
    r"pypi[.]org|files[.]pythonhosted|registry[.]npmjs|(deb|security)[.]debian[.]org|proxy[.]golang[.]org"
)
SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma)")
REASONED = re.compile(r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w-]+(?:,\s*[\w-]+)*\])\s*\S.{7,}")
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HAC[K])\b")
MOCKS = {"unittest.mock", "mock", "pytest_mock"}
LONGEST_LOOK = 0.1
"""Seconds: a look every few hundredths of a second until something is so is no sleep."""

APP = tuple(path for path in python("app") if MADE not in shown(path))
TESTS = python("tests")
ALL = python("app", "tests", "benchmarks")


def broken(paths: tuple[Path, ...], rule: Callable[[Path], object]) -> dict[str, object]:
    """What is wrong, by file."""
    return {shown(path): found for path in paths if (found := rule(path))}


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


def test_the_files_are_found():
    assert {"app/__main__.py", "tests/test_architecture.py"} <= {shown(path) for path in ALL}
    expected = {"README.md", "Makefile", ".ci/run", "config/commands.yml", "requirements.lock"}
    assert expected <= {shown(path) for path in files()}


def test_imports_point_one_way(monkeypatch, tmp_path):
    """The contracts of pyproject.toml."""
    monkeypatch.chdir(ROOT)
    assert lint_imports(cache_dir=str(tmp_path)) == 0


def test_a_receiver_loads_no_engine_and_no_client():
    """Nor what parses configurations, and the verbs: a receiver is there soon, and a page that needs them waits once."""
    code = "import sys, app.web.server; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "fastapi" in loaded
    assert not {"dbos", "httpx", "gidgethub", "aiohttp", "typer", "alembic"} & loaded
    assert not {"app.engine.durable", "app.config.schema", "app.commands.registry", "app.sandbox"} & loaded


def test_modules_are_short():
    """A longer one is split by noun or verb."""

    def too_long(path: Path) -> int:
        lines = len(text(path).splitlines())
        return lines if lines > LONGEST[shown(path).partition("/")[0]] else 0

    assert broken(ALL, too_long) == {}


def test_a_module_is_one_noun_or_verb():
    assert broken(APP, lambda path: REFUSED_NAMES.search(f"{path.parent.name} {path.stem}".replace(" ", "_"))) == {}


def test_a_module_says_its_duty():
    def silent(path: Path) -> bool:
        return bool(text(path).strip()) and len((ast.get_docstring(tree(path)) or "").split()) < 3

    assert broken(APP, silent) == {}


def test_annotations_are_not_evaluated():
    def evaluated(path: Path) -> bool:
        code = [node for node in tree(path).body if not isinstance(node, ast.Expr)]
        return bool(code) and not (isinstance(code[0], ast.ImportFrom) and code[0].module == "__future__")

    assert broken(APP, evaluated) == {}


def test_what_silences_a_check_says_which_and_why():
    def unexplained(path: Path) -> list[str]:
        return [found for found in _comments(path) if SILENCED.search(found) and not REASONED.search(found)]

    assert broken(ALL, unexplained) == {}


def _comments(path: Path) -> Iterator[str]:
    if not SILENCED.search(text(path)):  # to take apart every file takes seconds
        return
    for token in tokenize.generate_tokens(io.StringIO(text(path)).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


@pytest.mark.parametrize(
    ("comment", "good"),
    [
        ("# noqa: S603  # our own words", True),
        ("# noqa: S105  (of a stand-in)", True),
        ("# type: ignore[override]  # as uvicorn's own", True),
        ("# noqa: S603, S607  # our own words", True),
        ("# noqa", False),
        ("# noqa  # because I like it so", False),
        ("# noqa: S603", False),
        ("# type: ignore", False),
        ("# type: ignore[override]", False),
        ("# type: ignore[override]  # x", False),
    ],
)
def test_which_reasons_count(comment, good):
    assert SILENCED.search(comment)
    assert bool(REASONED.search(comment)) is good


def test_tests_use_fakes_that_have_state():
    assert broken(TESTS, lambda path: MOCKS & _imported(path) if "mock" in text(path) else ()) == {}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_tests_wait_for_what_happens_and_not_for_time():
    assert broken(TESTS, lambda path: [line for line, seconds in _sleeps(path) if seconds > LONGEST_LOOK]) == {}


def _sleeps(path: Path) -> Iterator[tuple[int, float]]:
    """Line and seconds of each sleep; those whose length can't be read, and all that block, are endless."""
    for node in ast.walk(tree(path)) if "sleep(" in text(path) else ():
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "asyncio.sleep", "sleep"}:
            (seconds,) = node.args
            readable = isinstance(seconds, ast.Constant) and ast.unparse(node.func) == "asyncio.sleep"
            yield node.lineno, float(seconds.value) if readable else float("inf")


def test_nothing_is_skipped_for_good():
    for_good = {"pytest.mark.skip", "pytest.mark.xfail"}

    def marks(path: Path) -> set[str]:
        nodes = ast.walk(tree(path)) if "pytest.mark" in text(path) else ()
        return {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}

    assert broken(TESTS, lambda path: for_good & marks(path)) == {}


def test_no_file_names_a_package_registry():
    assert broken(files(), lambda path: REGISTRIES.findall(text(path))) == {}


def test_nothing_is_left_for_later():
    code = tuple(path for path in files() if path.suffix in {".py", ".html", ".js", ".css"})
    assert broken(code, lambda path: UNFINISHED.findall(text(path))) == {}
