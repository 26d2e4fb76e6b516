"""Logs: one JSON line an event; no secrets, no forged lines; libraries go the same way."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from app import logs

SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
TOKEN = "ghs_1234_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----"
CUT_PEM = PEM.partition("-----END")[0]


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def raised(text: str, local: str = "") -> KeyError:
    """An error with a trace; `local` is a variable in its frame."""
    try:
        {}[text]
    except KeyError as error:
        return error
    raise AssertionError(local)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_has_the_documented_fields(stream):
    logs.configure(stream=stream)
    log = logs.get(delivery="72d3162e", repository="acme/widgets")
    log.info("command done", issue=12, actor="alice", outcome="done", ms=41.5)
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "command done",
        "logger": "rounds",
        "level": "info",
        "delivery": "72d3162e",
        "repository": "acme/widgets",
        "issue": 12,
        "actor": "alice",
        "outcome": "done",
        "ms": 41.5,
    }


def test_a_logger_made_before_the_set_up_follows_it(stream):
    log = logs.get()
    logs.configure(stream=stream)
    log.info("hello")
    assert lines(stream)[0]["event"] == "hello"


def test_the_level_holds(stream):
    logs.configure(stream=stream, level=logging.WARNING)
    logs.get().info("no")
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    "secret",
    [TOKEN, SIGNATURE, PEM, "github_pat_11ABCDEFG0abcdefghijkl", "ghp_abcdefghijklmnop1234", CUT_PEM],
)
@pytest.mark.parametrize("pretty", [False, True])
def test_secrets_are_hidden_wherever_they_hide(stream, secret, pretty):
    logs.configure(stream=stream, pretty=pretty)
    log = logs.get(bound=f"x {secret}")
    log.info("text %s", secret, value=secret, deep={"a": [secret, {"b": (secret,)}]}, thing=ValueError(secret))
    log.error("failed", exc_info=raised(secret))
    logging.getLogger("library").warning("sent %s", secret)
    written = stream.getvalue()
    assert "***" in written
    for part in ("MIIabc", "c2lnbmF0dXJl", "757107ea", "ABCDEFG0", "abcdefghijklmnop1234"):
        assert part not in written


def test_the_password_of_a_database_is_hidden(stream):
    logs.configure(stream=stream)
    logs.get().error("can't connect to postgresql://rounds:hunter2@db/rounds")
    assert lines(stream)[0]["event"] == "can't connect to postgresql://rounds:***@db/rounds"


def test_local_variables_are_not_printed_with_a_trace(stream):
    logs.configure(stream=stream, pretty=True)
    logs.get().error("failed", exc_info=raised("what", local="".join(["hunter", "2"])))
    assert "KeyError" in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


@pytest.mark.parametrize("pretty", [False, True])
def test_nobody_forges_a_line_or_moves_the_cursor(stream, pretty):
    logs.configure(stream=stream, pretty=pretty)
    title = 'x\n{"event": "forged"}\r\x1b[2J\x9b\u2028\u202eevil'
    logs.get().info("opened", title=title, names=[title])
    logging.getLogger("library").warning("got %s", title)
    written = stream.getvalue()
    assert len(written.splitlines()) == 2
    assert not {"\r", "\x1b[2J", "\x9b", "\u2028", "\u202e"} & set(written)
    assert "\x1b[2J" not in written


@given(st.text(), st.dictionaries(st.text(), st.recursive(st.none() | st.text(), st.lists, max_leaves=5)))
def test_any_text_is_one_line(text, values):
    cleaned = json.dumps([logs.clean(text), logs.clean(values)], ensure_ascii=False)
    assert len(cleaned.splitlines()) == 1


def test_what_is_nested_too_deep_is_cleaned_too():
    deep: object = TOKEN
    for _ in range(10):
        deep = [deep]
    assert "ghs_" not in json.dumps(logs.clean(deep))


def test_libraries_speak_from_warning_on(stream):
    logs.configure(stream=stream)
    logging.getLogger("library").info("chatter")
    logging.getLogger("library").warning("slow %s", "queue")
    (line,) = lines(stream)
    assert (line["event"], line["logger"], line["level"]) == ("slow queue", "library", "warning")


def test_dbos_finds_a_handler_and_adds_none_of_its_own(stream, monkeypatch):
    from dbos._logger import init_logger

    logger = logging.getLogger("dbos")  # a test before this one may have launched DBOS without our logs
    for name, value in {"handlers": [], "propagate": True, "level": logging.NOTSET, "disabled": False}.items():
        monkeypatch.setattr(logger, name, value)
    logger.manager._clear_cache()
    logs.configure(stream=stream)
    init_logger()
    logging.getLogger("dbos").critical("once")
    assert len(lines(stream)) == 1


def test_context_of_the_work_at_hand_is_on_every_line(stream):
    logs.configure(stream=stream)
    with structlog.contextvars.bound_contextvars(delivery="abc"):
        logging.getLogger("library").warning("slow")
        logs.get().info("mine")
    assert [line["delivery"] for line in lines(stream)] == ["abc", "abc"]
