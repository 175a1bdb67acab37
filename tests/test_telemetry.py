"""Telemetry of a real server, received by a real receiver: spans, metrics, trace ids in logs, and nothing when off."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from auth.issuer import LocalIssuer
from graph.session import Connection, Database
from schema.errors import SettingInvalid
from server.telemetry import telemetry, wanted
from server.telemetry_gauges import Gauges
from server.telemetry_metrics import Instruments
from tests.receiver import Received, attributes, receiving
from tests.serving import Served, serving, until
from tests.test_layers import LAYERS, imported, modules, name_of, tree_of

pytestmark = pytest.mark.timeout(900)  # a loaded machine takes minutes to start Neo4j and servers

ROOT = Path(__file__).parents[1]
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
QUICK = {"OTEL_BSP_SCHEDULE_DELAY": "50", "OTEL_METRIC_EXPORT_INTERVAL": "200"}
PERSON = """MERGE (c:Customer {id: 'cus_telemetry'})
SET c += {name: 'Tele', region: 'GB', status: 'ACTIVE', kind: 'PERSON', orderCount: 0, createdAt: datetime(),
  updatedAt: datetime()}"""
ASK = """query ($id: ID!) { mine: customer(id: $id) { name } customers(first: 2) { totalCount nodes { id } } }"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A server with a receiver of what it tells."""

    served: Served
    received: Received
    client: httpx.Client

    def ask(self, text: str, headers: dict[str, str] | None = None, **variables: object) -> httpx.Response:
        """Ask as a service rep."""
        return self.client.post("/graphql", json={"query": text, "variables": variables}, headers=headers)

    def spans(self, trace: str, several: int) -> dict[str, Span]:
        """The spans of a trace by name, once so many are there."""
        until(lambda: len(self.received.trace(trace)) >= several, f"{several} spans of {trace}")
        return {span.name: span for span in self.received.trace(trace)}


@pytest.fixture(scope="module")
def watched(neo4j: Connection, database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A server that tells a receiver, with one customer in its graph."""
    folder = tmp_path_factory.mktemp("watched") / "data"
    with receiving() as received:
        settings = {
            **QUICK,
            "OTEL_EXPORTER_OTLP_ENDPOINT": received.address,
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test",
            "CUSTOMER_GRAPH_LOG_LEVEL": "debug",
            "CUSTOMER_GRAPH_LOG_FORMAT": "json",
        }
        with serving(folder, neo4j, **settings) as served:
            token = LocalIssuer(folder).issue("service_rep", claims={"regions": ["*"]})
            headers = {"authorization": f"Bearer {token}"}
            with httpx.Client(base_url=served.address, headers=headers, timeout=60) as client:
                yield Watched(served, received, client)


@pytest.mark.asyncio
async def test_a_request_is_a_trace_of_its_parts(watched: Watched, database: Database) -> None:
    """Request, plan, one span a statement, trail: each below the request, which is below the caller's own span."""
    await database.write(PERSON)
    answer = watched.ask(ASK, {"traceparent": TRACEPARENT}, id="cus_telemetry")
    assert answer.json()["data"]["mine"] == {"name": "Tele"}, answer.text
    spans = watched.spans(TRACE, 5)
    assert set(spans) == {"POST /graphql", "plan", "read customer", "read customers", "trail"}
    request = spans.pop("POST /graphql")
    assert (request.kind, request.parent_span_id.hex()) == (Span.SPAN_KIND_SERVER, PARENT)
    assert {span.parent_span_id for span in spans.values()} == {request.span_id}
    assert attributes(request.attributes) == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "graphql.operation.type": "query",
        "customer_graph.role": "service_rep",
        "customer_graph.purpose": "service",
    }
    read = attributes(spans["read customer"].attributes)
    assert len(read.pop("customer_graph.statement")) == 16
    assert read == {"db.system.name": "neo4j", "customer_graph.root": "customer", "db.response.returned_rows": 1}
    assert spans["read customer"].kind == Span.SPAN_KIND_CLIENT
    assert attributes(spans["plan"].attributes) == {"customer_graph.plan": "miss"}
    assert not spans["trail"].attributes
    assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in spans.values())


def test_a_plan_that_was_made_before_is_a_hit(watched: Watched) -> None:
    """Whatever the values."""
    found = []
    for number in range(2):
        trace = f"{number + 1:032x}"
        watched.ask(
            "query ($id: ID!) { customer(id: $id) { segment } }",
            {"traceparent": f"00-{trace}-{PARENT}-01"},
            id=f"cus_{number}",
        )
        found.append(attributes(watched.spans(trace, 3)["plan"].attributes)["customer_graph.plan"])
    assert found == ["miss", "hit"]


