"""Whatever the bytes are: an arrival or a refusal, never a fault, and always the same one."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.github.webhook import Delivery, Refusal
from app.store.inbox import Arrival
from app.web.payload import DEEPEST, FORM, JSON, arrival

DELIVERY = Delivery("g", "issues")
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6
)
names = st.sampled_from(["action", "installation", "repository", "issue", "pull_request", "id", "number", "full_name"])
objects = st.dictionaries(names | st.text(), values | st.dictionaries(names, values, max_size=3), max_size=4)


@given(body=st.binary() | st.text().map(str.encode), form=st.booleans())
@example(body=b'{"\\ud800": 1}', form=False)
@example(body=b"payload=%ff", form=True)
@example(body=b"payload", form=True)
@example(body=b"&" * 50, form=True)
def test_any_bytes_are_answered(body: bytes, form: bool):
    assert isinstance(arrival(DELIVERY, body, FORM if form else JSON), Arrival | Refusal)


@settings(deadline=None)
@given(value=objects, form=st.booleans())
def test_any_object_arrives_as_it_was_sent(value: dict, form: bool):
    text = json.dumps(value)
    body = urlencode({"payload": text}).encode() if form else text.encode()
    found = arrival(DELIVERY, body, FORM if form else JSON)
    assert isinstance(found, Arrival)
    assert json.loads(found.body) == value


@given(value=scalars | st.lists(values))
def test_anything_but_an_object_is_refused(value: object):
    assert arrival(DELIVERY, json.dumps(value).encode(), JSON) == Refusal(400, "JSON, but not an object")


@given(depth=st.integers(1, 3 * DEEPEST), text=st.text(alphabet='[]{}"\\x', max_size=60), wide=st.integers(0, 120))
def test_depth_is_counted_exactly(depth: int, text: str, wide: int):
    value: object = text
    for level in range(depth - 1):
        value = [value] if level % 2 else {"a": value, "text": text}
    found = arrival(DELIVERY, json.dumps({"a": value, "wide": [text] * wide}).encode(), JSON)
    assert isinstance(found, Refusal) == (max(depth, 2) > DEEPEST)
