"""What a round has shown it goes on showing when the model grows: drawings do not depend on each other."""

import random
from dataclasses import replace

import pytest

import tests.proof.worlds
from schema.model import MODEL, NodeType
from tests.proof.steady import drawing, pick, within
from tests.proof.worlds import world


@pytest.mark.parametrize("joining", ["ReviewTask", "LegalHold", "Campaign"])
def test_a_type_that_joins_the_model_leaves_the_rest_of_a_world(joining: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same nodes with the same values, and the same relationships between them, with few exceptions.

    Where an edge leads to several types, what came may be picked in place of what was.
    """
    after = world(random.Random(7), 4)
    monkeypatch.setattr(tests.proof.worlds, "MODEL", _without(joining))
    before = world(random.Random(7), 4)
    came = {one.id for one in after.of(joining)}
    assert came
    assert {key: one.values for key, one in after.entities.items() if key not in came} == {
        key: one.values for key, one in before.entities.items()
    }
    kept = {link for link in after.links if not came & {link.source, link.target}}
    assert len(kept ^ set(before.links)) < len(before.links) / 50


def _without(joining: str) -> dict[str, NodeType]:
    """The model before a type joined it."""
    return {
        name: replace(
            kind,
            edges={
                key: replace(edge, targets=tuple(one for one in edge.targets if one != joining))
                for key, edge in kind.edges.items()
                if set(edge.targets) != {joining}
            },
        )
        for name, kind in MODEL.items()
        if name != joining
    }


def test_one_more_to_pick_from_takes_only_its_own_share() -> None:
    """It is picked now and then; otherwise the pick is what it was."""
    for number in range(200):
        few = pick(drawing(number), range(10))
        assert pick(drawing(number), range(11)) in (few, 10)
    assert {pick(drawing(number), range(10)) for number in range(200)} == set(range(10))


def test_a_share_is_about_that_share() -> None:
    """And a larger one holds the smaller one."""
    some, more = ({one for one in range(1000) if within(share, one)} for share in (0.2, 0.4))
    assert some < more
    assert 150 < len(some) < 250
