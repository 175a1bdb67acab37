"""Stopping: the server was told to end, and whoever works on it may know. docs/deploy.md has the order of events."""

import asyncio


class Stopping:
    """Not yet, or now; there is no way back."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    @property
    def now(self) -> bool:
        """Whether it has been told."""
        return self._told.is_set()

    def tell(self) -> None:
        """From now on nobody should send us anything new."""
        self._told.set()

    async def wait(self) -> None:
        """Return once it has been told: what would stay open for ever ends then."""
        await self._told.wait()
