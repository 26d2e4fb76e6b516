"""`rounds` and `python -m app`. Processes of the supervisor (`_…`) start without the command line's libraries."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command in `sys.argv` and exits with its status."""
    name, words = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name.startswith("_"):
        sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # structlog would load it: 6 MB for nothing
        from app.cli import processes

        sys.exit(processes.run(name, words))
    from app.cli import commands

    sys.exit(commands.run())


if __name__ == "__main__":
    main()
