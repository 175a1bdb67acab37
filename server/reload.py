"""Reload: policies that change are taken over while the server runs, all of them or none.

The folder is looked at every few seconds. What has changed and then stayed the same for one more look is read, checked
and made into Views and schemas off the event loop, and put in the place of the old by one assignment. What does not
hold together is told once, with its line, and the old stay.
"""

import asyncio
import gc
import logging
from hashlib import sha256
from pathlib import Path

from auth.policy import SHIPPED
from schema.errors import CustomerGraphError
from server.assembly import served
from server.current import Current
from server.settings import Settings

log = logging.getLogger(__name__)


def fingerprint(folder: Path) -> bytes:
    """What stands in the policy files of a folder. A file that cannot be read counts by its name alone."""
    found = sha256()
    for file in sorted(folder.glob("*.toml")):
        try:
            text = file.read_bytes()
        except OSError:
            text = b""
        found.update(b"%d %s %d " % (len(file.name), file.name.encode(), len(text)) + text)
    return found.digest()


class Reload:
    """Watches one folder for what is current; for one event loop."""

    def __init__(self, settings: Settings, current: Current) -> None:
        self._settings = settings
        self._folder = settings.policy or SHIPPED
        self._current = current
        self._known = self._last = fingerprint(self._folder)

    async def keep(self) -> None:
        """Look for ever; not at all where the setting is 0."""
        while self._settings.policy_seconds:
            await asyncio.sleep(self._settings.policy_seconds)
            try:
                await self.look()
            except Exception as problem:  # the next look may succeed, and nobody else would tell
                log.error("The policies could not be looked at: %s", type(problem).__name__)

    async def look(self) -> bool:
        """Look once; whether other policies are current now."""
        found = await asyncio.to_thread(fingerprint, self._folder)
        settled, self._last = found == self._last, found
        if found == self._known or not settled:
            return False
        self._known = found
        try:
            made = await asyncio.to_thread(served, self._settings, at_once=True)
        except CustomerGraphError as problem:
            log.error("The policies stay as they were: %s (%s)", problem, problem.code)
            return False
        if await asyncio.to_thread(fingerprint, self._folder) != found:
            self._known = b""  # changed while it was read: the next look that finds it settled reads it anew
            return False
        self._current.served = made
        log.info("Other policies are in force: %s", ", ".join(made.rules.policies))
        self._make_room()
        return True

    def _make_room(self) -> None:
        """The old schemas were set aside with everything that stays for ever; they may go now."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
