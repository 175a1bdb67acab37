"""Which rights a person has, by the legal bases on which her data is used (GDPR art. 13(2)(b) to (d), 15(1)(e)).

The table of bases and rights follows the W3C Data Privacy Vocabulary's rights of the GDPR. Pure; every text that tells
a person of her rights, and every check of what she asks for, is made of what stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from schema.enums import PrivacyRequestKind
from schema.purposes import PURPOSES, LegalBasis, Purpose

Right = PrivacyRequestKind


@dataclass(frozen=True, slots=True)
class Offered:
    """A right that a person has: by which law, in which words, and as to which purposes.

    `limited_by` are purposes for which data stays although the right is used (art. 17(3)(b)).
    """

    right: PrivacyRequestKind
    law: str
    about: str
    purposes: tuple[str, ...]
    limited_by: tuple[str, ...] = ()


LAW: Mapping[PrivacyRequestKind, str] = MappingProxyType(
    {
        Right.ACCESS: "GDPR art. 15",
        Right.PORTABILITY: "GDPR art. 20",
        Right.RECTIFICATION: "GDPR art. 16",
        Right.ERASURE: "GDPR art. 17",
        Right.RESTRICTION: "GDPR art. 18",
        Right.OBJECTION: "GDPR art. 21",
        Right.WITHDRAWAL: "GDPR art. 7(3)",
        Right.OPT_OUT_OF_SALE: "Cal. Civ. Code 1798.120",
    }
)
_ABOUT: Mapping[PrivacyRequestKind, str] = {
    Right.ACCESS: "You may have a copy of your data, and be told what is done with it",
    Right.PORTABILITY: "You may take away what you provided, in a form that machines read",
    Right.RECTIFICATION: "You may have wrong data set right",
    Right.ERASURE: "You may have data erased",
    Right.RESTRICTION: "You may have the use of your data restricted",
    Right.OBJECTION: "You may object to the use of your data",
    Right.WITHDRAWAL: "You may take a consent back at any time",
    Right.OPT_OUT_OF_SALE: "You may opt out of your data being handed to third parties",
}
_ALWAYS = frozenset({Right.ACCESS, Right.RECTIFICATION, Right.ERASURE, Right.RESTRICTION})
"""What is held may be wrong or held for too long, whether or not it is used for anything now."""
_OF_BASIS: Mapping[LegalBasis, frozenset[PrivacyRequestKind]] = {
    LegalBasis.CONSENT: _ALWAYS | {Right.PORTABILITY, Right.WITHDRAWAL},
    LegalBasis.CONTRACT: _ALWAYS | {Right.PORTABILITY},
    LegalBasis.LEGAL_OBLIGATION: _ALWAYS - {Right.ERASURE},
    LegalBasis.VITAL_INTEREST: _ALWAYS,
    LegalBasis.PUBLIC_TASK: _ALWAYS - {Right.ERASURE} | {Right.OBJECTION},
    LegalBasis.LEGITIMATE_INTEREST: _ALWAYS | {Right.OBJECTION},
}
STOPPING = frozenset({Right.OBJECTION, Right.WITHDRAWAL, Right.OPT_OUT_OF_SALE})
"""Requests that name purposes: what is asked is that data be used for them no more."""


def rights_offered(carried: Mapping[str, LegalBasis]) -> tuple[Offered, ...]:
    """What a person may ask for, by the purposes that are pursued now and the basis that carries each.

    Purposes that there are none of any more count by their basis alone.
    """
    offered = []
    for right in Right:
        purposes = tuple(name for name, basis in carried.items() if _gives(right, name, basis))
        if purposes or right in _ALWAYS:
            kept = tuple(name for name in carried if name not in purposes) if right is Right.ERASURE else ()
            offered.append(Offered(right, LAW[right], _ABOUT[right], purposes, kept))
    return tuple(offered)


def reaches(right: PrivacyRequestKind) -> tuple[str, ...]:
    """The purposes that a right can stop, whether or not they are pursued now."""
    if right not in STOPPING:
        return ()
    return tuple(name for name, purpose in PURPOSES.items() if _gives(right, name, purpose.basis))


def in_words(one: Offered) -> str:
    """A right in a sentence, for the person."""
    which = f" for {', '.join(one.purposes)}" if one.right in STOPPING else ""
    but = f"; what is held for {', '.join(one.limited_by)} stays" if one.limited_by else ""
    return f"{one.about}{which} ({one.law}){but}."


def _gives(right: PrivacyRequestKind, name: str, basis: LegalBasis) -> bool:
    purpose: Purpose | None = PURPOSES.get(name)
    if right is Right.OPT_OUT_OF_SALE:
        return purpose is not None and purpose.shares
    if right is Right.OBJECTION and purpose is not None and purpose.advertises:
        return True
    return right in _OF_BASIS[basis]
