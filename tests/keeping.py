"""A recorder that keeps what it is given, for tests that look at what was disclosed."""

from dataclasses import dataclass, field

from auth.disclosure import Disclosure


@dataclass(slots=True)
class Kept:
    """Disclosures in the order in which they came."""

    disclosures: list[Disclosure] = field(default_factory=list)

    async def record(self, disclosure: Disclosure) -> None:
        """Keep it."""
        self.disclosures.append(disclosure)
