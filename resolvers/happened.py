"""What happened: the least that is told of a committed change, so that whoever follows something looks again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Happened:
    """One change: which mutation, the record that it made or changed, and the customers whom it is about.

    Nothing of it is shown to anyone; what a viewer is shown is read anew, through the View.
    """

    id: str
    name: str
    record: str
    about: frozenset[str]
