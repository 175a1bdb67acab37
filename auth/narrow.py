"""Narrow: the model and one policy in, a View out. The whole of authorization.

What no policy may forget stands here: records of the erased are gone for everyone; records under restriction and of
the deceased are there only for purposes that may read them; what is about a person is there only where the person is;
what is about a field of the model is there only for who has that field.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from auth.policy import Grant, Policy, PolicyFile, TypeGrants, When
from auth.rule import RuleFault, rule
from graph.expr import (
    FALSE,
    NULL,
    TRUE,
    Compare,
    Const,
    Exists,
    Expr,
    If,
    Mask,
    Not,
    Prop,
    Revealed,
    Rule,
    Value,
    Visible,
    both,
    either,
)
from graph.masks import MASKS, PROJECT, PSEUDONYM
from graph.masks import UNITS as STORED
from graph.view import FieldView, Guarded, Reason, Telling, TypeView, Verifying, View, Withheld
from schema.enums import CallerFact
from schema.errors import PolicyInvalid
from schema.generate_aggregate import is_dimension
from schema.model import Edge, Model, NodeType, Property, Scalar, camel
from schema.purposes import PURPOSES

OF_GROUPS = "aggregate:"
UNITS: Mapping[Scalar, int] = {Scalar.INT: 1, Scalar.DECIMAL: 100, Scalar.FLOAT: 1_000_000}
"""How many of the unit in which sums are taken make one."""
TIMES = (Scalar.DATE, Scalar.DATETIME)
LARGEST_STEP = 1_000_000_000
REVEAL = "reveal"
"""The change that a role has without being named, where it may reveal a field."""
VERIFY = "verifyCaller"
"""The change that a role has without being named, where it may verify callers."""
FEWEST = 3
"""Among two, each knows the other's part."""


def narrow(model: Model, policy: Policy, purpose: str) -> View:
    """The graph as the policy's role sees it for one purpose.

    Raises PolicyInvalid with file, line and column for whatever the policy says that the model does not know.
    """
    if purpose not in policy.said.purposes:
        raise PolicyInvalid(f"{policy.file.name}: role '{policy.role}' does not work for the purpose '{purpose}'.")
    for name in policy.said.see:
        if name not in model:
            line = policy.line_of(f"[see.{name}]")
            raise PolicyInvalid(f"{policy.file.name}:{line}: there is no node type '{name}'.")
    for name in policy.said.aggregate.by:
        if name not in policy.said.see:
            line = policy.line_of("[aggregate", name)
            raise PolicyInvalid(f"{policy.file.name}:{line}: role '{policy.role}' sees no node type '{name}'.")
    types = {name: _Narrowing(model, policy, purpose, model[name]).view() for name in policy.said.see}
    types = {name: _of_known_fields(model[name], seen, types) for name, seen in types.items()}
    told = Telling(policy.said.aggregate.minimum, policy.said.aggregate.percent)
    said = policy.said
    return View(
        role=policy.role,
        purpose=purpose,
        types=MappingProxyType(types),
        claims=said.claims,
        groups=told,
        reveal_minutes=said.reveal_minutes,
        explains=said.explains,
        changes=frozenset(said.change.allow)
        | {REVEAL for one in types.values() if one.reveals}
        | {VERIFY for _ in said.verify.facts},
        verifying=_verifying(said),
        exports=purpose in said.export.purposes,
        contacts=_contacts(policy, purpose),
        pseudonymous=PROJECT in said.claims,
    )


def _of_known_fields(kind: NodeType, seen: TypeView, types: Mapping[str, TypeView]) -> TypeView:
    """The type without the nodes that name a field which the role does not have: they would tell that it is there."""
    gates = [held.name for held in kind.properties.values() if held.names_field]
    if not gates:
        return seen
    known = tuple(f"{name}.{field}" for name, one in types.items() for field in one.fields)
    gate = both(*(Compare("IN", Prop(name), Value(known, Scalar.STRING, many=True)) for name in gates))
    return replace(seen, rows=both(gate, seen.rows), unattributed=both(gate, seen.unattributed))


