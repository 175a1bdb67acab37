"""Change: a mutation from document to payload, its fields one after the other (GraphQL, section 6.2.2).

Each field is one transaction: the record is found if the viewer may see it and locked, the change is remembered under
its idempotency key, written, and noted with whom it is about. The payload is read afterwards, by the compiled read of
`node(id)`. A record that is not there and one that the viewer may not see give one answer.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
)
from graphql.execution.values import VariableValues, get_argument_values

from auth.disclosure import Answered, Shown
from graph.emit import Statement
from graph.emit_write import TARGET, emit_guard
from graph.plan import subject_path
from graph.session import Run
from resolvers.bind import bind
from resolvers.cursor import Sealer
from resolvers.happened import Happened
from resolvers.mutation import Act, Mutation, Writer
from resolvers.prepare import Prepared, PreparedAct
from resolvers.prepare_act import RECORD, prepare_acts
from resolvers.read import Request, bound, coded, disclosure, read_root
from resolvers.reveal import reveal
from resolvers.reveal_mutation import REVEAL
from resolvers.role_schema import RoleSchema
from resolvers.select import TYPENAME, type_of_id
from resolvers.statement_texts import text as statement_text
from resolvers.variables import coerced
from resolvers.verify import verify
from resolvers.verify_mutation import VERIFY
from schema.enums import CallerFact, RevealReason
from schema.errors import ContactRefused, CustomerGraphError, KeyReused, NotThere, OfAnotherCustomer, ValueInvalid
from schema.model import MODEL

LONGEST_KEY = 200
MOST_RECORDS = 100
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
OF_THE_CHANGE = ("idempotencyKey", "clientMutationId")


async def change(
    schema: RoleSchema,
    document: DocumentNode,
    text: str,
    operation: OperationDefinitionNode,
    given: Mapping[str, Any],
    request: Request,
) -> ExecutionResult:
    """The answer to a validated mutation. A field that is refused is null, with a coded error; the others are made."""
    try:
        variables = coerced(schema.graphql, operation, given)
        plan = request.plans.plan(
            schema,
            request.view,
            document,
            text,
            operation,
            variables,
            request.budget,
            request.pace.fresh,
            make=prepare_acts,
        )
        request.pace.charge(plan.cost)
    except CustomerGraphError as refusal:
        return ExecutionResult(None, [coded(refusal)])
    sealer = request.sealer(variables.coerced)
    data: dict[str, Any] = {}
    errors: list[GraphQLError] = []
    answers: list[Answered] = []
    for act in plan.acts:
        if act.acted.name == TYPENAME:
            data[act.acted.key] = act.items[0][1]
            continue
        field = _Field(schema, act, variables, request, sealer)
        try:
            if (tell := field.telling.get(act.acted.name)) is not None:
                data[act.acted.key] = await tell()
                continue
            made = await field.made()
        except CustomerGraphError as refusal:
            data[act.acted.key] = None
            errors.append(coded(refusal, [act.acted.key]))
            if isinstance(refusal, ContactRefused):  # it tells of a customer, so it is on record as an answer is
                shown = Shown(refusal.fields, (), (refusal.customer,))
                answers.append(Answered(act.acted.name, (shown,), None, ()))
            continue
        data[act.acted.key], found, told = await field.payload(made)
        errors += found
        answers += told
    if answers:
        try:
            await request.trail.record(disclosure(request, text, tuple(answers)))
        except CustomerGraphError as refusal:
            return ExecutionResult(None, [coded(refusal)])
    return ExecutionResult(data, errors or None)


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a mutation."""

    schema: RoleSchema
    act: PreparedAct
    variables: VariableValues
    request: Request
    sealer: Sealer

    @property
    def telling(self) -> Mapping[str, Callable[[], Awaitable[dict[str, Any]]]]:
        """What tells something instead of changing a record, by its name."""
        return {REVEAL: self.revealed, VERIFY: self.verified}

    @property
    def mutation(self) -> Mutation:
        return self.schema.mutations[self.act.acted.name]

    @property
    def input(self) -> Mapping[str, Any]:
        """What the field was given. Raises ValueInvalid."""
        root = cast(GraphQLObjectType, self.schema.graphql.mutation_type)
        acted = self.act.acted
        try:
            arguments = get_argument_values(root.fields[acted.name], acted.node, self.variables, None, True)
        except GraphQLError:
            raise ValueInvalid("An argument is missing or does not fit its type.") from None
        given: Mapping[str, Any] = arguments["input"]
        return given

    async def made(self) -> str:
        """Make the change, or find that it was made; the id of the record to show once that is durable."""
        request, mutation, given = self.request, self.mutation, self.input
        target = "" if mutation.names is None else str(given[mutation.names])
        change = _Change.of(mutation, given, request)
        guard = None
        if mutation.target is not None:
            if type_of_id(target) is not MODEL[mutation.target]:
                raise NotThere
            guard = self.guarded(mutation.target, target, mutation.reads)
        others = self.others(given)

        async def work(run: Run) -> tuple[str, Happened | None]:
            rows = [] if guard is None else await run(guard[0].text, guard[1])
            if guard is not None and not rows:
                raise NotThere
            (begun,) = await run(statement_text("begin_change"), change.parameters(request, mutation))
            if not begun["fresh"]:
                if begun["digest"] != change.digest:
                    raise KeyReused
                return str(begun["record"]), None
            for other in others:  # once only: a change may take away what it named
                if not (seen := await run(other.guard.text, other.parameters)):
                    raise NotThere
                if other.related and not set(seen[0]["about"]) & set(rows[0]["about"]):
                    raise OfAnotherCustomer
                rows += seen if other.of_customers else []
            act = Act(
                given,
                target,
                rows[0]["seen"] if guard is not None else {},
                request.viewer,
                request.now,
                request.new_id,
                run,
                change.id,
                request.keys,
                request.governance,
                request.view,
                request.contact_rules,
            )
            written = await mutation.carry_out(act)
            about = list(dict.fromkeys((*(one for found in rows for one in found["about"]), *written.about)))
            ended = {"record": written.record, "fields": list(written.fields), "about": about}
            await run(statement_text("end_change"), {"id": change.id, **ended})
            await run(statement_text("tick"), {"id": change.id})
            return written.record, Happened(change.id, mutation.name, written.record, frozenset(about))

        writer = cast(Writer, request.database)
        record, happened = await writer.transaction(work)
        if happened is not None:
            request.tell(happened)
        return record

    def guarded(self, label: str, id_: str, reads: tuple[str, ...] = ()) -> tuple[Statement, Mapping[str, Any]]:
        """The statement that finds a record if the viewer may see it, and its parameters."""
        request = self.request
        guard = emit_guard(label, request.view, reads)
        return guard, bind(
            guard, {TARGET: id_}, request.viewer, request.view, self.sealer, request.now, request.reveals
        )

    def others(self, given: Mapping[str, Any]) -> list["_Other"]:
        """What finds the records that the input names beside the first. In order, so that no two changes wait for each
        other. Raises NotThere, and ValueInvalid for too many.
        """
        mutation, named = self.mutation, set[tuple[str, str, bool]]()
        if mutation.also is not None and given.get(mutation.also[0]) is not None:
            name, label = mutation.also
            listed = given[name] if isinstance(given[name], list) else [given[name]]
            named = {(str(one), label, False) for one in listed}
            if len(named) > MOST_RECORDS:
                raise ValueInvalid(f"'{name}' takes up to {MOST_RECORDS} records.")
        named |= {(str(given[name]), label, True) for name, label in mutation.related if given.get(name) is not None}
        view = self.request.view
        if any(type_of_id(id_) is not MODEL[label] or label not in view.types for id_, label, _ in named):
            raise NotThere
        return [_Other.of(label, related, *self.guarded(label, id_)) for id_, label, related in sorted(named)]

    async def revealed(self) -> dict[str, Any]:
        """Reveal a field; the payload. Raises what `reveal` raises."""
        given = self.input
        until = await reveal(
            self.request, str(given["id"]), given["field"], RevealReason(given["reason"]), given.get("reference")
        )
        made = {**given, "expiresAt": until.strftime(MOMENT), TYPENAME: "RevealPayload"}
        return {key: made.get(str(name)) for key, name in self.act.items}

    async def verified(self) -> dict[str, Any]:
        """Compare a caller's answer; the payload. Raises what `verify` raises."""
        given = self.input
        fact = CallerFact(given["fact"])
        matched = await verify(self.request, str(given["customer"]), fact, given["answer"])
        made = {**given, "fact": fact.name, "matched": matched, TYPENAME: "VerifyCallerPayload"}
        return {key: made.get(str(name)) for key, name in self.act.items}

    async def payload(self, record: str) -> tuple[dict[str, Any], list[GraphQLError], list[Answered]]:
        """The payload for the record as the viewer sees it now."""
        made: dict[str, Any] = {}
        errors: list[GraphQLError] = []
        answers: list[Answered] = []
        values = {**self.variables.coerced, RECORD: record}
        for key, part in self.act.items:
            if isinstance(part, Prepared):
                try:
                    sealer = await self.request.finder([part], self.variables.coerced)
                    parameters = bound(part, values, self.request, sealer)
                except CustomerGraphError as refusal:
                    made[key] = None
                    errors.append(coded(refusal, [self.act.acted.key, key]))
                    continue
                read = await read_root(part, parameters, values, self.request, sealer)
                made[key] = read.value
                errors += [_below(error, self.act.acted.key) for error in read.errors]
                answers += [read.answered] if read.answered is not None else []
            else:
                made[key] = self._plain(part)
        return made, errors, answers

    def _plain(self, name: str) -> Any:
        if name == TYPENAME:
            return f"{self.mutation.name[0].upper()}{self.mutation.name[1:]}Payload"
        return self.input.get(name)


