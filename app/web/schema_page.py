"""`GET /schema/rounds.json`: the JSON Schema of `.github/rounds.yml`, with which editors complete and check it."""

from __future__ import annotations

import json
from functools import cache

from fastapi import APIRouter, Response

router = APIRouter()


@router.get("/schema/rounds.json")
def schema() -> Response:
    """Made when first asked for: a receiver has no other use for the configuration's models."""
    return Response(_schema(), media_type="application/schema+json", headers={"cache-control": "public, max-age=3600"})


@cache
def _schema() -> bytes:
    from app.config.document import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False).encode()
