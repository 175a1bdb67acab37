"""Metrics: what is counted and measured, under names that docs/telemetry.md explains.

What is asked and answered is recorded as it happens; what merely is (caches, queues) is looked at when it is sent.
Attributes are words of ours, of the schema or of the policy: their number is bounded, and no client chooses them.
"""

from collections.abc import Callable, Iterable, Mapping

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from server.telemetry_gauges import Count, Gauges, Store

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
ROWS = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000)


class Instruments:
    """Everything that is counted or measured."""

    def __init__(self, meter: Meter, gauges: Gauges) -> None:
        self.latency = meter.create_histogram(
            "http.server.request.duration",
            "s",
            "Time from the head of a request to the end of its answer.",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self.statements = meter.create_histogram(
            "db.client.operation.duration",
            "s",
            "Time of a statement, with what it waits for a connection.",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self.rows = meter.create_histogram(
            "db.client.response.returned_rows",
            "{row}",
            "Rows that a statement returned.",
            explicit_bucket_boundaries_advisory=ROWS,
        )
        self.recording = meter.create_histogram(
            "customer_graph.trail.duration",
            "s",
            "Time until a disclosure was durably on record.",
            explicit_bucket_boundaries_advisory=SECONDS,
        )
        self.refusals = meter.create_counter("customer_graph.refusals", "{error}", "Errors in answers, by code.")
        self.under_way = 0
        stores = gauges.stores
        meter.create_observable_counter(
            "customer_graph.cache.lookups", [_lookups(stores)], "{lookup}", "Looks into a store, by what came of them."
        )
        meter.create_observable_gauge("customer_graph.cache.size", [_sizes(stores)], "{entry}", "Entries of a store.")
        counts = {
            "customer_graph.statements": (lambda: self.under_way, "Statements under way or waiting for a connection."),
            **gauges.counts,
        }
        for name, (count, about) in counts.items():
            meter.create_observable_up_down_counter(name, [_one(count)], "1", about)


Callback = Callable[[CallbackOptions], Iterable[Observation]]


def _one(count: Count) -> Callback:
    return lambda _: [Observation(count())]


def _sizes(stores: Mapping[str, tuple[Callable[[], Store], Count]]) -> Callback:
    return lambda _: [Observation(size(), {"cache": name}) for name, (_, size) in stores.items()]


def _lookups(stores: Mapping[str, tuple[Callable[[], Store], Count]]) -> Callback:
    return lambda _: [
        Observation(number, {"cache": name, "result": result})
        for name, (store, _) in stores.items()
        for result, number in (("hit", store().hits), ("miss", store().misses))
    ]
