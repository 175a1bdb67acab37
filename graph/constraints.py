"""Constraints and indexes, derived from the model: what the compiled reads look things up by.

Ids and source keys are unique for each label; properties that the model calls indexed have a range index; handles are
found by kind and spelling together; a log has one clock; fields in which words are searched share one full-text index
a type, which is up to date as soon as a change is committed. What is sealed is found by its blind index.
"""

from graph.lucene import ANALYZER
from graph.search import index_of
from schema.model import Model

CLOCK = "LogClock"
"""Label of the nodes that give the nodes of a log their times: one a type, under the type's name."""
BY_SOURCE = "sourceKey"
"""Hidden property that ingest gives each node: its key in the system it came from."""

RETENTION_CLOCK = "RetentionClock"
"""Hidden label: when the rules of retention were carried out last, so that one server does it."""
COMPACTION = "Compaction"
"""Hidden label: since when Neo4j's files hold what was deleted, and when they were made anew."""
SUPPRESSION = "Suppression"
"""Hidden label: keyed hashes by which rows of the erased are known again; of what they are nobody can tell."""
SUPPRESSION_KEY = "SuppressionKey"
"""Hidden label: by what it is known that somebody has the key of those hashes."""
CALLER_ANSWERS = "CallerAnswers"
"""Hidden label: when wrong answers of callers were given, of a viewer or about a customer."""


def statements(model: Model) -> tuple[str, ...]:
    """One idempotent statement for each constraint and index, in the order of the model."""
    made = []
    for kind in model.values():
        made.append(_unique(kind.name, "id"))
        made.append(_unique(kind.name, BY_SOURCE))
        made += [
            _unique(kind.name, held.name) if held.unique else _index(kind.name, held.name)
            for held in kind.properties.values()
            if held.indexed or held.unique
        ]
        made += [_index(kind.name, held.found_by) for held in kind.properties.values() if held.found_by]
    clocks = [_unique(CLOCK, "of")] if any(kind.log for kind in model.values()) else []
    words = [_search(kind.name, kind.searched) for kind in model.values() if kind.searched]
    return (
        *made,
        *clocks,
        _index("Identity", "kind", "normalized"),
        _unique(CALLER_ANSWERS, "of"),
        _unique(RETENTION_CLOCK, "of"),
        _unique(COMPACTION, "of"),
        _unique(SUPPRESSION, BY_SOURCE),
        _index(SUPPRESSION, "hash"),
        _index(SUPPRESSION, "receipt"),
        _unique(SUPPRESSION_KEY, "of"),
        *words,
    )


def _unique(label: str, name: str) -> str:
    return f"CREATE CONSTRAINT {label}_{name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"


def _index(label: str, *names: str) -> str:
    properties = ", ".join(f"n.{name}" for name in names)
    return f"CREATE INDEX {label}_{'_'.join(names)} IF NOT EXISTS FOR (n:{label}) ON ({properties})"


def _search(label: str, names: tuple[str, ...]) -> str:
    properties = ", ".join(f"n.{name}" for name in names)
    settings = f"`fulltext.analyzer`: '{ANALYZER}', `fulltext.eventually_consistent`: false"
    return (
        f"CREATE FULLTEXT INDEX {index_of(label, names)} IF NOT EXISTS FOR (n:{label}) ON EACH [{properties}] "
        f"OPTIONS {{indexConfig: {{{settings}}}}}"
    )
