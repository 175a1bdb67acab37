"""Emit a search: one full-text look-up a field, each under the rules of its type and of the field itself.

A look-up names its field, so that no other field of the index can bring a node in; what it brings counts only while
the field is disclosed for that very node. Only then are the hits of all fields put together, ordered and cut.
"""

from graph.cypher import Binder, braced, indented, where_all, word
from graph.emit import Place, Statement, guard, hoisted, shown
from graph.search import MATCHES, Search, Searched


def emit_search(search: Search, name: str = "") -> Statement:
    """The statement of a search: one row a hit, `{_at, match, node}`."""
    binder = Binder()
    words, text = binder.name(search.words), binder.name(search.text)
    legs = tuple(one.leg for one in search.types)
    place = Place("n", "")
    found = "\nUNION ALL\n".join("\n".join(_of_type(one, text, binder)) for one in search.types)
    page = [
        "WITH n, type, rank",
        *where_all(_beyond(search, binder)),
        "ORDER BY rank, type, n.id",
        f"LIMIT {binder.name(search.limit)}",
        *hoisted(legs, place, binder, beside=("type", "rank")),
    ]
    node = shown(legs, place, binder, None)
    lines = [
        f"UNWIND {words} AS words",
        "CALL (words) {",
        indented(found),
        "}",
        *page,
        "RETURN " + braced(["_at: [rank, type, n.id]", f"match: {list(MATCHES)}[rank]", f"node: {node}"]) + " AS row",
    ]
    claims = frozenset(binder.claims)
    return Statement(
        "\n".join(lines) + "\n",
        binder.parameters,
        claims,
        name,
        False,
        binder.asks_purpose,
        binder.asks_now,
        frozenset(binder.revealed),
    )


def _of_type(one: Searched, text: str, binder: Binder) -> list[str]:
    """The nodes of one type that are there for the viewer and match, each once, with the best of its matches."""
    fields = "\nUNION ALL\n".join("\n".join(_of_field(one, field, binder)) for field in range(len(one.fields)))
    rank = (
        f"CASE WHEN toLower(value) = toLower(trim({text})) THEN 0 "
        f"WHEN toLower(value) STARTS WITH toLower(trim({text})) THEN 1 ELSE 2 END"
    )
    return [
        "CALL (words) {",
        indented(fields),
        "}",
        f"WITH n, min({rank}) AS rank",
        *where_all(guard((one.leg,), "n", binder)),
        f"RETURN n, '{one.leg.label}' AS type, rank",
    ]


def _of_field(one: Searched, field: int, binder: Binder) -> list[str]:
    """The nodes that hold the words in one field, where the field is disclosed."""
    name, disclosed = one.fields[field]
    return [
        f"CALL db.index.fulltext.queryNodes('{one.index}', '{name}:' + words) YIELD node AS n",
        f"WITH n, {word(disclosed, 'n', binder, one.leg.rules)} AS value",
        "WHERE value IS NOT NULL",
        "RETURN n, value",
    ]


def _beyond(search: Search, binder: Binder) -> list[str]:
    """What comes after the last hit that was shown."""
    if not search.after:
        return []
    rank, type_, id_ = (binder.name(key) for key in search.after)
    return [f"(rank > {rank} OR (rank = {rank} AND (type > {type_} OR (type = {type_} AND n.id > {id_}))))"]
