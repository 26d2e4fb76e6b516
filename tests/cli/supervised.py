"""Runs a supervisor over `child.py`: `supervised.py '["migration", …]' '["receiver", …]' '["worker", …]'` (JSON lists)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from app.cli import supervise

CHILD = str(Path(__file__).with_name("child.py"))


def slot(words: list[str], fd: int) -> supervise.Slot:
    line = [sys.executable, CHILD, *words]
    if words[0] == "worker":
        return supervise.Slot("worker", supervise.worker_line(line, supervise.executor_ids()))
    if words[0] == "receiver":
        return supervise.Slot("receiver", lambda: [*line, "--fd", str(fd)], (fd,))
    return supervise.Slot(words[0], lambda: line)


sock = supervise.listen("127.0.0.1", 0)
os.set_inheritable(sock.fileno(), True)
os.write(1, f"port {sock.getsockname()[1]}\n".encode())
migration, *others = [slot(json.loads(words), sock.fileno()) for words in sys.argv[1:]]
sys.exit(supervise.Supervisor(migration, others).run())
