"""Documents: parsed and validated against the role's schema once, and kept for the next request with the same text.

What graphql-core says of a document goes on to the client only where it names nothing but the schema and names in the
document; whatever could repeat a value is said anew, with its line and column.
"""

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass
from time import perf_counter

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ASTValidationRule, ValuesOfCorrectTypeRule

from resolvers.read import coded
from resolvers.role_schema import RoleSchema
from schema.errors import DocumentInvalid, OverBudget, ValueInvalid
from server.limits import MOST_TOKENS, check, check_text

MOST_ERRORS = 10
LARGEST_KEPT = 16 * 1024
TOO_DEEP = f"The document is nested too deeply. {OverBudget.advice}"

KIND_OF_TOKEN = re.compile(
    r"Syntax Error: (?P<said>Expected (?:Name|String|Int|'[^'\w]{1,3}'|'[a-z]+'), found|Unexpected)"
    r" (?P<token><EOF>|'[^'\w\"]{1,3}'|Name|Int|Float|String|BlockString)"
)
NAMES_ONLY = (
    re.compile(r"Field '[\w.]+' is not defined by type '\w+'\."),
    re.compile(r"Within OneOf Input Object type '\w+', exactly one field must be specified, .*"),
)
UNKNOWN_FIELD = re.compile(r"Expected value of type '(\w+)!?' not to include unknown field '(\w+)'")
MISSING_FIELD = re.compile(r"Expected value of type '(\w+)!?' to include required field '(\w+)'")
TYPE_OF_VALUE = (
    re.compile(r"Expected value of (?:non-null )?type '([\w!\[\]]+)'"),
    re.compile(r"(Int|Float|String|Boolean|ID) cannot represent "),
    re.compile(r"Value cannot represent an? (\w+):"),
    re.compile(r"Enum '(\w+)' cannot represent "),
    re.compile(r"Value '\w+' does not exist in '(\w+)' enum"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text as one role's schema sees it: valid, or with the errors that say what is wrong; each has a code."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation of that name, or the only one. Raises DocumentInvalid."""
        found = (
            []
            if self.node is None
            else [one for one in self.node.definitions if isinstance(one, OperationDefinitionNode)]
        )
        if name is not None:
            found = [one for one in found if one.name is not None and one.name.value == name]
        if len(found) != 1:
            raise DocumentInvalid("Name exactly one operation of the document in operationName.")
        return found[0]


class Documents:
    """The bounded store of documents by role and text; the least recently used goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._turn = asyncio.Lock()
        self.hits = 0
        self.misses = 0

    def held(self, role: str, text: str) -> Document | None:
        """The text, if it was read before."""
        held = self._held.get((role, text))
        if held is not None:
            self._held.move_to_end((role, text))
            self.hits += 1
        return held

    async def read_in_turn(self, schema: RoleSchema, text: str) -> Document:
        """As `read`, one text after the other; what comes between has as much time as each of them took."""
        async with self._turn:
            started = perf_counter()
            document = self.read(schema, text)
            await asyncio.sleep(perf_counter() - started)
            return document

    def read(self, schema: RoleSchema, text: str) -> Document:
        """The text, parsed and validated. Errors are part of what is returned; nothing is raised."""
        key = (schema.role, text)
        if (held := self.held(*key)) is not None:
            return held
        self.misses += 1
        document = examined(schema.graphql, text)
        # What was refused is cheap to refuse again, and must not push out what is asked every day.
        if not document.errors and len(text) <= LARGEST_KEPT:
            self._held[key] = document
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return document

    def __len__(self) -> int:
        return len(self._held)


def examined(schema: GraphQLSchema, text: str) -> Document:
    """Parse and validate a text."""
    try:
        check_text(text)
        node = parse(text, max_tokens=MOST_TOKENS)
        check(node)
        return revalidated(schema, node)
    except GraphQLSyntaxError as fault:
        return Document(None, (_syntax(fault),))
    except (OverBudget, DocumentInvalid) as refusal:
        return Document(None, (coded(refusal),))
    except RecursionError:
        return Document(None, (coded(OverBudget(TOO_DEEP)),))


def revalidated(schema: GraphQLSchema, node: DocumentNode) -> Document:
    """Validate what was parsed before."""
    errors = validate(schema, node, RULES, max_errors=MOST_ERRORS, hide_suggestions=True)
    return Document(node if not errors else None, tuple(map(_with_code, errors)))


def is_query(operation: OperationDefinitionNode) -> bool:
    """Whether the operation changes nothing."""
    return operation.operation is OperationType.QUERY


def _syntax(fault: GraphQLSyntaxError) -> GraphQLError:
    """What is wrong and where, with the kind of the token in place of what stands in it."""
    if "Document contains more than" in fault.message:
        return coded(OverBudget(f"The document holds more than {MOST_TOKENS} tokens. {OverBudget.advice}"))
    if "nested too deeply" in fault.message:
        return coded(OverBudget(TOO_DEEP))
    found = KIND_OF_TOKEN.match(fault.message)
    said = f"Syntax Error: {found['said']} {found['token']}." if found else "Syntax Error: this cannot be read."
    return GraphQLError(
        said, source=fault.source, positions=fault.positions, extensions=dict(DocumentInvalid().extensions)
    )


def _with_code(error: GraphQLError) -> GraphQLError:
    if error.message == "Validation aborted.":
        return coded(OverBudget())
    if not error.extensions:
        error.extensions = dict(DocumentInvalid().extensions)
    return error


class QuietValues(ValuesOfCorrectTypeRule):
    """graphql-core's rule on literals, without the literals in its messages."""

    def report_error(self, error: GraphQLError) -> None:
        """Say which type was expected, not what stands there."""
        super().report_error(_quiet(error))


def _quiet(error: GraphQLError) -> GraphQLError:
    message = error.message
    if (found := UNKNOWN_FIELD.match(message)) is not None:
        return _said(f"Field '{found[2]}' is not defined by type '{found[1]}'.", DocumentInvalid(), error)
    if (found := MISSING_FIELD.match(message)) is not None:
        return _said(f"Field '{found[2]}' of type '{found[1]}' is required.", DocumentInvalid(), error)
    if any(pattern.fullmatch(message) for pattern in NAMES_ONLY):
        return _said(message, DocumentInvalid(), error)
    found = next((found for pattern in TYPE_OF_VALUE if (found := pattern.match(message))), None)
    of_type = f" '{found[1]}'" if found else ""
    return _said(f"The value here does not fit its type{of_type}.", ValueInvalid(), error)


def _said(message: str, refusal: DocumentInvalid | ValueInvalid, error: GraphQLError) -> GraphQLError:
    return GraphQLError(message, nodes=error.nodes, extensions=dict(refusal.extensions))


RULES: tuple[type[ASTValidationRule], ...] = tuple(
    QuietValues if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules
)
