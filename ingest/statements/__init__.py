"""The Cypher of the loader: one file a statement. Labels and types come from the model alone, as parameters.

The same few texts serve every label and type: a text that the planner has not seen costs more than a thousand rows.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from schema.errors import ModelInvalid
from schema.model import Model

Statement = tuple[str, Mapping[str, Any] | None]

_FOLDER = Path(__file__).parent
# What the loader keeps for itself beside the model: no view of the graph shows it.
OWN_LABELS = ("AbsorbedCustomer", "LoadedFolder", "Suppression")
OWN_TYPES = ("RECORDS",)


@lru_cache(maxsize=64)
def text(name: str) -> str:
    """A statement by the name of its file."""
    return (_FOLDER / f"{name}.cypher").read_text(encoding="utf-8")


def node_statement(model: Model, label: str, rows: Sequence[Mapping[str, Any]]) -> Statement:
    """Makes nodes of a label. Raises ModelInvalid for one that the model does not have."""
    return text("node"), {"label": label, "prefix": prefix_of(model, label), "rows": rows}


def prefix_of(model: Model, label: str) -> str:
    """How ids of a label begin. Raises ModelInvalid for one that the model does not have."""
    return model[_known(model, label)].prefix


def link_statement(model: Model, type: str, start: str, end: str, rows: Sequence[Mapping[str, Any]]) -> Statement:
    """Makes relationships of a kind; where the model says one at most, an earlier one gives way."""
    return text(form_of_link(model, type, start, end)), {"type": type, "start": start, "end": end, "rows": rows}


def form_of_link(model: Model, type: str, start: str, end: str) -> str:
    """The name of the statement that makes relationships of a kind. Raises ModelInvalid where the model has none."""
    outward = [way for way in model[_known(model, start)].edges.values() if way.outward]
    inward = [way for way in model[_known(model, end)].edges.values() if not way.outward]
    from_start = [way for way in outward if way.type == type and end in way.targets]
    to_end = [way for way in inward if way.type == type and start in way.targets]
    if not from_start and not to_end and type not in OWN_TYPES:
        raise ModelInvalid(f"No edge {type} leads from {start} to {end}: declare it in the schema.")
    if any(not way.many for way in from_start):
        return "link_from_one"
    if any(not way.many for way in to_end):
        return "link_to_one"
    return "link"


def index_statement(model: Model, label: str, property: str) -> str:
    """Makes an index on a property that the loader keeps for itself."""
    name = f"own_{label.lower()}_{property.lower()}"
    filled = text("index").replace("«NAME»", name).replace("«LABEL»", _known(model, label))
    return filled.replace("«PROPERTY»", property).strip()


def constraint_statement(model: Model, label: str) -> str:
    """Makes the key of the loader unique for a label; schema commands take no parameters."""
    name = f"source_key_{label.lower()}"
    return text("constraint").replace("«NAME»", name).replace("«LABEL»", _known(model, label)).strip()


def _known(model: Model, label: str) -> str:
    if label not in model and label not in OWN_LABELS:
        raise ModelInvalid(f"{label} is not a node type of the model.")
    return label