def test_a_refusal_is_told_by_its_code_alone(watched: Watched) -> None:
    """In the span, in the counter, and nowhere a word of what was refused."""
    trace = "5" * 32
    watched.ask(
        "{ customers(first: 500) { nodes { identities(first: 500) { nodes { id } } } } }",
        {"traceparent": f"00-{trace}-{PARENT}-01"},
    )
    spans = watched.spans(trace, 2)
    for name in ("POST /graphql", "plan"):
        assert attributes(spans[name].attributes)["error.type"] == "CG301"
        assert spans[name].status.message == ""
        assert not spans[name].events
    assert spans["POST /graphql"].status.code == Status.STATUS_CODE_UNSET  # the client's mistake is no fault of ours
    assert spans["plan"].status.code == Status.STATUS_CODE_ERROR

    def counted() -> bool:
        return any(
            told == {"error.type": "CG301"} and number
            for told, number in watched.received.points("customer_graph.refusals")
        )

    until(counted, "the refusal is counted")


@pytest.mark.parametrize(
    "sent",
    [
        {"traceparent": "00-canary-canary-01"},
        {"traceparent": f"{TRACEPARENT}x"},
        {"traceparent": f"00-{'0' * 32}-{PARENT}-01"},
        {"tracestate": "vendor=canary", "baggage": "customer=canary"},
    ],
)
def test_what_is_no_right_traceparent_begins_a_trace_of_its_own(watched: Watched, sent: dict[str, str]) -> None:
    """And neither the state of other systems nor baggage goes anywhere."""
    before = len(watched.received.spans)
    watched.ask("{ viewer { role } }", sent)
    until(lambda: [one for one in watched.received.spans[before:] if one.name == "POST /graphql"], "a span")
    (span,) = [one for one in watched.received.spans[before:] if one.name == "POST /graphql"]
    assert (span.parent_span_id, span.trace_state) == (b"", "")
    assert b"canary" not in b"".join(watched.received.raw)


def test_metrics_say_how_much_is_asked_and_what_is_kept(watched: Watched) -> None:
    """Every metric of the documentation arrives, with the attributes that stand there."""
    watched.ask("{ customers(first: 2) { nodes { name } } }")
    names = {*documented("metric")} - {"customer_graph.inbox.waiting"}  # this server has no live sources

    def arrived() -> bool:
        return names <= set(watched.received.metrics)

    until(arrived, "the metrics")
    points = watched.received.points
    latency = [told for told, _ in points("http.server.request.duration")]
    assert {"http.request.method": "POST", "http.route": "/graphql", "http.response.status_code": 200} in latency
    caches = {told["cache"] for told, _ in points("customer_graph.cache.size")}
    assert caches == {"documents", "plans", "tokens"}
    looks = {(told["cache"], told["result"]) for told, _ in points("customer_graph.cache.lookups")}
    assert looks == {(cache, result) for cache in caches for result in ("hit", "miss")}
    until(lambda: points("customer_graph.statements") == [({}, 0)], "no statement is left under way")
    assert {told["customer_graph.root"] for told, _ in points("db.client.response.returned_rows")} >= {"customers"}
    assert points("customer_graph.trail.duration")[0][1] >= 1


def test_everything_that_is_told_stands_in_the_documentation(watched: Watched) -> None:
    """Names of spans, attributes and metrics: a new one without a line there fails."""
    watched.ask(ASK, id="cus_telemetry")
    received = watched.received
    until(lambda: received.spans and received.metrics, "telemetry")
    spans = {name.replace("<root>", word) for name in documented("span") for word in ("customer", "customers")}
    assert {span.name for span in received.spans} - {"GET /graphql"} <= spans
    told = {key for span in received.spans for key in attributes(span.attributes)}
    told |= {key for name in received.metrics for one, _ in received.points(name) for key in one}
    assert told <= {*documented("attribute")}
    assert set(received.metrics) <= {*documented("metric")}


def test_who_sends_is_told(watched: Watched) -> None:
    """A name, and one that differs in each process; what the operator adds is there, too."""
    until(lambda: watched.received.resources, "a resource")
    found = watched.received.resources[-1]
    assert found["service.name"] == "customer-graph"
    assert found["deployment.environment.name"] == "test"
    assert len(found["service.instance.id"]) == 36
    assert not {name for name in found if name.startswith(("process.", "host."))}


