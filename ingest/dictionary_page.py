"""docs/dictionary.md: every field there is, what it means, who answers for it, why it is held, and how long."""

from ingest.definitions import definitions
from ingest.survivorship_file import shipped
from resolvers.dictionary import Definition
from schema.catalogue import complete_model
from schema.governance import RECORD, read_governance

_HEAD = """# Dictionary

<!-- Written by: python -m ingest.dictionary_page > docs/dictionary.md -->

Every field of the model: what it means, its category (by which policies grant), who answers for it, the legal basis on
which it is held, when it is forgotten, and by which rules its golden value is chosen where sources disagree. The same,
for the fields that a role sees, is in the API:
`{ dictionary(type: "Customer") { field definition category owner basis kept decidedBy } }`.
[governance.md](governance.md) says how a company writes its own.
"""


def page() -> str:
    """The text of docs/dictionary.md."""
    model = complete_model()
    governance = read_governance(model)
    found = definitions(model, governance, shipped())
    parts = [_HEAD, "## Rules of retention\n", _rules(), ""]
    for kind in model.values():
        parts += [f"## {kind.name}\n", f"{kind.about}\n", _table([one for one in found if one.type == kind.name]), ""]
    return "\n".join(parts)


def _rules() -> str:
    rows = ["| rule | of | what goes | when | why |", "|---|---|---|---|---|"]
    for rule in read_governance(complete_model()).retention:
        what = RECORD if rule.whole else ", ".join(f"`{name}`" for name in rule.fields)
        rows.append(f"| `{rule.name}` | {rule.type} | {what} | {rule.in_words()} | {rule.why} |")
    return "\n".join(rows)


def _table(found: list[Definition]) -> str:
    rows = [
        "| field | what it says | category | owner, steward | basis | kept | decided by |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        cells = (
            f"`{one.field}`",
            one.definition.replace("|", "\\|"),
            one.category,
            f"{one.owner}, {one.steward}",
            one.basis.words,
            "; ".join(rule.in_words() for rule in one.kept),
            ", ".join(one.decided_by),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(page())
