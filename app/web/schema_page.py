"""The JSON Schema of `.github/rounds.yml`, and that of a series of meetings, with which editors complete and check them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from fastapi import APIRouter, Response

router = APIRouter()


@router.get("/schema/rounds.json")
def rounds() -> Response:
    """Made when first asked for: a receiver has no other use for the configuration's models."""
    return _answer(_rounds())


@router.get("/schema/meeting.json")
def meeting() -> Response:
    """Of `.github/meetings/<series>.yml`."""
    return _answer(_meeting())


def _answer(schema: bytes) -> Response:
    return Response(schema, media_type="application/schema+json", headers={"cache-control": "public, max-age=3600"})


@cache
def _rounds() -> bytes:
    from app.config.document import json_schema

    return _written(json_schema())


@cache
def _meeting() -> bytes:
    from app.config.series_document import json_schema

    return _written(json_schema())


def _written(schema: dict[str, Any]) -> bytes:
    return json.dumps(schema, indent=2, ensure_ascii=False).encode()
