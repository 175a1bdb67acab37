# ruff: noqa: E501  a question stands on one line
"""Questions about groups, drawn at random over one role's schema: what makes them, what is computed and filtered."""

from typing import Any, Protocol

from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

ATOMS = ("region",)
"""By what the proof lets groups be made whose money is told: its worlds are small."""
CALENDAR = ("{ year }", "{ month }", "{ year month }")

PROBES = (
    "{ aggregate { customers { groups { count } suppressed } } }",
    "{ aggregate { customers(where: {email: {eq: {S}}}) { groups { count } suppressed } } }",
    "{ aggregate { customers(where: {not: {phone: {eq: {S}}}}) { groups { by { region } count } suppressed more } } }",
    "{ aggregate { customers(where: {email: {isNull: true}}) { groups { count } suppressed } } }",
    "{ aggregate { customers { groups { by { email } count } suppressed more } } }",
    "{ aggregate { customers { groups { by { phone } count } suppressed more } } }",
    "{ aggregate { customers(orderBy: KEY) { groups { by { region segment } count } suppressed more } } }",
    "{ aggregate { customers { groups { by { customerSince { year month } } count figures { lastInteractionAt { count minimum maximum } } } suppressed } } }",
    "{ aggregate { customers { groups { figures { lifetimeValue { count sum average minimum maximum } } } } } }",
    "{ aggregate { customers { groups { by { region } figures { orderCount { count sum average minimum maximum } } } } } }",
    "{ aggregate { customers { groups { by { region } figures { lifetimeValue { count sum average } } } } } }",
    "{ aggregate { orders { groups { by { status } count figures { itemCount { sum minimum maximum } total { sum } } } suppressed } } }",
    "{ aggregate { orders { groups { by { placedAt { year } } count figures { itemCount { average } } } suppressed } } }",
    "{ aggregate { interactions { groups { by { kind } count figures { occurredAt { maximum } } } suppressed } orders { groups { count } suppressed } } }",
    "{ aggregate { interactions { groups { by { outcome } count } suppressed } } }",
    "{ aggregate { cases { groups { by { status openedAt { month } } count } suppressed } } }",
    "{ aggregate { invoices { groups { by { kind } count figures { amount { sum average } } } suppressed } } }",
    "{ aggregate { households { groups { by { size } count } suppressed } } }",
    "{ aggregate { consents { groups { by { purpose } count } suppressed } } }",
    "{ aggregate { outreach { groups { count } suppressed } } }",
)


class Writing(Protocol):
    """What writes the question around it."""

    chance: Any

    def filter(self, type_: GraphQLInputObjectType, depth: int) -> str:
        """A filter."""
        ...


def tables(writing: Writing, type_: GraphQLObjectType) -> str:
    """What is asked of the root `aggregate`: one or two tables."""
    chosen = [writing.chance.choice(list(type_.fields)) for _ in range(writing.chance.choice((1, 1, 2)))]
    parts = [f"a{index}: {_table(writing, name, type_.fields[name])}" for index, name in enumerate(chosen)]
    return f"{{ {' '.join(parts)} }}"


def _table(writing: Writing, name: str, held: Any) -> str:
    chance = writing.chance
    table = get_named_type(held.type)
    group = get_named_type(table.fields["groups"].type)
    parts = ["count"]
    guarded = False
    if "figures" in group.fields and chance.random() < 0.7:
        asked, guarded = _figures(chance, get_named_type(group.fields["figures"].type))
        parts.append(asked)
    if "by" in group.fields and chance.random() < 0.8:
        key = get_named_type(group.fields["by"].type)
        names = [one for one in key.fields if not guarded or one in ATOMS]
        taken = chance.sample(names, min(len(names), chance.choice((1, 1, 2))))
        parts.append(f"by {{ {' '.join(_key(chance, one, key.fields[one]) for one in taken)} }}")
    arguments = [f"orderBy: {chance.choice(('COUNT', 'KEY'))}", f"first: {chance.choice((0, 1, 3, 100))}"]
    if "where" in held.args and chance.random() < 0.4 and not guarded:
        arguments.append(f"where: {writing.filter(get_named_type(held.args['where'].type), 2)}")
    return f"{name}({', '.join(arguments)}) {{ groups {{ {' '.join(parts)} }} suppressed more }}"


def _key(chance: Any, name: str, held: Any) -> str:
    return f"{name} {chance.choice(CALENDAR)}" if isinstance(get_named_type(held.type), GraphQLObjectType) else name


def _figures(chance: Any, type_: GraphQLObjectType) -> tuple[str, bool]:
    """What is computed, and whether some of it is told of groups alone."""
    taken = chance.sample(list(type_.fields), min(len(type_.fields), chance.choice((1, 2))))
    parts = []
    for name in taken:
        figures = list(get_named_type(type_.fields[name].type).fields)
        parts.append(f"{name} {{ {' '.join(chance.sample(figures, chance.randrange(1, len(figures) + 1)))} }}")
    guarded = any(get_named_type(type_.fields[name].type).name.startswith("Guarded") for name in taken)
    return f"figures {{ {' '.join(parts)} }}", guarded
