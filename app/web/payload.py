"""From the bytes of a signed request to an arrival: form or JSON, an object, of a sane depth. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import msgspec

from app.core.events import Envelope
from app.github.webhook import Delivery, Refusal
from app.store.inbox import Arrival

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
DEEPEST = 100
"""Levels; GitHub's payloads have fewer than ten."""

_ENVELOPE = msgspec.json.Decoder(Envelope)
_ANY = msgspec.json.Decoder(msgspec.Raw)
_OBJECT = re.compile(rb"\s*\{")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_PAIR = re.compile(rb"\[\]|\{\}")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def arrival(delivery: Delivery, body: bytes, content_type: str) -> Arrival | Refusal:
    """What goes into the inbox, or why it can't. `content_type`: `JSON` or `FORM`, both of which GitHub can send.

    A payload of another shape than documented still arrives: what GitHub signed is kept, and looked at later.
    """
    text = _form_field(body) if content_type == FORM else body
    if text is None:
        return Refusal(400, "no payload in the form")
    envelope = _read(text)
    if isinstance(envelope, Refusal):
        return envelope
    installation, repository = envelope.installation, envelope.repository
    return Arrival(
        guid=delivery.guid,
        event=delivery.event,
        action=envelope.action or "",
        installation_id=installation.id if installation else 0,
        repository_id=repository.id if repository else 0,
        repository=repository.full_name if repository else "",
        number=envelope.number,
        body=text,
    )


def _form_field(body: bytes) -> bytes | None:
    try:
        fields = dict(parse_qsl(body.decode("ascii"), strict_parsing=True, errors="strict", max_num_fields=10))
        return fields["payload"].encode()
    except (ValueError, KeyError):
        return None


def _read(text: bytes) -> Envelope | Refusal:
    try:
        text.decode()
        envelope = _shape(text)
    except RecursionError:
        return Refusal(400, "JSON nested too deeply")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Refusal(400, "not JSON")
    if not _OBJECT.match(text):
        return Refusal(400, "JSON, but not an object")
    return Refusal(400, "JSON nested too deeply") if _too_deep(text) else envelope


def _shape(text: bytes) -> Envelope:
    """Raises DecodeError where the text is not JSON; an unexpected shape is an empty envelope."""
    try:
        return _ENVELOPE.decode(text)
    except msgspec.ValidationError:
        _ANY.decode(text)
        return Envelope()


def _too_deep(text: bytes) -> bool:
    """Takes the innermost brackets away, `DEEPEST` times: what is left then is deeper. `text` is valid JSON.

    Counting comes first, for it is cheap; GitHub's many URL templates (`{/sha}`) open no object.
    """
    opened = text.count(b"{") + text.count(b"[")
    if opened <= DEEPEST or opened - text.count(b"{/") <= DEEPEST:
        return False
    brackets = _STRING.sub(b"", text).translate(None, _NOT_BRACKETS)
    for _ in range(DEEPEST):
        if not brackets:
            break
        brackets = _PAIR.sub(b"", brackets)
    return bool(brackets)
