"""The JSON file of an export, written list by list as records are read: one object, one record a line.

Its head is whatever the export says of itself and of the person, then `records` has each list by name, then comes what
stands beside them.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from privacy.folder import Written


class Lists:
    """The file under way. `counts` are the records of each list so far."""

    def __init__(self, out: Written, head: Mapping[str, Any]) -> None:
        self._out = out
        self.counts: dict[str, int] = {}
        out.write(orjson.dumps(head)[:-1] + b',\n"records":{')

    def begin(self, name: str) -> None:
        """A list of its own."""
        self._out.write((b",\n" if self.counts else b"\n") + orjson.dumps(name) + b":[")
        self._name = name
        self.counts[name] = 0

    def row(self, row: Mapping[str, Any]) -> None:
        """One record of the list."""
        self._out.write((b",\n" if self.counts[self._name] else b"\n") + orjson.dumps(row))
        self.counts[self._name] += 1

    def end(self) -> int:
        """The end of the list; how many records it has."""
        self._out.write(b"]")
        return self.counts[self._name]

    def close(self, beside: Mapping[str, Any]) -> None:
        """What stands beside the records, and the end of the file."""
        self._out.write(b"\n},\n" + orjson.dumps(beside)[1:] + b"\n")
        self._out.records = sum(self.counts.values())
