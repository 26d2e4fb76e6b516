"""What is counted, for Prometheus: names begin with `rounds_`. Each process counts for itself."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from app.core import events

CONTENT_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The counters of one application, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.deliveries = Counter(
            "rounds_deliveries", "Deliveries answered 2xx", ("event", "outcome"), registry=self.registry
        )
        self.refusals = Counter("rounds_refusals", "Requests refused", ("reason",), registry=self.registry)
        self.accept_seconds = Histogram(
            "rounds_accept_seconds", "From the request to its answer", buckets=_SECONDS, registry=self.registry
        )
        self.backlog = Gauge("rounds_backlog", "Deliveries that are not settled", ("state",), registry=self.registry)
        self.database_up = Gauge("rounds_database_up", "1 when the database answers", registry=self.registry)
        self.beat_age = Gauge(
            "rounds_engine_beat_age_seconds", "Since a worker last gave a sign of life", registry=self.registry
        )
        ProcessCollector(namespace="rounds", registry=self.registry)

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
        return generate_latest(self.registry)
