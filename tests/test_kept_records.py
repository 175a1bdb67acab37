"""Records as the graph keeps them: given back they are the same, of every class and every row of the sample company."""

from pathlib import Path

from ingest.exports import read_folder
from ingest.homes import kind_of
from ingest.kept import KEPT, first_for, first_given_back, given_back, kept
from ingest.records import Agent, Profile
from ingest.rows import Exports

SAMPLE = Path(__file__).parent.parent / "examples" / "acme-home"


def test_every_record_is_given_back_as_it_was() -> None:
    """Times, days, names in parts, nested lines and free properties."""
    exports = read_folder(SAMPLE, lambda what, done, of: None)
    seen = set()
    for read in exports.reads:
        if (text := kept(read.record)) is not None:
            assert given_back(kind_of(read.record), text) == read.record
            seen.add(type(read.record))
    assert seen == set(KEPT)
    assert Profile in seen
    assert Agent not in seen


def test_systems_of_record_are_given_back_in_their_order() -> None:
    """What the graph keeps with each system is what the sources said."""
    first = {"email": ("crm", "billing"), "phone": ("shipping",)}
    exports = Exports((), (), (), first=first)
    rows = [
        (system, said)
        for system in ("shipping", "billing", "crm", "calls")
        for said in first_for(exports, system) or ()
    ]
    assert first_given_back(rows) == first
    assert first_for(exports, "calls") is None
