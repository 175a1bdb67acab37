"""What was said, and the same with identifiers taken out.

Only names that the viewer sees are known here, and the viewer's own. The loader also knows everyone else's; told to
someone who chooses the text, that would answer the question whether a person of that name is a customer.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from ingest.redact import Redactor, name_words
from ingest.statements import text
from resolvers.mutation import Act
from schema.errors import ValueInvalid
from schema.handles import HOME_REGIONS

NAMES = ("name", "givenName", "familyName", "region")
"""The fields of a customer by which a text about her is redacted."""
LONGEST_TEXT = 20_000
LONGEST_LINE = 500


def line(given: Mapping[str, Any], name: str, longest: int = LONGEST_LINE) -> str | None:
    """A text of the input; None where nothing is said. Raises ValueInvalid for one that is too long."""
    said = given.get(name)
    if said is None or not said.strip():
        return None
    if len(said) > longest:
        raise ValueInvalid(f"'{name}' takes up to {longest} characters.")
    return str(said)


def chosen(given: Mapping[str, Any], name: str) -> str | None:
    """The name of an enum value of the input; None where nothing is said."""
    said = given.get(name)
    return None if said is None else str(getattr(said, "name", said))


async def redacted(act: Act, *texts: str | None, names: Iterable[str | None] = ()) -> tuple[str | None, ...]:
    """The texts without what identifies the customer or the viewer, or anyone of the `names`, which the texts tell.

    Takes the processor, not the event loop.
    """
    found = await act.run(text("employee_name"), {"number": act.viewer.subject})
    seen = act.seen
    known = frozenset(name_words([*(seen.get(name) for name in NAMES[:3]), *found, *names]))
    region = seen.get("region")
    redact = Redactor((), dict.fromkeys((*((region,) if region else ()), *HOME_REGIONS)))
    return tuple(await asyncio.to_thread(lambda: [redact(one, known) for one in texts]))


def reason_of(act: Act) -> str:
    """Why someone decides, in a line. Raises ValueInvalid where nothing is said."""
    reason = line(act.input, "reason")
    if reason is None:
        raise ValueInvalid("'reason' says in a line why.")
    return reason
