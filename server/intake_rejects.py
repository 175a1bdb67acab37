"""What `customer-graph rejects` prints: events of live sources that could not be kept, by place and reason."""

import csv
import sqlite3
import sys

from ingest.live.inbox import FOLDER
from ingest.live.inbox_file import rejects_in
from schema.errors import InboxUnavailable
from server.settings import Settings


def show(settings: Settings) -> None:
    """Print them as CSV, the newest last. Raises InboxUnavailable."""
    try:
        found = rejects_in(settings.data / FOLDER)
    except sqlite3.Error:
        raise InboxUnavailable from None
    writer = csv.writer(sys.stdout)
    writer.writerow(("at", "source", "field", "reason", "held"))
    writer.writerows(
        (one.at.isoformat(timespec="seconds"), one.system, one.field, one.reason, "yes" if one.held else "no")
        for one in found
    )
