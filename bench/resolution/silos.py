"""A folder of exports with its answers: `export/`, and `answers/truth.csv` and `answers/traps.csv`.

truth.csv: source, record_id, person_id. traps.csv: kind, source_a, record_a, source_b, record_b, same_person.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.resolution.febrl import Labelled
from ingest.exports import read_folder
from ingest.match.keys import Key, key_of
from ingest.match.traded import referred

_SAME = "1"


@dataclass(frozen=True, slots=True)
class Trap:
    """Pairs of one kind: whether they are one person, how many there are, how many were joined."""

    kind: str
    same: bool
    pairs: int
    joined: int


def silos(folder: Path) -> Labelled:
    """The profile records of the exports, with what their orders tie together, and whose they are."""
    exports = read_folder(folder / "export", lambda stage, done, total: None)
    profiles = referred(exports)
    known = {key_of(one) for one in profiles}
    rows = _rows(folder / "answers" / "truth.csv")
    person = {(row["source"], row["record_id"]): row["person_id"] for row in rows}
    return Labelled(folder.name, profiles, {key: person[key] for key in known})


def traps(folder: Path, clusters: Iterable[Sequence[Key]]) -> list[Trap]:
    """What became of the pairs that are easily mistaken."""
    cluster: Mapping[Key, int] = {key: number for number, members in enumerate(clusters) for key in members}
    found: dict[tuple[str, bool], list[bool]] = defaultdict(list)
    for row in _rows(folder / "answers" / "traps.csv"):
        one, other = (row["source_a"], row["record_a"]), (row["source_b"], row["record_b"])
        found[row["kind"], row["same_person"] == _SAME].append(cluster[one] == cluster[other])
    return [Trap(kind, same, len(joined), sum(joined)) for (kind, same), joined in sorted(found.items())]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
