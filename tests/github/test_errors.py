from __future__ import annotations

import json

import pytest

from app.errors import Permanent, Unavailable
from app.github import errors

NOW = 1_800_000_000.0
LABELS = "POST /repos/{owner}/{repo}/issues/{number}/labels"


def read(status: int, message: str = "", headers: dict[str, str] | None = None, **body: object):
    return errors.read(
        LABELS, status, headers or {}, json.dumps({"message": message} | body).encode(), write=True, now=NOW
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (410, errors.Gone),
        (400, errors.Invalid),
        (422, errors.Invalid),
        (409, errors.Conflict),
        (451, errors.Refused),
    ],
)
def test_a_refusal_names_call_status_and_githubs_words(status: int, kind: type[errors.Refused]) -> None:
    fault = read(status, "No, because")
    assert type(fault) is kind
    assert isinstance(fault, Permanent)
    assert str(fault) == f"GitHub refused {LABELS}: {status} No, because"


@pytest.mark.parametrize(
    ("status", "headers", "message", "wait", "told"),
    [
        (403, {"retry-after": "30"}, "You have exceeded a secondary rate limit", 30, True),
        (429, {"retry-after": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000600"}, "", 30, True),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000600"}, "API rate limit exceeded", 601, True),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1800000600"}, "", 601, True),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1799999999"}, "", 1, True),
        (403, {"x-ratelimit-remaining": "0"}, "", 60, True),
        (403, {}, "You have exceeded a secondary rate limit. Please wait a few minutes", 60, False),
        (403, {"x-ratelimit-remaining": "4000"}, "You have triggered an abuse detection mechanism", 60, False),
        (429, {}, "", 60, False),
        (403, {"retry-after": "Fri, 15 Jan 2027 08:00:45 GMT"}, "", 45, True),
        (403, {"retry-after": "soon"}, "", 60, True),
        (403, {"retry-after": "0"}, "", 1, True),
        (403, {"retry-after": "99999999"}, "", 7200, True),
    ],
)
def test_rate_limits(status: int, headers: dict[str, str], message: str, wait: float, told: bool) -> None:
    fault = read(status, message, headers)
    assert isinstance(fault, errors.RateLimited)
    assert isinstance(fault, Unavailable)
    assert (fault.retry_after, fault.told) == (wait, told)


def test_a_plain_403_is_no_rate_limit() -> None:
    fault = read(403, "Resource not accessible by integration", {"x-ratelimit-remaining": "4000"})
    assert isinstance(fault, errors.Forbidden)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_after_server_trouble_a_write_may_be_done_and_a_read_not(status: int) -> None:
    write = read(status, "Server Error", {"retry-after": "7"})
    assert isinstance(write, errors.ServerTrouble)
    assert (write.status, write.maybe_done, write.retry_after) == (status, True, 7)
    reading = errors.read("GET /app", status, {}, b"<html>Unicorn!</html>", write=False, now=NOW)
    assert isinstance(reading, errors.ServerTrouble)
    assert (reading.maybe_done, reading.retry_after) == (False, None)


@pytest.mark.parametrize(
    ("found", "messages"),
    [
        ([{"resource": "Label", "field": "name", "code": "invalid"}], ("Label name invalid",)),
        ([{"resource": "Issue", "code": "custom", "message": "body is too long"}], ("body is too long",)),
        (["Could not add: x"], ("Could not add: x",)),
        ("a sentence", ("a sentence",)),
        (None, ()),
        ([], ()),
        ([None, 3], ("None", "3")),
    ],
)
def test_invalid_keeps_githubs_messages(found: object, messages: tuple[str, ...]) -> None:
    fault = read(422, "Validation Failed", errors=found)
    assert isinstance(fault, errors.Invalid)
    assert fault.messages == messages
    assert str(fault).endswith("; ".join(["Validation Failed", *messages]))


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b'{"message": 5}', b"[" * 5000, b"\xff\xfe"])
def test_any_body_can_be_read(body: bytes) -> None:
    assert isinstance(errors.read(LABELS, 404, {}, body, write=True, now=NOW), errors.NotFound)


def test_long_words_are_clipped() -> None:
    fault = read(422, "x" * 100_000, errors=["y" * 100_000] * 100)
    assert len(str(fault)) < 4000