def _contacts(policy: Policy, purpose: str) -> frozenset[str]:
    """For which purposes customers may be contacted: a role's own are asked for as themselves, under their own rules.

    Raises PolicyInvalid.
    """
    said = policy.said
    for name in said.contact.purposes:
        if name not in PURPOSES or not PURPOSES[name].sends:
            sending = ", ".join(one.name for one in PURPOSES.values() if one.sends)
            line = policy.line_of("[contact]", name)
            raise PolicyInvalid(f"{policy.file.name}:{line}: nobody is contacted for '{name}'; there are {sending}.")
    return frozenset(name for name in said.contact.purposes if name == purpose or name not in said.purposes)


def _verifying(said: PolicyFile) -> Verifying:
    """What a role may compare callers' answers with."""
    verify = said.verify
    facts = frozenset(CallerFact[name.upper()] for name in verify.facts)
    return Verifying(facts, verify.wrong_of_customer, verify.wrong_of_viewer, verify.minutes)


def status_gate(purpose: str) -> Expr:
    """Which customers there are for a purpose, whatever the policy says."""
    said = PURPOSES[purpose]
    allowed = ["ACTIVE"]
    if said.reads_restricted:
        allowed += ["RESTRICTED"]
    if not said.sends:
        allowed += ["DECEASED"]
    return Compare("IN", Prop("status"), Const(tuple(allowed)))


