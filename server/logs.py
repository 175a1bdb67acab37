"""Logging: one line an event on stderr, in UTC; classes and codes, never values."""

import logging
import sys
import time


def configure(level: str) -> None:
    """Send our log lines to stderr from this level on; other libraries only say what is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    formatter = logging.Formatter("%(asctime)sZ %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("auth", "graph", "resolvers", "ingest", "server"):
        logging.getLogger(ours).setLevel(level.upper())
    logging.getLogger("neo4j").setLevel(logging.CRITICAL + 1)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # its lines hold representations of what failed
