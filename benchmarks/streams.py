"""Open pages that wait for news, which there is each second, while something else is measured."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from app.store import tables as t
from app.store import versions
from benchmarks.mirror_world import FIRST_REPOSITORY, REPOSITORIES
from benchmarks.stage import Process, Stage


@contextmanager
def watched(stage: Stage, server: Process, count: int, people: int = 0) -> Iterator[Callable[[], int]]:
    """So many streams; how many events they heard. `people`: so many have sessions of their own, and take turns."""
    tokens = _signed_in(stage, people) if people else [""]
    with ExitStack() as ends:
        streams = [ends.enter_context(_stream(server.port, tokens[place % len(tokens)])) for place in range(count)]
        over = threading.Event()
        writer = threading.Thread(target=_news, args=(stage, over))
        writer.start()
        ends.callback(writer.join)
        ends.callback(over.set)
        yield lambda: sum(_heard(one) for one in streams)


def _signed_in(stage: Stage, people: int) -> Sequence[str]:
    """Cookies of people to whom GitHub just said that they may read all repositories."""
    now = time.time_ns() // 1_000_000
    tokens = [f"{place:043d}" for place in range(people)]
    marks = [hashlib.sha256(token.encode()).hexdigest() for token in tokens]
    times = {"created_at": now, "seen_at": now, "asked_at": now}
    sessions = [
        {"mark": mark, "person_id": 1 + place, "login": f"watcher-{place}", "access": "", **times}
        for place, mark in enumerate(marks)
    ]
    places = range(FIRST_REPOSITORY, FIRST_REPOSITORY + len(REPOSITORIES))
    with stage.database.transaction() as conn:
        conn.execute(t.session.insert(), sessions)
        conn.execute(
            t.session_repository.insert(), [{"mark": mark, "repository_id": id_} for mark in marks for id_ in places]
        )
    return tokens


def _stream(port: int, token: str) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port))
    cookie = f"Cookie: rounds={token}\r\n" if token else ""
    stream.sendall(f"GET /events HTTP/1.1\r\nHost: localhost\r\n{cookie}\r\n".encode())
    while b"event: version" not in stream.recv(4096):
        pass
    return stream


def _news(stage: Stage, over: threading.Event) -> None:
    while not over.wait(1.0):
        with stage.database.transaction() as conn:
            versions.bump(conn, [FIRST_REPOSITORY])


def _heard(stream: socket.socket) -> int:
    stream.setblocking(False)
    try:
        return stream.recv(2**20).count(b"event: version")
    except BlockingIOError:
        return 0
