"""What `rounds doctor` says of each thing that it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `mend`: what to do, "" when all is well."""

    state: Literal["good", "look", "bad"]
    what: str
    mend: str = ""
