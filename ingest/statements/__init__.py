"""The Cypher of the loader: one file a statement. Labels and types come from the model alone, values are parameters."""

from functools import lru_cache
from pathlib import Path

from schema.errors import ModelInvalid
from schema.model import Model

_FOLDER = Path(__file__).parent
# Kinds of node and relationship that the loader keeps for itself: no view of the graph shows them.
OWN_LABELS = frozenset({"LoadedFolder"})
OWN_TYPES = frozenset({"RECORDS"})


@lru_cache(maxsize=64)
def text(name: str) -> str:
    """A statement without names to fill in."""
    return (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")


def node_statement(model: Model, label: str) -> str:
    """Makes nodes of a label. Raises ModelInvalid for one that the model does not have."""
    return text("node").replace("«LABEL»", _label(model, label))


def constraint_statement(model: Model, label: str) -> str:
    """Makes the key of the loader unique for a label."""
    name = f"source_key_{label.lower()}"
    return text("constraint").replace("«NAME»", name).replace("«LABEL»", _label(model, label)).strip()


def link_statement(model: Model, type: str, start: str, end: str) -> str:
    """Makes relationships of a kind; where the model says one at most, an earlier one gives way."""
    ways = [
        way
        for label, outward, other in ((start, True, end), (end, False, start))
        for way in model[_label(model, label)].edges.values()
        if way.type == type and way.outward == outward and other in way.targets
    ]
    if not ways and type not in OWN_TYPES:
        raise ModelInvalid(f"No edge {type} leads from {start} to {end}: declare it in the schema.")
    single_start = any(way.outward and not way.many for way in ways)
    single_end = any(not way.outward and not way.many for way in ways)
    form = "link_from_one" if single_start else "link_to_one" if single_end else "link"
    return text(form).replace("«TYPE»", type).replace("«START»", start).replace("«END»", _label(model, end))


def _label(model: Model, label: str) -> str:
    if label not in model and label not in OWN_LABELS:
        raise ModelInvalid(f"{label} is not a node type of the model.")
    return label
