"""Brings the front end's third-party files into app/web/static/vendor, each of one exact version. Run it by hand for a new one:

    .venv/bin/python tools/vendor.py

It needs npm. A package whose archive has another hash than the one written here is refused. What it wrote is told in
vendor.json, with a hash for each file, which a test compares.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

INTO = Path(__file__).parents[1] / "app/web/static/vendor"
TOKENS = (
    "bgColor-default", "bgColor-muted", "bgColor-neutral-muted", "bgColor-accent-muted", "bgColor-accent-emphasis",
    "bgColor-success-emphasis", "bgColor-success-muted", "bgColor-attention-muted", "bgColor-danger-muted",
    "fgColor-default", "fgColor-muted", "fgColor-accent", "fgColor-success", "fgColor-attention", "fgColor-danger",
    "fgColor-done", "fgColor-onEmphasis", "borderColor-default", "borderColor-emphasis",
)  # fmt: skip
ICONS = (
    "alert", "arrow-down", "arrow-up", "check", "check-circle", "clock", "comment", "git-pull-request", "issue-closed",
    "issue-opened", "milestone", "x",
)  # fmt: skip
_TOKEN = re.compile(r"--([A-Za-z-]+): (#[0-9a-f]{6,8});")
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


class Package(NamedTuple):
    """`sha256`: of the archive that npm brings."""

    name: str
    version: str
    license: str
    sha256: str


HTMX = Package("htmx.org", "4.0.1", "0BSD", "5fba65616ca148a86d377e9771bcada7f35faee3558651feb929eea425e13b3c")
PRIMITIVES = Package(
    "@primer/primitives", "11.10.0", "MIT", "99f4ebd9b6ef21ce06ac8081ed0456cc7bea016c268f0cfc6898dda895cab4a9"
)
OCTICONS = Package(
    "@primer/octicons", "19.42.0", "MIT", "8ae65252de0d8b24e068362c375533ef9a00fdf04e99f23d80df680d34138237"
)


def main() -> None:
    """Writes all files anew."""
    with tempfile.TemporaryDirectory() as folder:
        htmx, primitives, octicons = (_fetched(one, Path(folder)) for one in (HTMX, PRIMITIVES, OCTICONS))
        files = {
            "htmx.min.js": (HTMX, (htmx / "dist/htmx.min.js").read_bytes()),
            "tokens.css": (PRIMITIVES, _tokens(primitives / "dist/css/functional/themes").encode()),
            "icons.svg": (OCTICONS, _icons(octicons / "build/svg").encode()),
        }
        licenses = {
            one.name: (path / "LICENSE").read_bytes()
            for one, path in ((HTMX, htmx), (PRIMITIVES, primitives), (OCTICONS, octicons))
        }
    _write(files, licenses)


def _fetched(package: Package, folder: Path) -> Path:
    npm = shutil.which("npm") or sys.exit("This needs npm.")
    said = subprocess.run(  # noqa: S603  only names from above
        [npm, "pack", "--json", "--ignore-scripts", f"{package.name}@{package.version}"],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    archive = folder / json.loads(said.stdout)[0]["filename"]
    if hashlib.sha256(archive.read_bytes()).hexdigest() != package.sha256:
        sys.exit(f"{package.name} {package.version} is not what it was: its archive has another hash.")
    target = folder / re.sub(r"\W", "-", package.name)
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    return target / "package"


def _tokens(themes: Path) -> str:
    """The tokens that we use, as custom properties: light, and dark for readers who prefer it."""
    light, dark = (_of(themes / f"{name}.css") for name in ("light", "dark"))
    source = f"/* {PRIMITIVES.name} {PRIMITIVES.version}, {PRIMITIVES.license}; made by tools/vendor.py */\n"
    return f"{source}:root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def _of(theme: Path) -> str:
    values = dict(_TOKEN.findall(theme.read_text()))
    return " ".join(f"--{name}: {values[name]};" for name in TOKENS)


def _icons(folder: Path) -> str:
    """One file of symbols: `<use href="…/icons.svg#check-circle">`."""
    symbols = []
    for name in ICONS:
        found = _SHAPES.search((folder / f"{name}-16.svg").read_text())
        assert found
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{found[1]}</symbol>')
    source = f"<!-- {OCTICONS.name} {OCTICONS.version}, {OCTICONS.license}; made by tools/vendor.py -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{source}\n' + "\n".join(symbols) + "\n</svg>\n"


def _write(files: dict[str, tuple[Package, bytes]], licenses: dict[str, bytes]) -> None:
    shutil.rmtree(INTO, ignore_errors=True)
    INTO.mkdir(parents=True)
    told = {}
    for name, (package, content) in files.items():
        (INTO / name).write_bytes(content)
        told[name] = {
            **package._asdict(),
            "archive_sha256": package.sha256,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    texts = [f"{name}\n{'=' * len(name)}\n\n{text.decode().strip()}\n" for name, text in licenses.items()]
    (INTO / "LICENSES.txt").write_text("\n\n".join(texts))
    (INTO / "vendor.json").write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