@dataclass(frozen=True, slots=True)
class _Other:
    """A record that a change names beside its first: what finds it, and whether it has to be of the same customer.

    Teams and the like are of no customer.
    """

    guard: Statement
    parameters: Mapping[str, Any]
    of_customers: bool
    related: bool

    @classmethod
    def of(cls, label: str, related: bool, guard: Statement, parameters: Mapping[str, Any]) -> "_Other":
        of_customers = label == "Customer" or bool(subject_path(label))
        return cls(guard, parameters, of_customers, related and of_customers)


def _below(error: GraphQLError, key: str) -> GraphQLError:
    return GraphQLError(error.message, path=[key, *(error.path or ())], extensions=error.extensions)


@dataclass(frozen=True, slots=True)
class _Change:
    """A change before it is made: its id, the key under which it is remembered, and a digest of what was asked.

    Keys of two viewers never meet. The digest is there only for keys that the viewer chose: it tells a change that is
    sent again from another one under the same key.
    """

    id: str
    key: str
    digest: str | None

    @classmethod
    def of(cls, mutation: Mutation, given: Mapping[str, Any], request: Request) -> "_Change":
        id_ = request.new_id("chg")
        chosen = given.get(OF_THE_CHANGE[0])
        if chosen is None:
            return cls(id_, f"api:{id_}", None)
        if not 0 < len(chosen) <= LONGEST_KEY:
            raise ValueInvalid(f"An idempotency key has 1 to {LONGEST_KEY} characters.")
        key = sha256(orjson.dumps([request.viewer.subject, request.view.role, mutation.name, chosen])).hexdigest()
        asked = {name: value for name, value in given.items() if name not in OF_THE_CHANGE}
        digest = sha256(key.encode() + orjson.dumps(asked, default=_plain, option=orjson.OPT_SORT_KEYS)).hexdigest()
        return cls(id_, f"api:{key}", digest)

    def parameters(self, request: Request, mutation: Mutation) -> dict[str, Any]:
        """What remembers it."""
        viewer = request.viewer
        return {
            "key": self.key,
            "id": self.id,
            "properties": {
                "id": self.id,
                "name": mutation.name,
                "role": viewer.role,
                "purpose": viewer.purpose,
                "viewer": None if type_of_id(viewer.subject) is MODEL["Customer"] else viewer.subject,
                "source": "api",
                "request": request.id or None,
                "inputDigest": self.digest,
                "fields": [],
            },
        }


def _plain(value: object) -> object:
    return getattr(value, "name", None) or str(value)
