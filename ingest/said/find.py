"""Finds in what a customer says that she takes a consent back, objects, complains, or tells of a death.

Rules say how a language speaks of it: a verb of stopping beside a noun of advertising, a verb of dying beside a person.
What speaks against it is told apart first: a denial, a condition, a thing that died, a change of mind. GDPR art. 7(3)
lets consent be withdrawn in any form, and art. 21 an objection be made in any; so it counts wherever it is said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.said.complaining import complaint
from ingest.said.dying import deceased
from ingest.said.finding import Finding, Kind
from ingest.said.lexicon import lexicons, spoken_in
from ingest.said.passages import Sentence, sentence, sentences_of, words_of
from ingest.said.stopping import objection, taken_back, withdrawal

_ANSWER = re.compile(r"^\s*(re|aw|antw|fwd?|wg|tr|odp|sv|rv|rif|i|r)\s*:", re.IGNORECASE)
_NEAR = 2


def findings(
    text: str | None, *, subject: str | None = None, language: str | None = None, noted: bool = False
) -> tuple[Finding, ...]:
    """What a customer says in a message, each kind once. `noted`: these are the words of who spoke with her.

    The subject counts where she chose it, which is not so in an answer. `language` is what is told of it, ISO 639-1.
    """
    lines = sentences_of(text or "")
    if subject and not _ANSWER.match(subject):
        lines = (subject, *lines)
    if not lines:
        return ()
    found: dict[tuple[Kind, bool], Finding] = {}
    for tongue in spoken_in([word for line in lines for word in words_of(line)], language):
        for one in _found([sentence(line, lexicons()[tongue]) for line in lines], noted=noted):
            held = found.setdefault((one.kind, one.other), one)
            if held is not one:
                # The text says more than its title.
                better = one if held.span == subject else max(held, one, key=lambda each: each.confidence)
                both = tuple(dict.fromkeys((*held.purposes, *one.purposes)))
                found[one.kind, one.other] = replace(better, purposes=both)
    return tuple(found.values())


def _found(read: Sequence[Sentence], *, noted: bool) -> Iterator[Finding]:
    """What the sentences say, in order; what a later one takes back was not said."""
    found: list[Finding] = []
    for place, one in enumerate(read):
        if taken_back(one):
            found = [held for held in found if held.kind is Kind.DECEASED]
            continue
        near = [*reversed(read[max(0, place - _NEAR) : place]), *read[place + 1 : place + 2]]
        death = deceased(one, near, noted=noted)
        objected = objection(one, near)
        stopped = None if objected else withdrawal(one, near, noted=noted)
        found += [each for each in (death, objected, stopped, complaint(one, near)) if each]
    if any(one.kind is Kind.DECEASED for one in found):
        # Who closes the account of the dead and wants no more post speaks of that account.
        found = [one for one in found if one.kind is not Kind.WITHDRAWAL]
    yield from found
