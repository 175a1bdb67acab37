"""Documents: the GraphQL questions of an export, written from its parts. Every one is a question the person could ask.

`first` pages of nested lists come with their record; what is beyond them is asked for of that record alone.
"""

from privacy.parts import Stop, Way

PAGE = 500
"""Records in one answer, and so in memory at once."""
NESTED = 25
"""Records of a nested list that come with the one above."""
ROWS = "rows"
"""The name under which a page answers."""
WITHHELD = "_withheld"


def of_customer(root: Stop) -> str:
    """The golden record itself, with what it has one of."""
    return f"query($id: ID!) {{ customer(id: $id) {{ {_fields(root, many=False)} }} }}"


def of_way(way: Way) -> str:
    """A page of what a customer has many of."""
    return f"query($id: ID!, $after: String) {{ customer(id: $id) {{ {_page(way)} }} }}"


def of_nested(stop: Stop, way: Way) -> str:
    """A page of what one record has many of."""
    return f"query($id: ID!, $after: String) {{ node(id: $id) {{ ... on {stop.kind.name} {{ {_page(way)} }} }} }}"


def _page(way: Way) -> str:
    order = f", orderBy: [{{{way.order}: ASC}}]" if way.order else ""
    page = f"{ROWS}: {way.name}(first: {PAGE}, after: $after{order})"
    return f"{page} {{ pageInfo {{ hasNextPage endCursor }} nodes {{ {_ends(way)} }} }}"


def _ends(way: Way) -> str:
    if not way.union:
        return _fields(way.ends[0])
    members = (f"... on {end.kind.name} {{ {_fields(end, prefix(way, end))} }}" for end in way.ends)
    return f"__typename {' '.join(members)}"


def prefix(way: Way, end: Stop) -> str:
    """How the names begin under which a type of a union answers: fields of one name may differ in type there."""
    return f"{end.kind.name}_" if way.union else ""


def _fields(stop: Stop, named: str = "", *, many: bool = True) -> str:
    asked = [_named(named, held.name) for held in stop.fields]
    if stop.whole:
        asked.append(f"{_named(named, WITHHELD)} {{ field reason }}")
    for way in stop.ways:
        name = _named(named, way.name)
        if not way.many:
            asked.append(f"{name} {{ {_ends(way)} }}")
        elif many:
            asked.append(f"{name}(first: {NESTED}) {{ pageInfo {{ hasNextPage }} nodes {{ {_ends(way)} }} }}")
    return " ".join(asked)


def _named(prefix: str, name: str) -> str:
    return f"{prefix}{name}: {name}" if prefix else name
