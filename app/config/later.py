"""Sections that are written down already but take effect in a later version: queues, visibility.

Their keys are checked, so that a slip is found today. `check.read` notes for each of these sections that this version does
not use it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.config.fields import Model

SECTIONS = ("queues", "visibility")


class Queue(Model):
    """A list of issues on the dashboard."""

    title: str | None = Field(default=None, description="Heading.")
    filter: str = Field(description="What belongs to it, in the words of GitHub's search.")
    sort: str | None = Field(default=None, description="Order, as `oldest`.")
    resolution: str | None = Field(default=None, description="What to do with an issue to take it off the list.")
    low_water: int | None = Field(default=None, ge=0, description="So many may wait without worry.")


class Visibility(Model):
    """Who sees the dashboard; private repositories are never public."""

    dashboard: Literal["public", "members"] = Field(default="members", description="Who sees the dashboard.")
