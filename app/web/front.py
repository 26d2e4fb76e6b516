"""`GET /`: what this is and where to go on. The dashboard will take its place."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

router = APIRouter()

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Rounds</title>
<link rel="stylesheet" href="/static/front.css">
</head>
<body>
<main>
<h1>Rounds</h1>
<p>Rounds is a GitHub App that runs issue triage for teams that meet. Maintainers type slash commands in comments;
Rounds applies labels, milestones and states. Write <code>/help</code> in a comment on an issue to see the commands.</p>
<ul>
<li><a href="/schema/rounds.json">JSON Schema of <code>.github/rounds.yml</code></a>, for editors</li>
<li><a href="/readyz">Health</a>: database, engine and backlog</li>
<li><a href="/metrics">Metrics</a>, for Prometheus</li>
</ul>
</main>
</body>
</html>
"""


@router.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
async def front() -> str:
    """The page."""
    return _PAGE
