"""The end of a server under load: whoever was let in gets an answer, a balancer is told first, the trail is whole."""

import asyncio
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest
import pytest_asyncio

from auth.issuer import LocalIssuer
from auth.segment import verified
from auth.trail import FOLDER
from graph.embedded import EmbeddedNeo4j
from graph.session import Connection, Database
from server.app import Guard
from server.stopping import Stopping
from tests.serving import serving, until

pytestmark = pytest.mark.timeout(900)  # a loaded machine takes minutes to start Neo4j and servers

ASK = {"query": "{ customers(first: 5) { nodes { id name } } }"}
CLIENTS = 6
Mortal = tuple[EmbeddedNeo4j, Connection]


@pytest_asyncio.fixture(loop_scope="session")
async def peopled(mortal: Mortal) -> Mortal:
    """A Neo4j with some customers in it, which may be held still."""
    async with Database(mortal[1]) as database:
        await database.write(
            "UNWIND range(1, 5) AS n MERGE (c:Customer {id: 'cus_s' + n}) SET c += {name: 'N', region: 'GB', "
            "status: 'ACTIVE', kind: 'PERSON', orderCount: 0}"
        )
    return mortal


def asking(data: Path, address: str) -> httpx.Client:
    """A client of a server whose issuer is the local one."""
    token = LocalIssuer(data).issue("service_rep", claims={"regions": ["*"]})
    return httpx.Client(base_url=address, headers={"authorization": f"Bearer {token}"}, timeout=90)


@pytest.mark.asyncio
async def test_nobody_who_was_let_in_goes_without_an_answer(peopled: Mortal, tmp_path: Path) -> None:
    """Clients behind a balancer, over kept and over new connections: not one request fails when the server ends."""
    data = tmp_path / "data"
    settings = {"CUSTOMER_GRAPH_DRAIN_SECONDS": "8", "CUSTOMER_GRAPH_FINISH_SECONDS": "60"}
    gone = threading.Event()

    def balancer(address: str) -> None:
        with httpx.Client(base_url=address, timeout=90) as client:
            while client.get("/health/ready").status_code == 200:
                time.sleep(0.05)
        gone.set()

    def load(address: str, kept: bool) -> list[httpx.Response]:
        answers = []
        with asking(data, address) as client:
            while not gone.is_set():
                headers = {} if kept else {"connection": "close"}
                answers.append(client.post("/graphql", json=ASK, headers=headers))
        return answers

    with serving(data, peopled[1], **settings) as served, ThreadPoolExecutor(CLIENTS + 1) as pool:
        watching = pool.submit(balancer, served.address)
        loads = [pool.submit(load, served.address, number % 2 == 0) for number in range(CLIENTS)]
        await asyncio.sleep(1)
        served.process.send_signal(signal.SIGTERM)
        watching.result()
        answers = [answer for each in loads for answer in each.result()]
        assert served.process.wait(120) == 0
    assert {answer.status_code for answer in answers} == {200}
    assert all(len(answer.json()["data"]["customers"]["nodes"]) == 5 for answer in answers)
    verdict = verified(data / FOLDER)
    assert verdict is not None
    assert verdict.faults == ()
    assert verdict.sequence == len(answers)


@pytest.mark.asyncio
async def test_what_is_under_way_is_finished_after_the_door_is_shut(peopled: Mortal, tmp_path: Path) -> None:
    """A statement that takes long has its time; new connections are no longer taken meanwhile."""
    data = tmp_path / "data"
    java = psutil.Process(pid_of(peopled))
    with serving(data, peopled[1], CUSTOMER_GRAPH_FINISH_SECONDS="60") as served, ThreadPoolExecutor(4) as pool:
        with asking(data, served.address) as client:
            assert client.post("/graphql", json=ASK).status_code == 200
            java.suspend()
            try:
                slow = [pool.submit(client.post, "/graphql", json=ASK) for _ in range(3)]
                await asyncio.sleep(0.5)
                served.process.send_signal(signal.SIGTERM)
                until(lambda: not accepts(served.address), "the door is shut")
            finally:
                java.resume()
            answers = [one.result() for one in slow]
        assert served.process.wait(120) == 0
    assert [answer.headers["connection"] for answer in answers] == ["close"] * 3
    for answer in answers:  # on a machine so slow that the database was given up, a code stands in the place of data
        told = answer.json()
        assert told.get("errors", [{"extensions": {"code": "CG401"}}])[0]["extensions"]["code"] == "CG401"
        assert "errors" in told or told["data"]["customers"]["nodes"]


@pytest.mark.asyncio
async def test_what_cannot_be_finished_in_time_is_told_so(peopled: Mortal, tmp_path: Path) -> None:
    """A second later, with a code and a hint to ask again; the process ends in order all the same."""
    data = tmp_path / "data"
    java = psutil.Process(pid_of(peopled))
    with serving(data, peopled[1], CUSTOMER_GRAPH_FINISH_SECONDS="1") as served, ThreadPoolExecutor(1) as pool:
        with asking(data, served.address) as client:
            java.suspend()
            try:
                slow = pool.submit(client.post, "/graphql", json=ASK)
                await asyncio.sleep(0.5)
                served.process.send_signal(signal.SIGTERM)
                answer = slow.result()
            finally:
                java.resume()
        assert served.process.wait(120) == 0
    assert answer.json()["errors"][0]["extensions"]["code"] in ("CG413", "CG401")
    assert answer.status_code == 503 or "data" in answer.json()


@pytest.mark.asyncio
async def test_a_request_that_is_ended_is_answered_with_a_code() -> None:
    """Only once the server was told to stop: otherwise whoever cancels has a reason of their own."""

    async def endless(scope: object, receive: object, send: object) -> None:
        await asyncio.Event().wait()

    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    for told in (False, True):
        stopping = Stopping()
        work = asyncio.create_task(
            Guard(endless, stopping)({"type": "http", "method": "POST", "path": "/graphql", "headers": []}, None, send)  # type: ignore[arg-type]  # a mapping is what Starlette reads
        )
        await asyncio.sleep(0)
        if told:
            stopping.tell()
        work.cancel()
        await asyncio.wait({work})
        assert work.cancelled() != told
    start, body = sent
    assert start["status"] == 503
    headers = start["headers"]
    assert isinstance(headers, list)
    assert (b"connection", b"close") in headers
    assert (b"retry-after", b"2") in headers
    assert b"CG413" in bytes(body["body"])  # type: ignore[call-overload]  # an ASGI message


def accepts(address: str) -> bool:
    """Whether a new connection is taken."""
    try:
        httpx.get(f"{address}/health/live", timeout=90)
    except httpx.TransportError:
        return False
    return True


def pid_of(mortal: Mortal) -> int:
    """The process of the Neo4j."""
    assert mortal[0].pid is not None
    return mortal[0].pid
