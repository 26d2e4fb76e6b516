"""Colours of labels that can be read: text by WCAG's contrast, and the style sheet with one class for each colour."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COLOR = re.compile(r"[0-9a-f]{6}")
INK, PAPER = "000000", "ffffff"
"""Nothing lighter than black reads at 4.5 on every colour on which white does not."""


def luminance(color: str) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """1 to 21; text needs 4.5."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(color: str) -> str:
    """Ink or paper, whichever reads better: never below 4.5."""
    return max((INK, PAPER), key=lambda text: contrast(text, color))


def edge_of(color: str) -> str:
    """A darker shade, so that a pale label has an edge on white."""
    return "".join(f"{int(color[at : at + 2], 16) * 3 // 4:02x}" for at in (0, 2, 4))


def style_sheet(colors: Iterable[str]) -> str:
    """`.c-ff0000 { … }` for each colour; what is no colour is left out."""
    known = sorted({color.lower() for color in colors if _COLOR.fullmatch(color.lower())})
    return "".join(
        f".c-{c}{{background:#{c};color:#{text_on(c)};border-color:#{edge_of(c)}}}\n.dot.c-{c}{{color:#{c}}}\n"
        for c in known
    )
