"""Enters every node type that the product ships in the model. A company's own types are imported after this one."""

from schema import customer  # the golden record comes first wherever types are listed

# isort: split
from schema import (
    access,
    campaign,
    change,
    commerce,
    consent,
    correction,
    delivery,
    erasure,
    flow,
    insights,
    interaction,
    matching,
    promise,
    proposal,
    quality,
    request,
    retention,
    review,
    service,
    signal,
    source,
)

# isort: split
from schema.errors import ModelInvalid
from schema.model import MODEL, Model, faults

__all__ = [
    "access",
    "campaign",
    "change",
    "commerce",
    "complete_model",
    "consent",
    "correction",
    "customer",
    "delivery",
    "erasure",
    "flow",
    "insights",
    "interaction",
    "matching",
    "promise",
    "proposal",
    "quality",
    "request",
    "retention",
    "review",
    "service",
    "signal",
    "source",
]


def complete_model() -> Model:
    """The whole model, checked. Raises ModelInvalid with every fault named."""
    if found := faults(MODEL):
        raise ModelInvalid("; ".join(f"{fault.where} {fault.what}" for fault in found) + ".")
    return MODEL
