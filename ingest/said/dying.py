"""Deaths: a verb of dying beside a person. Telephones die, too, and people who laugh."""

import re
from collections.abc import Sequence

from ingest.said.finding import LIKELY, POSSIBLE, SURE, Finding, Kind
from ingest.said.passages import Clause, Sentence, words_of
from ingest.said.stopping import is_conditional

_PEOPLE = ("kin", "person", "holder")
_SUBJECTS = (*_PEOPLE, "pet", "thing", "first")
_AFTER = 5


def deceased(one: Sentence, near: Sequence[Sentence], *, noted: bool) -> Finding | None:
    """That someone died, by one sentence. In a note the customer herself may be meant; in a letter she wrote it."""
    whole = one.whole
    if whole.has("idiom") or is_conditional(one):
        return None
    words = [place for place, mark in enumerate(whole.marks) if mark & {"deceased", "dead"}]
    if any(_is_denied(whole, place) for place in words):
        return None
    for place, mark in enumerate(whole.marks):
        if "late" in mark and _is_late_person(whole, place):
            return Finding(Kind.DECEASED, (), one.text, LIKELY, other=True)
        if not mark & {"deceased", "dead"}:
            continue
        subject = _subject(one, place)
        if subject in {"pet", "thing"} or (subject == "first" and "dead" in mark):
            continue
        if subject is None and "dead" in mark:
            continue
        name = _name_before(one, place)
        if subject == "holder" or (noted and subject in {None, "first"}):
            return Finding(Kind.DECEASED, (), one.text, SURE if "deceased" in mark else LIKELY)
        sure = subject in {"kin", "name"} or "deceased" in mark
        return Finding(Kind.DECEASED, (), one.text, SURE if sure else POSSIBLE, other=True, name=name)
    return None


def _is_late_person(whole: Clause, place: int) -> bool:
    return any("kin" in mark for mark in whole.marks[place + 1 : place + 2])


def _is_denied(whole: Clause, place: int) -> bool:
    return (
        any("negation" in mark for mark in whole.marks[max(0, place - 3) : place])
        and "negation" not in whole.marks[place]
    )


def _subject(one: Sentence, place: int) -> str | None:
    """Who or what died: the person, pet or thing nearest before the word, else right after it."""
    whole = one.whole
    named = _places_of_names(one)
    clause = _clause_of(one, place)
    before = whole.marks[:place]
    for back in range(len(before) - 1, -1, -1):
        mark = before[back]
        if back in named:
            return "name"
        if mark & {"thing", "pet"} and place - back <= 8:
            return "pet" if "pet" in mark else "thing"
        if mark & set(_PEOPLE):
            # "die Batterie meiner Mutter": what died is hers, and stands before her in the same breath.
            if clause is not None and clause.has("thing", "pet") and _owned(whole, back):
                return "thing"
            return "holder" if "holder" in mark else "kin" if "kin" in mark else "person"
        if "first" in mark and (place - back == 1 or (place - back == 2 and "past" in before[back + 1])):
            return "first"
    for ahead in range(place + 1, min(place + 1 + _AFTER, len(whole.marks))):
        mark = whole.marks[ahead]
        if mark & {"thing", "pet"}:
            return "pet" if "pet" in mark else "thing"
        if mark & set(_PEOPLE):
            return "holder" if "holder" in mark else "kin" if "kin" in mark else "person"
        if ahead in named:
            return "name"
    return None


def _owned(whole: Clause, person: int) -> bool:
    """Whether a thing or an animal stands so before a person that it is hers: two or three words before."""
    return any(mark & {"thing", "pet"} for mark in whole.marks[max(0, person - 3) : person])


def _clause_of(one: Sentence, place: int) -> Clause | None:
    seen = 0
    for clause in one.clauses:
        seen += len(clause.words)
        if place < seen:
            return clause
    return None


def _places_of_names(one: Sentence) -> frozenset[int]:
    """Where the words of names stand among the words of a sentence. What the lexicon knows is no name."""
    whole = one.whole
    found: set[int] = set()
    for name in one.names:
        parts = words_of(name)
        for at in range(len(whole.words) - len(parts) + 1):
            if whole.words[at : at + len(parts)] == parts and not any(whole.marks[at : at + len(parts)]):
                found.update(range(at, at + len(parts)))
    return frozenset(found)


_TITLE = re.compile(r"^(herr|frau|mr|mrs|ms|sr|sra|don|doña|m|mme|pan|pani|signor|signora)\b\.?\s*", re.IGNORECASE)


def _name_before(one: Sentence, place: int) -> str | None:
    """The name that a sentence gives to who died, where it gives one."""
    del place
    return _TITLE.sub("", one.names[-1]) if one.names else None
