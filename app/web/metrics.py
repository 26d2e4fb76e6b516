"""What is counted, for Prometheus: names begin with `rounds_`.

Where a machine has several receivers, the supervisor names a folder in `PROMETHEUS_MULTIPROC_DIR`: then each counts in a
file there, mapped into its memory, and whichever is asked adds up all of them. A receiver that died has counted all the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.core import events

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Found(Collector):
    """What was found in the database last: it holds for all processes, so there is nothing to add up.

    `beat_age`: seconds, None: no worker ever gave a sign of life. `backlog`: how many deliveries by state.
    """

    def __init__(self) -> None:
        self.database = False
        self.beat_age: float | None = None
        self.backlog: Mapping[str, int] = {}

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        backlog = GaugeMetricFamily("rounds_backlog", "Deliveries that are not settled", labels=["state"])
        for state, count in self.backlog.items():
            backlog.add_metric([state], count)
        yield backlog
        yield GaugeMetricFamily("rounds_database_up", "1 when the database answers", value=self.database)
        age = float("nan") if self.beat_age is None else self.beat_age
        yield GaugeMetricFamily("rounds_engine_beat_age_seconds", "Since a worker last gave a sign of life", value=age)


class Metrics:
    """The counters of one application, in a registry of their own, and what it found in the database."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.deliveries = Counter(
            "rounds_deliveries", "Deliveries answered 2xx", ("event", "outcome"), registry=self.registry
        )
        self.refusals = Counter("rounds_refusals", "Requests refused", ("reason",), registry=self.registry)
        self.accept_seconds = Histogram(
            "rounds_accept_seconds", "From the request to its answer", buckets=_SECONDS, registry=self.registry
        )
        self.found = Found()
        self.registry.register(self.found)
        self._shown = self._of_all() if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else self._of_one()

    def _of_one(self) -> CollectorRegistry:
        ProcessCollector(namespace="rounds", registry=self.registry)
        return self.registry

    def _of_all(self) -> CollectorRegistry:
        """Without memory and processor time, which would be those of whoever happens to be asked."""
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]  # the library has no types there
        everybody.register(self.found)
        return everybody

    def accepted(self, event: str, outcome: str, seconds: float) -> None:
        """Count a delivery; events that Rounds does not know count as one."""
        known = event in events.KNOWN or event == "ping"
        self.deliveries.labels(event if known else "other", outcome).inc()
        self.accept_seconds.observe(seconds)

    def refused(self, reason: str) -> None:
        """Count a refusal."""
        self.refusals.labels(reason).inc()

    def page(self) -> bytes:
        """In the form that Prometheus reads."""
        return generate_latest(self._shown)
