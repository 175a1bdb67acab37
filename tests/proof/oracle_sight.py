"""The oracle's sight: what a viewer may see of a world, node by node and value by value, from the policy file itself.

What it shares with the product is the model alone, neither `narrow` nor the planner, the emitter or the database.
"""

import ast
import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from auth.policy import Policy, When
from schema.model import MODEL, Edge, Property, Scalar, camel, inverse
from schema.purposes import PURPOSES
from tests.proof.oracle_aggregate import UNITS, Rules, granted, is_guarded, rules_of
from tests.proof.oracle_paths import leads
from tests.proof.oracle_values import Unknown, all_of, any_of, compare, end, not_of, whole, wire
from tests.proof.worlds import NOW, Entity, Link, World

KEY = AESSIV(bytes(range(64)))


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks."""

    subject: str
    purpose: str
    claims: Mapping[str, Any]
    revealed: frozenset[tuple[str, str]] = frozenset()
    expired: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """One node as the asker sees it: shown values, values that may be compared, and what is withheld why.

    `besides` are the relationships that do not count for who comes this way.
    """

    type: str
    id: str
    shown: Mapping[str, Any]
    compared: Mapping[str, Any]
    withheld: tuple[tuple[str, str], ...]
    edges: Mapping[str, tuple[str, ...]]
    guarded: Mapping[str, Any] = field(default_factory=dict, compare=False)
    besides: frozenset[Link] = frozenset()


@dataclass(frozen=True, slots=True)
class Projection:
    """All that the asker may see: nodes by id, who is behind a handle, and what belongs to nobody.

    `leads` are the edges that may be followed, by type. `arrivals` are nodes that look otherwise to who comes to them
    along an edge, by where from, the edge and the node.
    """

    nodes: Mapping[str, Seen]
    handles: tuple[tuple[str, str, str], ...]
    unowned: frozenset[str]
    rules: Rules
    leads: Mapping[str, tuple[Edge, ...]]
    arrivals: Mapping["Arrival", Seen]

    def arrived(self, origin: Seen, edge: Edge, id_: str) -> Seen:
        """What is seen of a node by who comes to it along an edge."""
        return self.arrivals.get((origin.id, origin.besides, edge.name, id_), self.nodes[id_])


Arrival = tuple[str, frozenset[Link], str, str]


def project(world: World, policy: Policy, asker: Asker) -> Projection:
    """What the asker may see of a world."""
    eyes = _Eyes(world, policy, asker)
    visible = {one.id: one for one in world.entities.values() if eyes.visible(one)}
    nodes = {one.id: eyes.seen(one, visible) for one in visible.values()}
    kinds = {kind.upper() for grants in policy.said.see.values() for kind in grants.find_by}
    handles = tuple(
        sorted(
            (str(identity.values["kind"]), str(identity.values["normalized"]), owner.id)
            for identity in world.of("Identity")
            if identity.values["kind"] in kinds
            for owner in world.follow(identity, MODEL["Identity"].edges["customers"])
            if owner.id in visible
        )
    )
    unowned = frozenset(one.id for one in visible.values() if eyes.unowned(one))
    arrivals: dict[Arrival, Seen] = {}
    coming = _Coming(world, policy, asker, visible, nodes)
    for one in nodes.values():
        coming.note(one, arrivals)
    return Projection(nodes, handles, unowned, rules_of(policy), leads(policy), arrivals)


@dataclass(frozen=True, slots=True)
class _Coming:
    """What is seen of a node by who comes to it along an edge.

    Where the model promises one at the other end and the graph has two, the one that was come from counts: what another
    one would allow is not shown under this one, nor under what hangs below.
    """

    world: World
    policy: Policy
    asker: Asker
    visible: Mapping[str, Entity]
    nodes: Mapping[str, Seen]

    def note(self, origin: Seen, arrivals: dict[Arrival, Seen]) -> None:
        """Note all that looks otherwise from here, and from there on."""
        for name, ids in origin.edges.items():
            edge = MODEL[origin.type].edges[name]
            for id_ in ids:
                key = (origin.id, origin.besides, name, id_)
                back = inverse(MODEL, origin.type, edge, self.nodes[id_].type)
                if key in arrivals or back is None or back.many:
                    continue
                besides = origin.besides | self.others(self.world.entities[id_], back, origin.id)
                if besides:
                    arrivals[key] = self.without(besides, id_)
                    self.note(arrivals[key], arrivals)

    def without(self, besides: frozenset[Link], id_: str) -> Seen:
        """A node as if some relationships were not there; what hangs below it does."""
        world = self.world.copy()
        world.links = [link for link in world.links if link not in besides]
        made = _Eyes(world, self.policy, self.asker).seen(world.entities[id_], self.visible)
        kept = self.nodes[id_]
        return replace(kept, shown=made.shown, compared=made.compared, withheld=made.withheld, besides=besides)

    def others(self, one: Entity, back: Edge, origin: str) -> set[Link]:
        """The relationships along an edge back that lead elsewhere."""
        return {
            link
            for link in self.world.links
            if link.type == back.type
            and one.id == (link.source if back.outward else link.target)
            and (end := link.target if back.outward else link.source) != origin
            and self.world.entities[end].type in back.targets
        }


class _Eyes:
    def __init__(self, world: World, policy: Policy, asker: Asker) -> None:
        self.world = world
        self.policy = policy
        self.asker = asker
        self.known: dict[str, bool] = {}

    def visible(self, one: Entity) -> bool:
        if one.id not in self.known:
            self.known[one.id] = self._visible(one)
        return self.known[one.id]

    def _visible(self, one: Entity) -> bool:
        grants = self.policy.said.see.get(one.type)
        if grants is None or self.rule(grants.rows, one) is not True:
            return False
        if not self.names_known(one):
            return False
        if one.type == "Customer":
            return self.may_be_read(str(one.values["status"]))
        subject = MODEL[one.type].subject
        if subject is None:
            return True
        owners = self.world.follow(one, subject)
        seen = [self.visible(owner) for owner in owners]
        return (any(seen) and (all(seen) or not subject.every)) or (grants.unattributed and not owners)

    def names_known(self, one: Entity) -> bool:
        """Whether every field that a node names is one of the role's."""
        for held in MODEL[one.type].properties.values():
            type_, _, name = str(one.values[held.name]).partition(".") if held.names_field else ("", "", "")
            if held.names_field and not (
                type_ in self.policy.said.see
                and name in MODEL[type_].properties
                and granted(self.policy.said.see[type_], MODEL[type_].properties[name]) is not None
            ):
                return False
        return True

    def may_be_read(self, status: str) -> bool:
        purpose = PURPOSES[self.asker.purpose]
        match status:
            case "ACTIVE":
                return True
            case "RESTRICTED":
                return purpose.reads_restricted
            case "DECEASED":
                return not purpose.sends
            case _:
                return False

    def unowned(self, one: Entity) -> bool:
        subject = MODEL[one.type].subject
        grants = self.policy.said.see[one.type]
        return grants.unattributed and subject is not None and not self.world.follow(one, subject)

    def seen(self, one: Entity, visible: Mapping[str, Entity]) -> Seen:
        kind, grants = MODEL[one.type], self.policy.said.see[one.type]
        by_name = {camel(name): grant for name, grant in grants.fields.items()}
        shown: dict[str, Any] = {}
        compared: dict[str, Any] = {}
        withheld: list[tuple[str, str]] = []
        for held in kind.properties.values():
            grant = by_name.get(held.name, grants.categories.get(held.category.value))
            if grant is None:
                continue
            value, comparable, reason = self.disclosed(one, held, one.values[held.name], grant)
            revealable = held.name in {camel(name) for name in grants.reveal}
            if revealable and (f"{one.type}.{held.name}", one.id) in self.asker.revealed:
                value, reason = wire(held.scalar, one.values[held.name]), ""
            shown[held.name] = value
            if _compares(grant):
                compared[held.name] = whole(comparable) if held.blind_index and comparable is not None else comparable
            if reason:
                withheld.append((held.name, reason))
        guarded = {held.name: one.values[held.name] for held in kind.properties.values()
                   if held.scalar in UNITS and is_guarded(granted(grants, held))}  # fmt: skip
        hidden = {camel(name) for name in grants.hide}
        edges = {
            edge.name: tuple(sorted(other.id for other in self.world.follow(one, edge) if other.id in visible))
            for edge in kind.edges.values()
            if edge.name not in hidden and any(target in self.policy.said.see for target in edge.targets)
        }
        return Seen(one.type, one.id, shown, compared, tuple(withheld), edges, guarded)

    def disclosed(self, one: Entity, held: Property, value: Any, grant: str | When) -> tuple[Any, Any, str]:
        """What is shown, what is compared, and why it is not the value itself."""
        scalar = held.scalar
        if isinstance(grant, When):
            holds = self.rule(grant.when, one) is True
            taken = grant.then if holds else grant.otherwise
            shown, comparable, reason = self.disclosed(one, held, value, taken)
            basis = not holds and grant.when.startswith("lawful(")
            return shown, comparable, reason and ("NO_LEGAL_BASIS" if basis else "CONDITION")
        match grant.partition(":"):
            case ("show", _, _):
                return wire(scalar, value), value, ""
            case ("withhold", _, _):
                return None, None, "POLICY"
            case ("aggregate", _, _):
                return None, None, "AGGREGATE" if scalar in UNITS else "POLICY"
            case (_, _, _) if value is None:
                return None, None, "MASKED"
            case (_, _, "pseudonym"):
                return self.pseudonym(f"{one.type}.{held.name}", one.id), None, "MASKED"
            case (_, _, name) if name.startswith("bucket:"):
                step = int(name.removeprefix("bucket:")) * (100 if scalar is Scalar.DECIMAL else 1)
                return wire(scalar, value // step * step), None, "MASKED"
            case (_, _, "last4") if held.sealed:
                return end(value), None, "MASKED"
            case (_, _, name):
                return _masked(name, wire(scalar, value)), None, "MASKED"
        raise AssertionError(grant)

    def pseudonym(self, field: str, id_: str) -> str:
        bound = [b"pseudonym", self.asker.claims["project"].encode(), field.encode()]
        return base64.b32encode(KEY.encrypt(id_.encode(), bound)[:16]).decode().strip("=").lower()

    def rule(self, text: str, one: Entity) -> Any:
        if text in ("all", "none"):
            return text == "all"
        return self.holds(ast.parse(text, mode="eval").body, one)

    def holds(self, tree: ast.expr, one: Entity) -> Any:
        match tree:
            case ast.BoolOp(ast.And(), parts):
                return all_of([self.holds(part, one) for part in parts])
            case ast.BoolOp(ast.Or(), parts):
                return any_of([self.holds(part, one) for part in parts])
            case ast.UnaryOp(ast.Not(), of):
                return not_of(self.holds(of, one))
            case ast.Compare(left, [sign], [right]):
                return self.compares(sign, self.value(left, one), self.value(right, one))
            case ast.Call(ast.Name("lawful"), [ast.Name("purpose")], []):
                return self.lawful(one, self.asker.purpose)
            case ast.Call(ast.Name("lawful"), [ast.Constant(str(purpose))], []):
                return self.lawful(one, purpose)
            case ast.Call(ast.Name("exists"), [path, *where], []):
                return self.exists(_steps(path), where[0] if where else None, one)
            case _:
                return self.value(tree, one)

    def compares(self, sign: ast.cmpop, left: Any, right: Any) -> Any:
        match sign:
            case ast.NotIn():
                return not_of(self.compares(ast.In(), left, right))
            case ast.In():
                return Unknown if left is None or right is None else left in right
            case _:
                left, right = _of_a_day(left, right), _of_a_day(right, left)
                words = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "lte", ast.Gt: "gt", ast.GtE: "gte"}
                return compare(words[type(sign)], left, right)

    def value(self, tree: ast.expr, one: Entity) -> Any:
        match tree:
            case ast.Name("purpose"):
                return self.asker.purpose
            case ast.Attribute(ast.Name("actor"), "purpose"):
                return self.asker.purpose
            case ast.Call(ast.Name("now"), [], []):
                return NOW
            case ast.BinOp(now, sign, ast.Call(ast.Name("days"), [ast.Constant(int(days))], [])):
                return self.value(now, one) + timedelta(days=-days if isinstance(sign, ast.Sub) else days)
            case ast.Name(name) | ast.Attribute(ast.Name("record"), name):
                return one.values[camel(name)]
            case ast.Attribute(ast.Name("actor"), "id"):
                return self.asker.subject
            case ast.Attribute(ast.Name("actor"), claim):
                return self.asker.claims[claim]
            case ast.Constant(value):
                return value
            case ast.List(parts) | ast.Tuple(parts):
                return [self.value(part, one) for part in parts]
        raise AssertionError(ast.dump(tree))

    def exists(self, path: list[str], where: ast.expr | None, one: Entity) -> bool:
        if not path:
            return where is None or self.holds(where, one) is True
        others = self.world.follow(one, MODEL[one.type].edges[camel(path[0])])
        return any(self.exists(path[1:], where, other) for other in others)

    def lawful(self, one: Entity, purpose: str) -> bool:
        kind = MODEL[one.type]
        if one.type != "Customer":
            assert kind.subject is not None
            return any(self.lawful(owner, purpose) for owner in self.world.follow(one, kind.subject))
        return any(
            standing.values["purpose"] == purpose
            and standing.values["lawful"] is True
            and (standing.values["until"] is None or standing.values["until"] > NOW)
            for standing in self.world.follow(one, kind.edges["standings"])
        )


def _steps(path: ast.expr) -> list[str]:
    return [path.id] if isinstance(path, ast.Name) else [*_steps(path.value), path.attr]  # type: ignore[attr-defined]  # a path


def _of_a_day(value: Any, other: Any) -> Any:
    """A moment beside a day is its day."""
    return value.date() if isinstance(value, datetime) and type(other) is date else value


def _compares(grant: str | When) -> bool:
    return "show" in (grant.then, grant.otherwise) if isinstance(grant, When) else grant == "show"


def _masked(name: str, text: str) -> str:
    match name:
        case "year":
            return text[:4]
        case "month":
            return text[:7]
        case "initial":
            return text[:1] + "…"
        case "domain":
            return "…@" + text.rsplit("@", maxsplit=1)[-1]
        case "last4":
            return "…" + text[-4:]
    raise AssertionError(name)