def test_lines_of_the_log_carry_the_ids_of_request_and_trace(watched: Watched) -> None:
    """One JSON object a line; whoever has an answer finds its lines, whoever has a line finds its trace."""
    trace = "7" * 32
    answer = watched.ask("{ viewer { id } }", {"traceparent": f"00-{trace}-{PARENT}-01"})
    request = answer.headers["x-request-id"]
    until(lambda: request in watched.served.said(), "the line of the request")
    lines = [json.loads(line) for line in watched.served.said().splitlines() if line.endswith("}")]
    (line,) = [one for one in lines if one.get("request_id") == request]
    span = watched.spans(trace, 2)["POST /graphql"]
    assert (line["trace_id"], line["span_id"]) == (trace, span.span_id.hex())
    assert (line["level"], line["logger"]) == ("debug", "server.app")


def test_health_is_measured_and_leaves_no_trace(watched: Watched) -> None:
    """It is asked every few seconds for ever."""
    watched.client.get("/health/live", headers={"traceparent": f"00-{'8' * 32}-{PARENT}-01"})

    def measured() -> bool:
        return any(
            told.get("http.route") == "/health/live"
            for told, _ in watched.received.points("http.server.request.duration")
        )

    until(measured, "health in the metrics")
    assert watched.received.trace("8" * 32) == []


def test_the_last_spans_are_sent_before_the_end(neo4j: Connection, tmp_path: Path) -> None:
    """A server that is told to stop loses nothing of what it has seen."""
    with receiving() as received:
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": received.address, "OTEL_BSP_SCHEDULE_DELAY": "600000"}
        with serving(tmp_path / "data", neo4j, **settings) as served:
            httpx.get(f"{served.address}/graphql")
            assert received.spans == []
        assert [span.name for span in received.spans] == ["GET /graphql"]
        assert received.points("customer_graph.refusals") == [({"error.type": "CG101"}, 1)]


def test_a_collector_that_is_away_holds_up_nothing(neo4j: Connection, tmp_path: Path, unused_tcp_port: int) -> None:
    """Neither answers nor the end; the log says that something is wrong, without an address."""
    settings = {**QUICK, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{unused_tcp_port}"}
    with serving(tmp_path / "data", neo4j, **settings) as served:
        assert httpx.get(f"{served.address}/health/ready", timeout=60).status_code == 200
        assert httpx.get(f"{served.address}/graphql").status_code == 401
        until(lambda: "opentelemetry" in served.said(), "the log tells")
    assert served.process.returncode == 0
    assert str(unused_tcp_port) not in served.said().replace(served.address, "")


def test_without_an_endpoint_nothing_of_it_is_loaded() -> None:
    """Off is off: not a module, not a thread."""
    script = (
        "import sys, server.run\n"
        "from server.telemetry import telemetry, wanted\n"
        "assert telemetry(wanted({}), None) is None\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("environment", "signals"),
    [
        ({}, set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, {"TRACES", "METRICS"}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_SDK_DISABLED": "true"}, set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_TRACES_EXPORTER": "none"}, {"METRICS"}),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://c:4318/v1/metrics"}, {"METRICS"}),
        (
            {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
            {"TRACES", "METRICS"},
        ),
    ],
)
def test_the_standard_variables_switch_it_on(environment: dict[str, str], signals: set[str]) -> None:
    """As the specification of the exporter says."""
    assert wanted(environment) == signals


def test_a_protocol_that_is_not_spoken_stops_the_start() -> None:
    """Silence would look like a server on which nothing happens."""
    with pytest.raises(SettingInvalid, match="OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf"):
        wanted({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})


def test_only_the_modules_of_telemetry_know_opentelemetry() -> None:
    """What is below them tells an Observer, which takes no value."""
    knowing = {name_of(path) for path in modules(*LAYERS) if "opentelemetry" in imported(tree_of(path))}
    assert knowing == {"server/telemetry.py", "server/telemetry_metrics.py", "server/telemetry_spans.py"}


def test_one_signal_alone_works() -> None:
    """The other one's instruments are there and do nothing."""
    made = telemetry({"METRICS"}, Gauges())
    assert made is not None
    watched = made.request("POST", [])
    assert isinstance(made.instruments, Instruments)
    assert (watched.trace_id, watched.span_id) == ("", "")
    with watched.reading("customers", "RETURN 1") as stage:
        stage.rows(1)
    watched.ended("/graphql", 200, ())
    for provider in made.providers:
        provider.shutdown()


def documented(kind: str) -> Iterator[str]:
    """The names in the tables of docs/telemetry.md whose first column has this head."""
    inside = False
    for line in (ROOT / "docs" / "telemetry.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[0] == kind:
            inside = True
        elif inside and not cells[0].startswith("-"):
            yield cells[0].strip("`")
