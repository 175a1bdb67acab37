"""What an erasure reaches, derived from the model: a new type has a fate, and nothing is kept beside it unknown."""

import re
from collections import Counter
from pathlib import Path

from ingest.suppression import Hasher
from privacy.fates import Fate, fate, in_order, uncovered
from schema.catalogue import complete_model
from schema.enums import IdentityKind
from schema.governance import shipped_governance

ROOT = Path(__file__).parents[1]
MODEL = complete_model()


def test_every_personal_type_is_reached_or_said_to_be_none_of_a_customers() -> None:
    """A new one that is about a customer has a fate by its edge; one that is about nobody fails here."""
    assert uncovered(MODEL) == ()
    fates = {kind.name: fate(kind, shipped_governance()) for kind in in_order(MODEL)}
    assert {name for name, one in fates.items() if one is Fate.STAYS} == {"Invoice", "Consent", "PrivacyRequest"}
    assert {name for name, one in fates.items() if one is Fate.FACT} == {"AccessRecord", "Change"}
    order = list(fates)
    assert order.index("Order") < order.index("Invoice")
    assert order.index("Shipment") < order.index("SourceRecord") < order.index("MatchDecision")


HIDDEN = {
    **dict.fromkeys(("AbsorbedCustomer", "CustomerBefore", "CallerAnswers"), "taken by an erasure"),
    **dict.fromkeys(("Suppression", "SuppressionKey"), "what is left of an erasure"),
    **dict.fromkeys(("LogClock", "RetentionClock", "TrailSegment", "LoadedFolder", "GraphMigration"), "nobody's"),
    **dict.fromkeys(("Compaction", "GraphSeal"), "nobody's"),
    "AnswerRates": "of twenty persons and more",
}
"""Labels beside the model, and what becomes of them."""


def test_no_statement_makes_a_label_that_no_erasure_knows() -> None:
    """Whoever keeps something beside the model says what an erasure does with it."""
    files = [one for one in ROOT.rglob("*.cypher") if ".venv" not in one.parts and one.name != "teaching.cypher"]
    made = {
        label
        for file in files
        for said in re.findall(r"(?:CREATE|MERGE)[^\n]*", file.read_text(encoding="utf-8"))
        for label in re.findall(r"\(\w*:(\w+)", said)
    }
    assert len(made) > 10
    assert made - set(MODEL) - set(HIDDEN) == set()


def test_hashes_tell_nothing_without_the_key() -> None:
    """Another key gives other ones; the printed form shows no key; spellings of one handle are one."""
    one, other = Hasher(bytes(32)), Hasher(bytes(31) + b"x")
    assert one.place("crm:C-1") != other.place("crm:C-1")
    assert one.place("crm:C-1") != one.thing("crm:C-1")
    assert one.handle(IdentityKind.EMAIL, "Ann+shop@X.example") == one.handle(IdentityKind.EMAIL, "ann@x.example")
    assert "00" not in repr(one)
    assert Counter(map(len, (one.check, one.place("x"), one.handle(IdentityKind.USER_ID, "u")))) == {64: 3}
