"""What the machine itself writes: bare statements in the same Neo4j, in the same minute, beside which ours stand.

Two of them. Plain CREATE of as many nodes, without a constraint, a relationship or a look-up: the ceiling of any way to
write. And bare MERGE of the nodes and relationships of an event: what whoever wants each event once has to do at least.
"""

import time
from collections.abc import Sequence

from graph.session import Database
from ingest.live.drain import MOST_AT_ONCE

PATIENCE = 120.0
LONG_AGO = "2020-01-01T00:00:00Z"
"""When bare events happened: whoever asks for the latest of a customer does not find them before her own."""
PLAIN = "UNWIND $rows AS row CREATE (:Bare {key: row.key, text: row.text})"
GONE = "MATCH (n:Bare) DELETE n"
MERGED = """UNWIND $rows AS row
MERGE (i:Interaction {sourceKey: row.key})
ON CREATE SET i.id = 'int_' + replace(randomUUID(), '-', ''), i += row.interaction, i.occurredAt = datetime($at)
MERGE (r:SourceRecord {sourceKey: 'floor/' + row.key})
ON CREATE SET r.id = 'src_' + replace(randomUUID(), '-', ''), r += row.record
MERGE (r)-[:RECORDS]->(i)
WITH row, i, r
MATCH (s:SourceSystem {sourceKey: 'shop'}) MERGE (r)-[:FROM]->(s)
WITH row, i
MATCH (c:Customer {id: row.customer})-[:REACHABLE_ON]->(h:Channel {kind: 'WEB'})
MERGE (c)-[:HAD]->(i) MERGE (i)-[:VIA]->(h)"""


async def plain(database: Database, nodes: int, at_once: int) -> float:
    """Nodes a second of bare CREATE in transactions of so many. They are taken away again."""
    rows = [{"key": str(number), "text": "x" * 300} for number in range(nodes)]
    began = time.perf_counter()
    for start in range(0, nodes, at_once):
        await database.write(PLAIN, {"rows": rows[start : start + at_once]}, PATIENCE)
    seconds = time.perf_counter() - began
    await database.write(GONE, None, PATIENCE)
    return nodes / seconds


async def merged(database: Database, name: str, customers: Sequence[str], size: int) -> float:
    """Events a second of bare statements that make what so many events amount to."""
    rows = [
        {
            "key": f"{name}-{number}",
            "customer": customers[number % len(customers)],
            "interaction": {"kind": "EVENT", "direction": "INBOUND", "name": f"{name}-{number}", "source": "shop"},
            "record": {"system": "shop", "kind": "event", "payload": "x" * 300, "resolution": "RESOLVED"},
        }
        for number in range(size)
    ]
    began = time.perf_counter()
    for start in range(0, size, MOST_AT_ONCE):
        await database.write(MERGED, {"rows": rows[start : start + MOST_AT_ONCE], "at": LONG_AGO}, PATIENCE)
    return size / (time.perf_counter() - began)
