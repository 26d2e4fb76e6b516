"""Processes of their own for tests that kill them: forked from one that has all of Rounds loaded, so a start costs no import."""

from __future__ import annotations

import multiprocessing

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["app.wiring", "app.web.server"])
