"""A child of a supervisor under test: says what happens to it on stdout, one line an event.

`child.py KIND --lifeline FD`, where a migration ends by itself and a receiver accepts on `--fd FD`. More options:
`--status N` ends at once, `--fails-once FILE` only if FILE is not there yet, `--hangs yes` and `--deaf yes` are slow to end.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

from app.cli import processes


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def stop(*_: object) -> None:
    if "--deaf" in options:
        say(kind, os.getpid(), "refuses")
        return
    say(kind, os.getpid(), "stops")
    os._exit(0)


kind, options = sys.argv[1], dict(zip(sys.argv[2::2], sys.argv[3::2], strict=True))
signal.signal(signal.SIGTERM, stop)
say(kind, os.getpid(), "starts")
if "--status" in options:
    sys.exit(int(options["--status"]))
once = options.get("--fails-once")
if once and not os.path.exists(once):
    open(once, "w").close()
    sys.exit(1)
processes.begin({"lifeline": options["--lifeline"]})
say(kind, os.getpid(), "begins", options.get("--executor", "-"), options.get("--replaces", "-"))
if "--fd" in options:
    sock = socket.socket(fileno=int(options["--fd"]))
    while True:
        sock.accept()[0].sendall(str(os.getpid()).encode())
if kind != "migration" or "--hangs" in options:
    while True:
        signal.pause()
