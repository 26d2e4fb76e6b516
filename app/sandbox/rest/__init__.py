"""GitHub's REST API over the world: the part that Rounds uses, with GitHub's statuses, messages and headers.

`table` holds the routes, `guard` who may call them, `endpoint` what every request goes through; the other modules are the
handlers, one noun each. Paths, answers and refusals: GitHub's documentation of the REST API, version 2026-03-10.
"""
