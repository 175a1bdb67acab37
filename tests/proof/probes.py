# ruff: noqa: E501  a question stands on one line
"""Probes: questions that someone who wants to know what is hidden would ask, put in every round to every role.

`{S}`, `{I}`, `{C}`, `{B}`, `{H}`, `{T}`, `{D}` stand for a value that occurs somewhere: a text, an id, that of a customer, that of
what many share, a handle, a moment, an amount; `{W}` for what someone would search for.
"""

import re
from functools import cache

from graphql import GraphQLSchema, parse, validate

from tests.proof.questions import Question
from tests.proof.questions_aggregate import PROBES as OF_GROUPS

SLOTS = {"S": ("String!", "String:"), "I": ("ID!", "ID"), "C": ("ID!", "customer"), "B": ("ID!", "shared"), "H": ("String!", "handle"), "T": ("DateTime!", "DateTime:"),
         "W": ("String!", "text"), "D": ("Decimal!", "Decimal:"), "Y": ("Date!", "Date:"), "L": ("[String!]!", "String:")}  # fmt: skip

PROBES = (
    "{ customers(first: 50, where: {email: {eq: {S}}}) { totalCount nodes { id email } } }",
    "{ customers(first: 50, where: {email: {startsWith: {S}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {phone: {contains: {S}}}) { totalCount nodes { id phone } } }",
    "{ customers(first: 50, where: {not: {email: {eq: {S}}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {not: {phone: {in: {L}}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {email: {notIn: {L}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {email: {isNull: true}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {phone: {isNull: false}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {or: [{email: {eq: {S}}}, {name: {eq: {S}}}]}) { nodes { id } } }",
    "{ customers(first: 50, where: {or: []}) { totalCount nodes { id } } }",
    "{ customers(first: 50, orderBy: [{email: ASC}]) { nodes { id } } }",
    "{ customers(first: 3, orderBy: [{phone: DESC}]) { edges { cursor node { id } } } }",
    "{ customers(first: 50, orderBy: [{name: ASC}]) { totalCount edges { cursor node { id name } } } }",
    "{ customers(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { id birthDate } } }",
    "{ customers(last: 2) { pageInfo { hasPreviousPage startCursor } nodes { id } } }",
    "{ customers(first: 50) { nodes { id email phone _withheld { field reason } } } }",
    "{ customers(first: 50) { nodes { id address { id line1 city } household { id size } employer { id } partOf { id } } } }",
    "{ customers(first: 50) { nodes { id consents(first: 50) { totalCount nodes { id } } standings(first: 50) { totalCount } } } }",
    "{ customers(first: 50) { nodes { id orders(first: 50) { totalCount nodes { id customer { id } } } } } }",
    "{ customers(first: 50) { nodes { id servedBy(first: 50) { totalCount nodes { id serves(first: 50) { totalCount nodes { id } } } } } } }",
    "{ customers(first: 50) { nodes { id identities(first: 50) { nodes { id customers(first: 50) { totalCount nodes { id } } } } } } }",
    "{ customers(first: 50) { nodes { id identities(first: 50) { nodes { id value normalized _withheld { field reason } } } } } }",
    "{ customers(first: 50) { nodes { id interactions(first: 50) { nodes { id text _withheld { field reason } } } } } }",
    "{ interactions(first: 50) { totalCount nodes { id customer { id } about(first: 50) { totalCount nodes { __typename ... on Order { id } ... on Case { id } } } } } }",
    "{ interactions(first: 50) { nodes { id replies(first: 50) { totalCount nodes { id } } } } }",
    "{ orders(first: 50) { totalCount nodes { id customer { id } products(first: 50) { nodes { id orders(first: 50) { totalCount } } } } } }",
    "{ outreach(first: 50) { totalCount nodes { id customer { id } campaign { id outreach(first: 50) { totalCount nodes { id } } } } } }",
    "{ cases(first: 50) { totalCount nodes { id customer { id } } } }",
    "{ sourceRecords(first: 50) { totalCount nodes { id customer { id } } } }",
    "{ consents(first: 50) { totalCount nodes { id customer { id } } } }",
    "{ unattributed(first: 50) { totalCount nodes { id } } }",
    "{ matchCandidates(first: 50) { totalCount nodes { id state records(first: 50) { totalCount nodes { id customer { id } } } } } }",
    "{ sourceRecords(first: 50) { nodes { id candidates(first: 50) { totalCount nodes { id } } decisions(first: 50) { totalCount nodes { id } } } } }",
    "{ matchDecisions(first: 50) { totalCount nodes { id undoes { id } undoneBy { id } records(first: 50) { nodes { id } } } } }",
    "{ changes(first: 50) { totalCount nodes { id at customers(first: 50) { totalCount nodes { id } } } } }",
    "{ changes(last: 2) { pageInfo { hasPreviousPage startCursor } edges { cursor node { id at } } } }",
    "{ customers(first: 50) { nodes { id changes(first: 50) { totalCount nodes { id at } } corrections(first: 50) { totalCount nodes { id attribute } } } } }",
    "{ corrections(first: 50) { totalCount nodes { id value reason _withheld { field reason } customer { id } } } }",
    "{ deliveries(first: 50) { totalCount nodes { id customer { id } change { id } } } }",
    "{ reviewTasks(first: 50) { totalCount nodes { id kind state customer { id } interaction { id } } } }",
    # Paged to the end: the cursor of each answer goes into the next question.
    "($after: String) { customers(first: 2, after: $after, orderBy: [{email: ASC}]) { edges { cursor node { id email } } pageInfo { hasNextPage endCursor } } }",
    "($after: String) { customers(first: 3, after: $after, orderBy: [{phone: DESC}, {name: ASC}]) { pageInfo { hasNextPage endCursor } nodes { id } } }",
    "($after: String) { customers(first: 2, after: $after, where: {or: [{region: {eq: {S}}}, {region: {isNull: true}}]}, orderBy: [{lastInteractionAt: DESC}]) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id } } }",
    "($before: String) { customers(last: 2, before: $before, orderBy: [{customerSince: DESC}]) { pageInfo { hasPreviousPage startCursor } nodes { id } } }",
    "($after: String) { orders(first: 2, after: $after, orderBy: [{placedAt: ASC}, {channel: DESC}]) { pageInfo { hasNextPage endCursor } nodes { id } } }",
    "($after: String) { standings(first: 5, after: $after, orderBy: [{lawful: ASC}, {until: DESC}]) { pageInfo { hasNextPage endCursor } nodes { id } } }",
    "($after: String) { matchCandidates(first: 1, after: $after, orderBy: [{probability: DESC}]) { pageInfo { hasNextPage endCursor } nodes { id } } }",
    "($after: String) { changes(first: 1, after: $after) { pageInfo { hasNextPage endCursor } nodes { id } } }",
    "($after: String) { changes(first: 1, after: $after, where: {role: {ne: {S}}}) { pageInfo { hasNextPage endCursor } nodes { id } } }",
    "{ node(id: {I}) { __typename id } }",
    "{ customer(id: {I}) { id } }",
    "{ customer(identity: {kind: EMAIL, value: {H}}) { id } }",
    "{ customer(identity: {kind: PHONE, value: {H}}) { id } }",
    "{ customer(identity: {kind: CUSTOMER_NUMBER, value: {H}}) { id } }",
    "{ search(first: 50, text: {W}) { edges { cursor match node { __typename ... on Customer { id } } } pageInfo { hasNextPage endCursor } } }",
    "{ search(first: 50, text: {S}, types: [CUSTOMER]) { edges { match node { ... on Customer { id name email phone _withheld { field reason } } } } } }",
    "{ search(first: 50, text: {S}, types: [CASE]) { edges { match node { ... on Case { id subject customer { id } } } } } }",
    "($after: String) { search(first: 2, after: $after, text: {W}) { pageInfo { hasNextPage endCursor } nodes { __typename ... on Product { id } ... on Customer { id email } } } }",
    "($after: String) { search(first: 1, after: $after, text: {S}, types: [CUSTOMER]) { pageInfo { hasNextPage endCursor } nodes { ... on Customer { id } } } }",
    "{ customers(first: 50) { nodes { id birthDate balance _withheld { field reason } } } }",
    "{ customers(first: 50, where: {birthDate: {gte: {Y}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, orderBy: [{birthDate: ASC}]) { nodes { id birthDate } } }",
    "{ customers(first: 50, where: {balance: {gte: {D}}}) { totalCount nodes { id balance } } }",
    "{ customers(first: 50, orderBy: [{balance: DESC}]) { nodes { id } } }",
    # What is sealed: read, guessed as a whole, and beside what else is asked for.
    "{ customers(first: 50) { nodes { id nationalId _withheld { field reason } } } }",
    "{ customers(first: 50, where: {nationalId: {eq: {S}}}) { totalCount nodes { id nationalId } } }",
    "{ customers(first: 50, where: {nationalId: {in: {L}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {not: {nationalId: {eq: {S}}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50, where: {or: [{nationalId: {eq: {S}}}, {name: {eq: {S}}}]}) { nodes { id } } }",
    "{ invoices(first: 50) { nodes { id paymentReference _withheld { field reason } order { id customer { nationalId } } } } }",
    "{ invoices(first: 50, where: {paymentReference: {eq: {S}}}) { totalCount nodes { id } } }",
    "{ customers(first: 50) { nodes { id orders(first: 50) { nodes { id invoices(first: 50, where: {paymentReference: {eq: {S}}}) { totalCount nodes { id paymentReference } } } } } } }",
    "{ identities(first: 50) { nodes { id normalized _withheld { field reason } } } }",
    "{ identities(first: 50, where: {normalized: {eq: {H}}}) { totalCount nodes { id } } }",
    "{ callers(identity: {kind: CUSTOMER_NUMBER, value: {H}}, first: 50) { totalCount nodes { id } } }",
    "{ callers(identity: {kind: PHONE, value: {H}}, first: 50) { totalCount nodes { id phone _withheld { field reason } } pageInfo { hasNextPage } } }",
    # What is around someone, what lies behind it, and where the way to someone else leads through what is hidden.
    "{ relationships(from: {I}, first: 100) { truncated nodes { kind hops source { __typename id } target { __typename id } } } }",
    "{ relationships(from: {B}, first: 100) { truncated nodes { kind source { __typename id } target { __typename id } } } }",
    "{ relationships(from: {C}, hops: 2, first: 100) { truncated nodes { kind hops source { __typename id } target { __typename id } } } }",
    "{ relationships(from: {C}, hops: 2, first: 100) { edges { cursor node { source { id ... on Customer { name email phone birthDate _withheld { field reason } } } } } } }",
    "{ relationships(from: {C}, hops: 2, first: 100) { nodes { target { id ... on Customer { name lifetimeValue birthDate _withheld { field reason } } } } } }",
    "{ relationships(from: {C}, hops: 2, types: [GAVE, STANDS], first: 100) { nodes { source { id ... on Customer { email phone } ... on Consent { customer { email phone } } } target { id ... on Standing { customer { email phone } } ... on Consent { customer { email } } } } } }",
    "{ relationships(from: {C}, hops: 3, types: [HAD, ABOUT, PLACED, OPENED], first: 100) { truncated nodes { kind hops source { id } target { id } } } }",
    "{ relationships(from: {C}, hops: 4, types: [HAS_IDENTITY], first: 100) { truncated nodes { hops source { id } target { id } } } }",
    "{ relationships(from: {C}, hops: 4, types: [PLACED, OF, RECEIVED, PART_OF_CAMPAIGN], first: 100) { truncated nodes { hops source { id } target { id } } } }",
    "{ relationships(from: {C}, to: {C}, hops: 4, first: 100) { truncated nodes { kind hops source { id } target { id } } } }",
    "{ relationships(from: {C}, to: {I}, hops: 3, first: 100) { truncated edges { cursor node { kind hops source { id } target { id } } } } }",
    "($after: String) { relationships(from: {C}, hops: 2, first: 4, after: $after) { truncated pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { kind hops source { id } target { id } } } }",
)

PLACE = re.compile(r"\{([SICBHTDYLW])\}")


@cache
def written() -> tuple[Question, ...]:
    """The probes as questions."""
    return tuple(_question(text) for text in (*PROBES, *OF_GROUPS))


def _question(text: str) -> Question:
    declared: list[str] = []
    slots: list[tuple[str, str, bool]] = []

    def place(found: re.Match[str]) -> str:
        type_, pool = SLOTS[found[1]]
        name = f"v{len(slots)}"
        declared.append(f"${name}: {type_}")
        slots.append((name, pool, type_.startswith("[")))
        return f"${name}"

    if text.startswith("("):
        head, text = text[1:].split(") ", 1)
        declared.append(head)
    body = PLACE.sub(place, text)
    head = f"({', '.join(declared)})" if declared else ""
    return Question(f"query{head} {body}", tuple(slots))


def askable(schema: GraphQLSchema) -> list[Question]:
    """The probes that fit a role's schema. What a role cannot ask, it cannot learn."""
    return [one for one in written() if not validate(schema, parse(one.text))]
