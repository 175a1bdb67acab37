"""The review of access as a page in Markdown, for whoever owns a role to sign."""

from collections.abc import Iterator

from privacy.breach_page import category, cell, moment
from privacy.review import AT_LEAST, TIMES, Granted, Review, Used


def page(found: Review, trail: str) -> str:
    """The text; `trail` says in a sentence whether the trail is whole."""
    return "\n".join(_lines(found, trail)) + "\n"


def _lines(found: Review, trail: str) -> Iterator[str]:
    yield f"# Who can see what, and who did, from {moment(found.since)} to {moment(found.until)}"
    yield ""
    yield f"- {trail}"
    yield f"- Who saw at least {AT_LEAST} persons, and {TIMES} times as many as the median of the others, stands out."
    yield "- Unused is what a role has and of which nothing was shown. Whether it is needed, its owner says."
    yield ""
    yield "| role | purpose | viewers | answers | stand out | unused |"
    yield "|---|---|---|---|---|---|"
    for one in found.granted:
        answers, wide = sum(used.answers for used in one.used), sum(used.breadth is not None for used in one.used)
        unused = sum(len(seen.categories) for seen in one.unused)
        can = sum(len(seen.categories) for seen in one.can)
        yield (
            f"| {cell(one.role)} | {one.purpose} | {len(one.used):,} | {answers:,} | {wide or ''} | {unused} of {can} |"
        )
    for one in found.granted:
        yield ""
        yield from _granted(one)
    for role, purpose, used in found.gone:
        yield ""
        yield f"## {cell(role)}, {cell(purpose)}: used, and granted by no policy now"
        yield ""
        yield from map(_used, used)


def _granted(one: Granted) -> Iterator[str]:
    yield f"## {cell(one.role)}, {one.purpose} (owner: {cell(one.owner)})"
    yield ""
    if one.used:
        yield from map(_used, one.used)
    else:
        yield "- Nobody used it."
    if one.used and one.unused:
        yield ""
        yield "Unused:"
        yield ""
        yield from map(category, one.unused)
    yield ""
    yield "Can see:"
    yield ""
    yield from map(category, one.can)


def _used(one: Used) -> str:
    wide = "" if one.breadth is None else f" **{one.breadth:.0f} times the median of the others.**"
    return f"- {cell(one.viewer)}: answers {one.answers:,}, persons {one.persons:,}, last {moment(one.last)}.{wide}"
