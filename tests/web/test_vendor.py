from __future__ import annotations

import hashlib
import json
import re

from tests.tree import ROOT

VENDOR = ROOT / "app/web/static/vendor"


def test_every_file_is_the_one_that_was_brought():
    told = json.loads((VENDOR / "vendor.json").read_text())
    assert {path.name for path in VENDOR.iterdir()} == told.keys() | {"vendor.json", "LICENSES.txt"}
    for name, package in told.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == package["sha256"], name
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["name"] in (VENDOR / "LICENSES.txt").read_text()


def test_styles_use_only_tokens_that_are_there():
    known = set(re.findall(r"--([A-Za-z-]+):", (VENDOR / "tokens.css").read_text()))
    text = (ROOT / "app/web/static/rounds.css").read_text()
    own = set(re.findall(r"--([a-zA-Z-]+):", text))
    assert set(re.findall(r"var\(--([A-Za-z-]+)", text)) <= known | own
    assert len(known) == 19


def test_icons_that_templates_use_are_there():
    icons = set(re.findall(r'id="([a-z-]+)"', (VENDOR / "icons.svg").read_text()))
    pieces = "".join(path.read_text() for path in (ROOT / "app/web/templates").glob("*.html"))
    assert set(re.findall(r'icon\("([a-z-]+)"', pieces)) <= icons
