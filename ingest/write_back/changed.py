"""The kinds of changes that a source may be told of; its source.toml says which."""

from enum import StrEnum


class Changed(StrEnum):
    """What a change is about."""

    CONSENT = "consent"
    PREFERENCE = "preference"
    ADDRESS = "address"
    NAME = "name"
    CASE = "case"
    INTERACTION = "interaction"
    PROMISE = "promise"
    RESTRICTION = "restriction"
    ERASED = "customer.erased"
