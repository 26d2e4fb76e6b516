"""Things of the world as GitHub's JSON. Source of the shapes: GitHub's OpenAPI description, API version 2026-03-10."""
