"""Our server without the trail, so that what the record costs can be told. No setting of the product turns it off.

Run as `python -m bench.untrailed serve ...`.
"""

import server.run
from auth.disclosure import Disclosure
from auth.trail import Trail
from server.cli import main


class Unrecorded(Trail):
    """Says that a disclosure is durable, and forgets it."""

    async def record(self, disclosure: Disclosure) -> None:
        """Return at once."""


if __name__ == "__main__":
    vars(server.run)["Trail"] = Unrecorded
    main()