class _Narrowing:
    """One node type under one policy; keeps the rules that its fields share."""

    def __init__(self, model: Model, policy: Policy, purpose: str, kind: NodeType) -> None:
        self.model = model
        self.policy = policy
        self.purpose = purpose
        self.kind = kind
        self.grants: TypeGrants = policy.said.see[kind.name]
        self.rules: list[Expr] = []
        self.withheld: list[Withheld] = []
        self.guarded: dict[str, Guarded] = {}

    def view(self) -> TypeView:
        fields = dict(self.fields())
        rows, unattributed = self.rows()
        if any(self.granted(held) for held in self.kind.properties.values()) and "id" not in fields:
            raise self.fault(
                'key = "show" is missing: nodes need their handle to be paged', "[see." + self.kind.name + "]"
            )
        if "id" in fields and not fields["id"].plain:
            raise self.fault("key can only be shown", f"[see.{self.kind.name}]", "key")
        return TypeView(
            name=self.kind.name,
            rows=rows,
            rules=tuple(self.rules),
            fields=MappingProxyType(fields),
            edges=MappingProxyType(self.edges()),
            withheld=tuple(self.withheld),
            find_by=frozenset(self.grants.find_by),
            unattributed=unattributed,
            guarded=MappingProxyType(self.guarded),
            atoms=self.atoms(fields) if self.guarded else (),
            reveals=frozenset(camel(name) for name in self.grants.reveal),
        )

    def rows(self) -> tuple[Expr, Expr]:
        """Which nodes there are; and which of them belong to nobody yet."""
        said = self.parsed(self.grants.rows, "rows")
        subject = self.kind.subject
        if self.kind.name == "Customer":
            return both(status_gate(self.purpose), said), FALSE
        if subject is None:
            return said, FALSE
        target = subject.targets[0]
        if target not in self.policy.said.see:
            raise self.fault(f"{self.kind.name} is about {target}: add [see.{target}]", f"[see.{self.kind.name}]")
        alone = both(said, Not(Exists(subject, target, TRUE))) if self.grants.unattributed else FALSE
        visible = Visible(subject, target)
        owned = either(visible, Not(Exists(subject, target, TRUE))) if self.grants.unattributed else visible
        return both(said, owned), alone

    def edges(self) -> dict[str, Edge]:
        hidden = {camel(name) for name in self.grants.hide}
        if strange := [name for name in self.grants.hide if camel(name) not in self.kind.edges]:
            raise self.fault(f"{self.kind.name} has no edge '{strange[0]}'", f"[see.{self.kind.name}]", "hide")
        found = {}
        for name, edge in self.kind.edges.items():
            targets = tuple(target for target in edge.targets if target in self.policy.said.see)
            if name not in hidden and targets:
                found[name] = replace(edge, targets=targets)
        return found

    def fields(self) -> list[tuple[str, FieldView]]:
        known = {camel(name) for name in self.grants.fields}
        if strange := known - set(self.kind.properties):
            raise self.fault(f"{self.kind.name} has no field '{min(strange)}'", f"[see.{self.kind.name}.fields]")
        found = {
            held.name: self.field(held, grant)
            for held in self.kind.properties.values()
            if (grant := self.granted(held)) is not None
        }
        for name in self.grants.reveal:
            seen = found.get(camel(name))
            if seen is None or seen.plain:
                what = "is not in this role's schema" if seen is None else "is shown as it is"
                raise self.fault(
                    f"{self.kind.name}.{name} {what}, so it cannot be revealed", f"[see.{self.kind.name}]", "reveal"
                )
            found[camel(name)] = self.revealed(seen)
        return list(found.items())

    def revealed(self, seen: FieldView) -> FieldView:
        """The field as it is where it is revealed. Filters and orders stay with what is shown of it otherwise."""
        index = self.rule_index(Revealed(self.kind.name, seen.property.name))
        self.withheld = [
            replace(one, unless=index) if one.field == seen.property.name else one for one in self.withheld
        ]
        return replace(seen, output=If(Rule(index), Prop(seen.property.name), seen.output))

    def granted(self, held: Property) -> Grant | None:
        by_name = {camel(name): grant for name, grant in self.grants.fields.items()}
        return by_name.get(held.name, self.grants.categories.get(held.category.value))

    def field(self, held: Property, grant: Grant) -> FieldView:
        raw = Prop(held.name)
        if isinstance(grant, When):
            index = self.rule_index(self.parsed(grant.when, "when"))
            then, otherwise = self.simple(held, grant.then), self.simple(held, grant.otherwise)
            self.note(held, grant.then, index, holds=True, test=grant.when)
            self.note(held, grant.otherwise, index, holds=False, test=grant.when)
            output = If(Rule(index), then, otherwise)
            seen = (grant.then == "show", grant.otherwise == "show")

            def where_seen(read: Expr) -> Expr | None:
                if all(seen):
                    return read
                return If(Rule(index), read if seen[0] else NULL, read if seen[1] else NULL) if any(seen) else None

            return self.told(held, raw if all(seen) else output, where_seen, plain=all(seen))
        if grant.startswith(OF_GROUPS):
            return self.of_groups(held, grant)
        self.note(held, grant, None, holds=True)
        shown = grant == "show"
        return self.told(held, self.simple(held, grant), lambda read: read if shown else None, plain=shown)

    def told(
        self, held: Property, output: Expr, where_seen: Callable[[Expr], Expr | None], *, plain: bool
    ) -> FieldView:
        """The field with what filters read of it: `where_seen` says of an expression where that may be.

        What is sealed has no order, and none of its parts can be compared: it is found as a whole, by its blind index.
        """
        if not held.sealed:
            return FieldView(held, output, where_seen(Prop(held.name)), plain)
        found_by = where_seen(Prop(held.found_by)) if held.found_by is not None else None
        return FieldView(held, output, None, plain, found_by)

    def of_groups(self, held: Property, grant: str) -> FieldView:
        """A field of which groups alone are told. What cannot be summed is withheld with the rest of its category."""
        step = grant.removeprefix(OF_GROUPS)
        if not (step.isdecimal() and int(step) > 0):
            raise self.fault(f"'{grant}' does not say to which multiple sums are rounded: aggregate:100", grant)
        if held.scalar in UNITS and not held.many:
            self.guarded[held.name] = Guarded(held, int(step) * UNITS[held.scalar])
            self.withheld.append(Withheld(held.name, Reason.AGGREGATE))
        elif held.name in {camel(name) for name in self.grants.fields}:
            raise self.fault(f"{self.kind.name}.{held.name} cannot be summed", f"[see.{self.kind.name}.fields]", grant)
        else:
            self.withheld.append(Withheld(held.name, Reason.POLICY))
        return FieldView(held, NULL, None, plain=False)

    def atoms(self, fields: Mapping[str, FieldView]) -> tuple[str, ...]:
        """The fields by which those that are told of groups alone may be filtered and grouped."""
        said = self.policy.said.aggregate
        if said.minimum < FEWEST:
            raise self.fault(f"fields that are told of groups alone need a minimum of {FEWEST}", "[aggregate]")
        names = tuple(camel(name) for name in said.by.get(self.kind.name, ()))
        for name in names:
            seen = fields.get(name)
            if (
                seen is None
                or seen.compared is None
                or not is_dimension(seen.property)
                or seen.property.scalar in TIMES
            ):
                what = f"{self.kind.name} cannot be grouped by '{name}': name fields that are shown and have few values"
                raise self.fault(what, "[aggregate", self.kind.name)
        return names

    def simple(self, held: Property, grant: str) -> Expr:
        raw = Prop(held.name)
        match grant.partition(":"):
            case ("show", "", ""):
                return raw
            case ("withhold", "", ""):
                return NULL
            case ("mask", ":", said):
                return self.mask(held, grant, *said.partition(":")[::2])
            case _:
                if grant.startswith(OF_GROUPS):
                    raise self.fault(f"'{grant}' stands alone, not under a condition", self.kind.name, grant)
                what = f"'{grant}' is not a grant: show, withhold or mask:<name>; of groups alone aggregate:<step>"
                raise self.fault(what, self.kind.name, grant)

    def mask(self, held: Property, grant: str, name: str, step: str) -> Expr:
        if name not in MASKS:
            raise self.fault(f"there is no mask '{name}'; there are {', '.join(MASKS)}", self.kind.name, grant)
        form = MASKS[name]
        if held.sealed and name != held.beside:
            what = f"show it, withhold it{f' or mask:{held.beside}' if held.beside else ''}"
            raise self.fault(f"{self.kind.name}.{held.name} is sealed: {what}", self.kind.name, grant)
        if held.scalar not in form.scalars or held.many:
            raise self.fault(f"mask:{name} does not fit {self.kind.name}.{held.name}", self.kind.name, grant)
        if name == PSEUDONYM and self.policy.said.claims.get(PROJECT) != "string":
            what = f'mask:{name} needs to know the project: add {PROJECT} = "string" under [claims]'
            raise self.fault(what, self.kind.name, grant)
        if not form.stepped:
            if step or grant.endswith(":"):
                raise self.fault(f"mask:{name} takes nothing beside its name", self.kind.name, grant)
            # Of what is sealed the database has no part but the one that stands beside it.
            return Mask(name, Prop(held.masked_by or held.name))
        if not (step.isdecimal() and 0 < int(step) <= LARGEST_STEP):
            what = f"'{grant}' does not say how large a step is: mask:{name}:100, up to {LARGEST_STEP}"
            raise self.fault(what, self.kind.name, grant)
        return Mask(name, Prop(held.name), int(step) * STORED[held.scalar])

    def note(self, held: Property, grant: str, index: int | None, *, holds: bool, test: str = "") -> None:
        """Remember under which condition the field is not shown as it is, and why."""
        if grant == "show":
            return
        reason = Reason.MASKED if grant.startswith("mask:") else Reason.POLICY
        if index is not None:
            asks_basis = test.startswith("lawful(") and test.endswith(")") and not holds
            reason = Reason.NO_LEGAL_BASIS if asks_basis else Reason.CONDITION
        self.withheld.append(Withheld(held.name, reason, index, holds))

    def rule_index(self, said: Expr) -> int:
        if said not in self.rules:
            self.rules.append(said)
        return self.rules.index(said)

    def parsed(self, text: str, word: str) -> Expr:
        try:
            return rule(text, self.kind, self.model, self.policy.said.claims)
        except RuleFault as fault:
            raise self.fault(f"{fault} (column {fault.column} of the rule)", f"see.{self.kind.name}", word) from None

    def fault(self, what: str, *where: str) -> PolicyInvalid:
        line = self.policy.line_of(*where)
        return PolicyInvalid(f"{self.policy.file.name}:{line}: {what}.")
