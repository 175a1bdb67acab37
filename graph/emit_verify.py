"""Emit the comparison of a caller's answer with what is known of a customer: only whether they are one leaves.

The customer is found and locked as for a change, under the View's row rule. What is on file is folded in the database
as `schema.spelling` folds the answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from graph.cypher import Binder, braced
from graph.emit import Statement
from graph.emit_write import found_and_locked, statement_of
from graph.expr import Value, Variable
from graph.view import View
from schema.enums import CallerFact
from schema.model import Scalar
from schema.spelling import LETTERS, STRASSE, STREET_WORDS

ANSWERS = "answers"
"""The variable under which the forms of the answer are bound that count as right."""
SCALARS: Mapping[CallerFact, Scalar] = {
    CallerFact.BIRTH_DATE: Scalar.DATE,
    CallerFact.LAST_ORDER_TOTAL: Scalar.DECIMAL,
}
"""Of what type answers are; texts where nothing is said."""


def emit_verify(fact: CallerFact, view: View) -> Statement:
    """One row `{id, matched}` for the customer if the viewer may see her, none otherwise.

    What is not on file is not matched, as a wrong answer is not.
    """
    binder = Binder()
    _, lines = found_and_locked("Customer", view, binder)
    answers = binder.name(Value(Variable((ANSWERS,)), SCALARS.get(fact, Scalar.STRING), many=True))
    lines.append(f"RETURN {braced(['id: n.id', f'matched: {_comparisons()[fact](answers)}'])} AS row")
    return replace(statement_of(lines, binder, "Customer"), name=f"verify {fact.name}")


def _comparisons() -> Mapping[CallerFact, Callable[[str], str]]:
    return {
        CallerFact.BIRTH_DATE: lambda answers: f"coalesce(n.birthDate IN [x IN {answers} | date(x)], false)",
        CallerFact.ADDRESS_LINE: lambda answers: _lives(_street("held.line1"), answers),
        CallerFact.POSTAL_CODE: lambda answers: _lives(_bare("held.postalCode"), answers),
        CallerFact.LAST_ORDER_NUMBER: lambda answers: _last_order(_bare("held.number"), answers),
        CallerFact.LAST_ORDER_TOTAL: lambda answers: _last_order("held.total", answers),
        CallerFact.CUSTOMER_NUMBER: lambda answers: _known_by("CUSTOMER_NUMBER", answers),
        CallerFact.PHONE: lambda answers: _known_by("PHONE", answers),
        CallerFact.EMAIL: lambda answers: _known_by("EMAIL", answers),
    }


def _known_by(kind: str, answers: str) -> str:
    return (
        f"EXISTS {{ (n)-[:HAS_IDENTITY]->(held:Identity {{kind: '{kind}'}}) "
        f"WHERE held.normalized IN {answers} AND NOT coalesce(held.blocked, false) }}"
    )


def _lives(stored: str, answers: str) -> str:
    return f"EXISTS {{ (n)-[:LIVES_AT]->(held:Address) WHERE {stored} IN {answers} }}"


def _last_order(stored: str, answers: str) -> str:
    latest = "MATCH (n)-[:PLACED]->(held:Order) WITH held ORDER BY held.placedAt DESC, held.id LIMIT 1"
    return f"EXISTS {{ {latest} WHERE {stored} IN {answers} RETURN held }}"


def _words(text: str) -> str:
    """Letters and digits in lower case and without marks, and blanks between the words."""
    lowered = f"normalize(toLower({text}), NFC)"
    for letter, written in LETTERS.items():
        lowered = f"replace({lowered}, '{letter}', '{written}')"
    return (
        f"reduce(word = '', x IN split(normalize({lowered}, NFKD), '') | word + CASE "
        "WHEN x =~ '[\\\\p{L}\\\\p{N}]' THEN x WHEN x =~ '\\\\p{M}' THEN '' ELSE ' ' END)"
    )


def _bare(text: str) -> str:
    return f"replace({_words(text)}, ' ', '')"


def _street(text: str) -> str:
    short = " ".join(f"WHEN '{word}' THEN '{written}'" for word, written in STREET_WORDS.items())
    long, cut = STRASSE
    rest = f"CASE WHEN y ENDS WITH '{long}' THEN left(y, size(y) - {len(long)}) + '{cut}' ELSE y END"
    return f"reduce(line = '', y IN split({_words(text)}, ' ') | line + CASE y {short} ELSE {rest} END)"
