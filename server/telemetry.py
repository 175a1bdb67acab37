"""Telemetry: spans and metrics by OpenTelemetry, sent by OTLP over HTTP where its standard variables say so.

Off, and nothing of it loaded, unless OTEL_EXPORTER_OTLP_ENDPOINT, or the one of a signal, is set
(https://opentelemetry.io/docs/specs/otel/protocol/exporter/). docs/telemetry.md lists every name there is. Strawberry's
extension for OpenTelemetry writes arguments and documents into spans, and so does not serve.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING

from schema.errors import SettingInvalid

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

    from server.telemetry_gauges import Gauges
    from server.telemetry_metrics import Instruments
    from server.telemetry_spans import Watched

log = logging.getLogger(__name__)

SERVICE = "customer-graph"
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"
SIGNALS = ("TRACES", "METRICS")
OVER_HTTP = "http/protobuf"
SECONDS_TO_CLOSE = 5.0


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What watches the server: a tracer and instruments, which do nothing for a signal that is switched off."""

    tracer: "Tracer"
    instruments: "Instruments"
    providers: "Sequence[TracerProvider | MeterProvider]" = ()

    def request(self, method: str, headers: Sequence[tuple[bytes, bytes]], *, traced: bool = True) -> "Watched":
        """Begin to watch a request; `traced` is false for what is asked every few seconds and tells nothing."""
        from server.telemetry_spans import begun

        return begun(self.tracer, self.instruments, method, headers, traced=traced)

    async def close(self) -> None:
        """Send what is left, for a few seconds at most: a collector that is away does not hold up the end."""
        closing = [Thread(target=one.shutdown, name="telemetry", daemon=True) for one in self.providers]
        for thread in closing:
            thread.start()
        for thread in closing:
            await asyncio.to_thread(thread.join, SECONDS_TO_CLOSE)
        if any(thread.is_alive() for thread in closing):
            log.warning("The last of the telemetry could not be sent")


def wanted(environment: Mapping[str, str]) -> frozenset[str]:
    """The signals that the environment wants sent, of SIGNALS. Raises SettingInvalid."""
    return frozenset(signal for signal in SIGNALS if _wanted(environment, signal))


def telemetry(signals: Collection[str], gauges: "Gauges") -> Telemetry | None:
    """Telemetry for these signals; None for none."""
    if not signals:
        return None
    from opentelemetry.metrics import NoOpMeterProvider
    from opentelemetry.trace import NoOpTracerProvider

    from server.telemetry_metrics import Instruments

    tracing = _tracing() if "TRACES" in signals else None
    measuring = _measuring() if "METRICS" in signals else None
    tracer = (tracing or NoOpTracerProvider()).get_tracer(SERVICE)
    instruments = Instruments((measuring or NoOpMeterProvider()).get_meter(SERVICE), gauges)
    return Telemetry(tracer, instruments, tuple(one for one in (tracing, measuring) if one is not None))


def _wanted(environment: Mapping[str, str], signal: str) -> bool:
    """Whether a signal is to be sent. Raises SettingInvalid for a protocol that is not ours."""
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    if environment.get(f"OTEL_{signal}_EXPORTER", "").strip() not in ("", "otlp"):
        return False
    if not (environment.get(ENDPOINT) or environment.get(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")):
        return False
    for name in (f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL", PROTOCOL):
        if (environment.get(name) or OVER_HTTP) != OVER_HTTP:
            raise SettingInvalid(f"{name} must be {OVER_HTTP}; a collector usually listens for it on port 4318.")
    return True


def _resource() -> "Resource":
    """Who sends: what OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say, and an id that differs in each process."""
    from opentelemetry.sdk.resources import Resource

    found = Resource.create()
    if str(found.attributes["service.name"]).startswith("unknown_service"):
        return found.merge(Resource({"service.name": SERVICE}))
    return found


def _tracing() -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _measuring() -> "MeterProvider":
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    return MeterProvider([reader], _resource(), shutdown_on_exit=False)
