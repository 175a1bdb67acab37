"""The dictionary's entries: the model's words, the registry's, and the rules by which golden values are chosen."""

from ingest.survivorship import Survivorship
from resolvers.dictionary import Definition
from schema.governance import Governance
from schema.model import Model


def definitions(model: Model, governance: Governance, survivorship: Survivorship) -> tuple[Definition, ...]:
    """One of each field, in the order of the model."""
    found = []
    for kind in model.values():
        for held in kind.properties.values():
            said = governance.of(kind, held)
            found.append(
                Definition(
                    type=kind.name,
                    field=held.name,
                    definition=said.definition,
                    category=held.category,
                    owner=said.owner,
                    steward=said.steward,
                    basis=said.basis,
                    why=said.why,
                    kept=said.kept,
                    decided_by=_decided_by(survivorship, held.name) if kind.name == "Customer" else (),
                )
            )
    return tuple(found)


def _decided_by(survivorship: Survivorship, field: str) -> tuple[str, ...]:
    rules = survivorship.attributes.get(field)
    if rules is None:
        return ()
    systems = f" ({', '.join(rules.systems)})" if rules.systems else ""
    return tuple(f"{rule}{systems if rule == 'system_of_record' else ''}" for rule in rules.rules)
