"""Twins: worlds that differ in what a viewer may not see, and in nothing else.

A change is drawn blindly: a value, a node with its relationships, a relationship, more or fewer of them. It stays only
if the oracle sees the same before and after.
"""

import random
from collections.abc import Iterable

from auth.policy import Policy
from schema.model import MODEL
from tests.proof.oracle_sight import Asker, Projection, project
from tests.proof.steady import drawing, pick
from tests.proof.worlds import Entity, Link, World, draw, entity


def twin(chance: random.Random, world: World, policy: Policy, asker: Asker, changes: int = 40) -> tuple[World, int]:
    """A world that the asker cannot tell from the first, and how many changes it is away from it."""
    seen = project(world, policy, asker)
    made, done, seed = world, 0, chance.getrandbits(64)
    for number in range(changes):
        tried = _changed(drawing(seed, number), made)
        if _same(project(tried, policy, asker), seen):
            made, done = tried, done + 1
    return made, done


def _same(left: Projection, right: Projection) -> bool:
    return left == right


def _changed(chance: random.Random, world: World) -> World:
    made = world.copy()
    match chance.randrange(5):
        case 0 | 1:
            _alter(chance, made)
        case 2:
            _add(chance, made)
        case 3:
            _remove(chance, made)
        case _:
            _relink(chance, made)
    return made


def _alter(chance: random.Random, made: World) -> None:
    """Other values for one node."""
    one = _one_of(chance, made.entities.values())
    held = [held for held in MODEL[one.type].properties.values() if held.name != "id"]
    for _ in range(min(len(held), chance.choice((1, 2, len(held))))):
        changed = pick(chance, held, lambda one: one.name)
        held.remove(changed)
        one.values[changed.name] = draw(drawing(chance.getrandbits(64)), changed)


def _add(chance: random.Random, made: World) -> None:
    """One more node, with relationships to what is there."""
    kind, seed = pick(chance, MODEL.values(), lambda kind: kind.name), chance.getrandbits(64)
    one = entity(str(seed), kind)
    if one.id in made.entities:
        return
    made.entities[one.id] = one
    for edge in kind.edges.values():
        drawn = drawing(seed, edge.name)
        targets = [other for target in edge.targets for other in made.of(target) if other.id != one.id]
        if targets and drawn.random() < 0.7:
            other = _one_of(drawn, targets)
            source, target = (one.id, other.id) if edge.outward else (other.id, one.id)
            made.links.append(Link(edge.type, source, target))


def _remove(chance: random.Random, made: World) -> None:
    """One node fewer, and its relationships."""
    gone = pick(chance, made.entities)
    del made.entities[gone]
    made.links = [link for link in made.links if gone not in (link.source, link.target)]


def _relink(chance: random.Random, made: World) -> None:
    """One relationship fewer, and sometimes one of the same kind elsewhere."""
    if not made.links:
        return
    gone = pick(chance, made.links)
    made.links.remove(gone)
    if chance.random() < 0.5:
        target = _one_of(chance, made.of(made.entities[gone.target].type))
        if target.id != gone.source:
            made.links.append(Link(gone.type, gone.source, target.id))


def _one_of(chance: random.Random, among: Iterable[Entity]) -> Entity:
    return pick(chance, among, lambda one: one.id)
