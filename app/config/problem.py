"""One mistake in a file, with its place and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` count from 1. An error keeps the file from taking effect, a note does not."""

    file: str
    line: int
    column: int
    message: str
    suggestion: str = ""
    severity: Literal["error", "note"] = "error"

    def __str__(self) -> str:
        note = "note: " if self.severity == "note" else ""
        hint = f" ({self.suggestion})" if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column}: {note}{self.message}{hint}"
