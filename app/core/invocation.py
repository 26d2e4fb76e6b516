"""One use of a command, as typed."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.values import Ref


@dataclass(frozen=True, slots=True)
class Invocation:
    """One command line. `verb` is lower case, `arguments` the rest of the line as typed (stripped, never a newline).

    `targets`: the references before the verb; () means the issue that holds the comment. `line`: 1-based line of the text.
    `typed`: the line as typed, for answers (defang before repeating it). `home` ("owner/name") and `web_url`: where it was
    typed; references among the arguments are read there. `trouble`: why the line must not run, for the answer; else "".
    """

    line: int
    verb: str
    arguments: str
    targets: tuple[Ref, ...] = ()
    typed: str = ""
    home: str = ""
    web_url: str = "https://github.com"
    trouble: str = ""
