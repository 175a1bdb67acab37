"""What stands beside a sealed value: an entry by which it is found, and its end for a mask. No database is needed."""

import pytest

from graph.vault import blind
from graph.vault.blind import BlindKey
from ingest.normalise import national_id

OF_ANN, OF_LEE = "02476291358", "QQ123456C"


def test_an_entry_is_the_same_for_every_spelling_and_for_nothing_else() -> None:
    """Blanks, signs and capitals do not count; field, key and every letter do. What is signs alone is itself."""
    one, other = BlindKey("a", b"1" * 64), BlindKey("b", b"2" * 64)
    made_of = {blind.entry(one, "Customer", "nationalId", text) for text in ("qq 12 34 56 c", "QQ-12-34-56-C", OF_LEE)}
    assert len(made_of) == 1
    others = [
        blind.entry(one, "Customer", "nationalId", "QQ123456D"),
        blind.entry(one, "Invoice", "nationalId", OF_LEE),
        blind.entry(one, "Customer", "otherId", OF_LEE),
        blind.entry(other, "Customer", "nationalId", OF_LEE),
        *(blind.entry(one, "Customer", "nationalId", text) for text in ("", "-", "--")),
    ]
    assert len({*made_of, *others}) == 1 + len(others)
    assert OF_LEE not in "".join(others)
    assert "1111" not in repr(one)


@pytest.mark.parametrize(
    ("value", "end"), [("QQ 12 34 56 C", "456C"), ("1234567-8", "5678"), ("1234567", None), ("----------", None)]
)
def test_of_a_short_value_no_part_is_shown(value: str, end: str | None) -> None:
    """A mask that shows four of five characters would be none."""
    assert blind.last4(value) == end


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("02 476 291 358", OF_ANN),
        ("qq 12 34 56 c", OF_LEE),
        *((none, None) for none in (None, "", "n/a", "unknown", "000-00-0000", "123456789", "X12", "keine")),
    ],
)
def test_a_placeholder_is_no_national_id(typed: str | None, kept: str | None) -> None:
    """What people type where a form demands something counts as none."""
    assert national_id(typed) == kept
