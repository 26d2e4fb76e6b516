"""Structured logs: one JSON line an event on stderr, colours on a terminal.

    log = logs.get()
    log.info("command done", delivery=guid, repository="o/r", issue=12, actor="alice", outcome="done", ms=41)

Fields: `delivery` (GUID), `repository` (owner/name), `issue` (number), `actor` (login), `outcome` (one word), `ms`.
Never bodies, tokens or signatures; what looks like a token is removed here all the same, and so are control characters,
which could forge a line or move the cursor of the terminal that shows it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

from app.environment import without_password

_TOKEN = re.compile(
    r"gh[a-z]_[A-Za-z0-9._-]{16,}|github_pat_\w{16,}|sha(?:1|256)=[0-9a-fA-F]{16,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"  # a JWT: what the App signs to speak for itself
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
# C0, C1, line and paragraph separators, and the marks that turn the direction of writing
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_DEPTH = 4


def get(**fields: object) -> FilteringBoundLogger:
    """The logger `rounds` with `fields` bound to all it writes."""
    return cast("FilteringBoundLogger", structlog.get_logger(**fields))


def configure(*, stream: TextIO | None = None, pretty: bool | None = None, level: int = logging.INFO) -> None:
    """Sets up all logging of the process. `pretty`: None means when `stream` (stderr) is a terminal.

    Libraries (dbos, uvicorn, httpx, asyncio) go the same way, from WARNING on.
    """
    stream = stream or sys.stderr
    show = _pretty() if (stream.isatty() if pretty is None else pretty) else _json_lines()
    structlog.configure(
        processors=[*_shared(), *show],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    _route_libraries(stream, show)


def _named(_logger: object, _method: str, event: MutableMapping[str, Any]) -> EventDict:
    event.setdefault("logger", "rounds")
    return event


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> EventDict:
    """The processor that keeps secrets and control characters out; line ends stay in `exception` only."""
    for name, value in event.items():
        event[name] = _CONTROL_BUT_LINES.sub("", _hidden(value)) if name == "exception" else clean(value)
    return event


def clean(value: object, depth: int = 0) -> object:
    """`value` without secrets and control characters; mappings and lists to a few levels, anything else by `repr`."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _CONTROL.sub(" ", _hidden(value))
    if isinstance(value, Mapping) and depth < _DEPTH:
        return {str(clean(str(key))): clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset) and depth < _DEPTH:
        return [clean(item, depth + 1) for item in value]
    return _CONTROL.sub(" ", _hidden(repr(value)))


def _hidden(text: str) -> str:
    return without_password(_TOKEN.sub("***", text))


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        _named,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]


def _json_lines() -> list[Processor]:
    return [structlog.processors.JSONRenderer(serializer=json.dumps, ensure_ascii=False)]


def _pretty() -> list[Processor]:
    # the traceback is text already: rich's own would print local variables, and with them secrets
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback, pad_event_to=28)]


def _route_libraries(stream: TextIO, show: list[Processor]) -> None:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_shared(), *show],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    _silence_own_handler("dbos")


def _silence_own_handler(name: str) -> None:
    """DBOS adds a console handler of its own to a logger that has none: give it an idle one, and let records rise."""
    logger = logging.getLogger(name)
    logger.handlers = [logging.NullHandler()]
    logger.propagate = True
