"""Ways to reach customers: one node for each customer, kind and address."""

from collections import Counter
from datetime import datetime

from ingest.company import Company
from ingest.draft import Draft, End
from ingest.golden import written
from schema.enums import ChannelKind

# On these a customer has one channel, whatever the device.
_WITHOUT_ADDRESS = frozenset({ChannelKind.CHAT, ChannelKind.WEB, ChannelKind.APP})


class Channels:
    """Collects the channels of customers and enters them once it is known which are preferred."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._sources: dict[tuple[str, ChannelKind, str | None], tuple[str, datetime | None]] = {}
        self._uses: Counter[tuple[str, ChannelKind, str | None]] = Counter()
        for customer, records in company.people.items():
            for one in records:
                for address in one.emails:
                    self._know(customer, ChannelKind.EMAIL, address, one.system, None)
                for number in one.phones:
                    self._know(customer, ChannelKind.PHONE, number, one.system, None)
            if lives := company.golden[customer].address:
                system = company.golden[customer].choices["address"].chosen.system
                self._know(customer, ChannelKind.POST, written(lives), system, None)

    def _know(self, customer: str, kind: ChannelKind, address: str | None, source: str, since: datetime | None) -> None:
        self._sources.setdefault((customer, kind, address), (source, since))

    def used(self, customer: str, kind: ChannelKind, address: str | None, source: str) -> End:
        """The channel of a customer that an interaction came or went on."""
        key = (customer, kind, self._address(customer, kind, address))
        self._know(*key, source, None)
        self._uses[key] += 1
        return End("Channel", _key(*key))

    def _address(self, customer: str, kind: ChannelKind, address: str | None) -> str | None:
        """The spelling of an address that the customer's records have, where they have it."""
        if address is None or kind in _WITHOUT_ADDRESS:
            return None
        if kind is ChannelKind.PHONE:
            dialled = self._company.directory.dialled(address)
            known = next((one for one in dialled if (customer, kind, one) in self._sources), None)
            return known or (dialled[0] if dialled else address)
        return address

    def enter(self, draft: Draft, preferred: dict[str, ChannelKind | None]) -> None:
        """Enter all channels; of the kind a customer prefers the one most used is preferred."""
        best: dict[str, tuple[str, ChannelKind, str | None]] = {}
        for key in sorted(self._sources, key=lambda one: (-self._uses[one], _key(*one))):
            if preferred.get(key[0]) is key[1]:
                best.setdefault(key[0], key)
        for key, (source, since) in self._sources.items():
            customer, kind, address = key
            node = draft.node(
                "Channel",
                _key(*key),
                {
                    "kind": kind,
                    "address": address,
                    "preferred": best.get(customer) == key,
                    "source": source,
                    "since": since,
                },
            )
            draft.link("REACHABLE_ON", End("Customer", customer), node)


def _key(customer: str, kind: ChannelKind, address: str | None) -> str:
    return f"{customer}:{kind.name}:{address or ''}"
