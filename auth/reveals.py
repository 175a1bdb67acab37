"""Reveals: which fields of which nodes are shown to whom for a while although they are masked or withheld.

In memory and bounded: what a restart forgets is masked again, and so is what another replica does not know.
"""

from collections import OrderedDict
from datetime import datetime

from auth.token import Viewer

MOST_OF_A_VIEWER = 100
MOST_VIEWERS = 10_000
Held = OrderedDict[tuple[str, str], datetime]


class Reveals:
    """Until when each field of a node is revealed to a viewer in one role for one purpose; for one event loop."""

    def __init__(self, most_of_a_viewer: int = MOST_OF_A_VIEWER, most_viewers: int = MOST_VIEWERS) -> None:
        self._most = most_of_a_viewer
        self._most_viewers = most_viewers
        self._held: OrderedDict[tuple[str, str, str], Held] = OrderedDict()

    def grant(self, viewer: Viewer, name: str, id_: str, until: datetime) -> None:
        """Reveal the field `name`, such as `Customer.birthDate`, of one node. Of too many the oldest are forgotten."""
        held = self._held.setdefault(_who(viewer), OrderedDict())
        self._held.move_to_end(_who(viewer))
        held[name, id_] = until
        held.move_to_end((name, id_))
        while len(held) > self._most:
            held.popitem(last=False)
        while len(self._held) > self._most_viewers:
            self._held.popitem(last=False)

    def ids(self, viewer: Viewer, name: str, now: datetime) -> list[str]:
        """The nodes of which this field is revealed to the viewer at this time, in the order of their ids."""
        held = self._held.get(_who(viewer))
        if held is None:
            return []
        for over in [key for key, until in held.items() if until <= now]:
            del held[over]
        return sorted(id_ for known, id_ in held if known == name)


def _who(viewer: Viewer) -> tuple[str, str, str]:
    return viewer.subject, viewer.role, viewer.purpose
