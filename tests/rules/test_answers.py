from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.answers import LONGEST_ANSWER, LONGEST_LABEL, MOST_FIELDS, read


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, {}),
        ("It broke.", {}),
        (
            "### Version\n\n2.1\n\n### What happened?\n\nIt broke.\nTwice.",
            {"Version": "2.1", "What happened?": "It broke.\nTwice."},
        ),
        ("### Version\r\n\r\n2.1\r\n", {"Version": "2.1"}),
        ("### Version\n\n_No response_\n", {"Version": ""}),
        ("Before\n### Version\n\n2.1", {"Version": "2.1"}),
        ("### Version\n\n2.1\n\n### Version\n\n3.0", {"Version": "2.1"}),
        (
            "### Log\n\n```shell\n### Version\n\n9\n```\n\n### Version\n\n2.1",
            {"Log": "```shell\n### Version\n\n9\n```", "Version": "2.1"},
        ),
        (
            "### Log\n\n````\n```\n### Version\n````\n### Version\n1",
            {"Log": "````\n```\n### Version\n````", "Version": "1"},
        ),
        ("#### Deeper\n\n1", {}),
    ],
)
def test_headings_and_what_stands_below(body, expected):
    assert read(body) == expected


@given(st.text(alphabet="#` ~\nab_", max_size=300))
def test_any_body_can_be_read(body):
    found = read(body)
    assert all("\n" not in label for label in found)


def test_what_is_kept_is_bounded():
    body = "".join(f"### {n}{'x' * 300}\n\n{'y' * 900}\n" for n in range(80))
    found = read(body)
    assert len(found) == MOST_FIELDS
    assert {len(label) for label in found} == {LONGEST_LABEL}
    assert {len(answer) for answer in found.values()} == {LONGEST_ANSWER}
