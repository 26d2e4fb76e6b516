"""What `.github/rounds.yml` says about the dashboard: its queues, and who sees it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.config.fields import Model
from app.core.qualifiers import Sort


class Queue(Model):
    """A list of issues on the dashboard that shall become empty."""

    title: str | None = Field(default=None, min_length=1, description="Heading; the default is its name.")
    filter: str = Field(
        min_length=1,
        description="What belongs to it, in the words of GitHub's search, as `is:open no:label`: see [filters](dashboard.md).",
    )
    sort: Sort | None = Field(
        default=None, description="Order; the default is that of the filter, else the oldest first."
    )
    resolution: str | None = Field(default=None, description="What to do with an issue to take it off the list.")
    low_water: int | None = Field(
        default=None, ge=0, description="With fewer than that many the page says so: a supply that runs dry."
    )


class Visibility(Model):
    """Who sees the dashboard; private repositories are never public."""

    dashboard: Literal["public", "members"] = Field(default="members", description="Who sees the dashboard.")
