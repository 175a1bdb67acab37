"""Manifest: what is said of exports. For whom and on which basis, what they hold, what was left out and why.

It is made of the View and of what left, never of what did not: how many rows are hidden, and which types and fields a
role lacks, is told nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.export import ROWS_OF_A_PAGE, edge_kinds, ordered
from graph.masks import PROJECT
from graph.view import TypeView, View
from insight.exports.writing import Format
from schema.model import MODEL
from schema.purposes import PURPOSES

PREFIX = "customer_graph."
PROMISE = (
    "What was there before asOf, and is as it was, is in it once. What has changed since then may be in it as it was "
    "or as it is, or be missing; the next export tells. Two exports are of two moments: an edge may lead to a node "
    "that the other does not have."
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what an export is made: the View, the digest of the policy, and the version of the product."""

    view: View
    policy: str
    product: str

    def metadata(self, as_of: datetime) -> Mapping[str, str]:
        """What the schema of every file says."""
        basis = PURPOSES[self.view.purpose].basis
        return {
            f"{PREFIX}role": self.view.role,
            f"{PREFIX}purpose": self.view.purpose,
            f"{PREFIX}lawful_basis": basis.value,
            f"{PREFIX}policy": self.policy,
            f"{PREFIX}product": self.product,
            f"{PREFIX}as_of": as_of.isoformat(),
            f"{PREFIX}ids": "pseudonyms" if self.view.pseudonymous else "ids",
        }

    def said(self) -> dict[str, Any]:
        """What holds of all exports of this role and purpose."""
        purpose = PURPOSES[self.view.purpose]
        return {
            "role": self.view.role,
            "purpose": self.view.purpose,
            "lawfulBasis": {"basis": purpose.basis.value, "about": purpose.about},
            "policy": self.policy,
            "product": self.product,
            "ids": "pseudonyms" if self.view.pseudonymous else "ids",
            "promise": PROMISE,
            "leftOut": list(left_out(self.view)),
        }

    def at_the_end(self, what: Mapping[str, Any], rows: int, as_of: datetime, until: datetime) -> dict[str, Any]:
        """The manifest at the end of a file. `rows` counts those that were told before it was gone on with, too."""
        return {
            **self.said(),
            **what,
            "asOf": as_of.isoformat(),
            "until": until.isoformat(),
            "rows": rows,
        }

    def offer(self) -> dict[str, Any]:
        """What may be exported, and how to ask for it."""
        return {
            **self.said(),
            "formats": {one.value: one.media for one in Format},
            "rowsOfABatch": ROWS_OF_A_PAGE,
            "nodes": [_type(seen) for seen in self.view.types.values() if "id" in seen.fields],
            "edges": [{"type": one.type, "source": one.source, "target": one.target} for one in edge_kinds(self.view)],
        }


def left_out(view: View) -> Iterator[str]:
    """Why something may be missing, in general: from the purpose and the law, never from what is there."""
    purpose = PURPOSES[view.purpose]
    yield (
        f"Rows are those that the role {view.role} sees for the purpose {view.purpose}; "
        "how many others there are is not told."
    )
    yield (
        "Customers who have objected, have not agreed or have withdrawn are not there where the policy asks for a "
        f"legal basis; the purpose {view.purpose} rests on {purpose.basis.words}."
    )
    hidden = ["erased"]
    if not purpose.reads_restricted:
        hidden.append("restricted (GDPR art. 18)")
    if purpose.sends:
        hidden.append("deceased")
    yield f"Records of customers who are {' or '.join(hidden)} are not there, nor what is about them alone."
    yield "A field that the role does not have is not there; one that it has coarser is coarser here."
    if view.pseudonymous:
        yield (
            f"Ids are pseudonyms of the {PROJECT} that the token names: "
            "the API does not know them, nor does another project."
        )


def withheld(seen: TypeView) -> Mapping[str, str]:
    """Of fields that are not, or not always, shown as they are: the reason."""
    return {one.field: one.reason.value for one in seen.withheld}


def _type(seen: TypeView) -> dict[str, Any]:
    kind, reasons = MODEL[seen.name], withheld(seen)
    fields = [
        {
            "name": name,
            "type": kind.properties[name].scalar.value,
            "category": kind.properties[name].category.value,
            "about": kind.properties[name].about,
            **({"withheld": reasons[name]} if name in reasons else {}),
        }
        for name in ordered(seen)
    ]
    return {"type": seen.name, "about": kind.about, "fields": fields}
