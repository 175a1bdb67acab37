"""Twins: worlds that differ in what a viewer may not see, and in nothing else.

A change is drawn blindly: a value, a node with its relationships, a relationship, more or fewer of them. It stays only
if the oracle sees the same before and after.
"""

import random

from auth.policy import Policy
from schema.model import MODEL
from tests.proof.oracle_sight import Asker, Projection, project
from tests.proof.worlds import Link, World, draw, entity


def twin(chance: random.Random, world: World, policy: Policy, asker: Asker, changes: int = 40) -> tuple[World, int]:
    """A world that the asker cannot tell from the first, and how many changes it is away from it."""
    seen = project(world, policy, asker)
    made, done = world, 0
    for _ in range(changes):
        tried = _changed(chance, made)
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
    one = chance.choice(list(made.entities.values()))
    held = [held for held in MODEL[one.type].properties.values() if held.name != "id"]
    for changed in chance.sample(held, min(len(held), chance.choice((1, 2, len(held))))):
        one.values[changed.name] = draw(chance, changed)


def _add(chance: random.Random, made: World) -> None:
    """One more node, with relationships to what is there."""
    kind = chance.choice(list(MODEL.values()))
    one = entity(chance, kind)
    if one.id in made.entities:
        return
    made.entities[one.id] = one
    for edge in kind.edges.values():
        targets = [other for target in edge.targets for other in made.of(target) if other.id != one.id]
        if targets and chance.random() < 0.7:
            other = chance.choice(targets)
            source, target = (one.id, other.id) if edge.outward else (other.id, one.id)
            made.links.append(Link(edge.type, source, target))


def _remove(chance: random.Random, made: World) -> None:
    """One node fewer, and its relationships."""
    gone = chance.choice(list(made.entities))
    del made.entities[gone]
    made.links = [link for link in made.links if gone not in (link.source, link.target)]


def _relink(chance: random.Random, made: World) -> None:
    """One relationship fewer, and sometimes one of the same kind elsewhere."""
    if not made.links:
        return
    gone = chance.choice(made.links)
    made.links.remove(gone)
    if chance.random() < 0.5:
        target = chance.choice(made.of(made.entities[gone.target].type))
        if target.id != gone.source:
            made.links.append(Link(gone.type, gone.source, target.id))
