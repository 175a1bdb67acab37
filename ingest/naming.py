"""Which customer each cluster of records is: one that exists keeps its key for ever, whatever matching says today."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ingest.resolve import Key


def customer_keys(clusters: Sequence[Sequence[Key]], known: Mapping[Key, str]) -> dict[Key, str]:
    """The customer's key for each record.

    `known` says which customer a record already belongs to. A cluster is the customer that most of its records belong
    to, unless a cluster with more of that customer's records is; a cluster of new records gets a key of its own.
    """
    claims = sorted(
        ((-votes, tuple(cluster), customer) for cluster in clusters for customer, votes in _votes(cluster, known)),
    )
    taken = set(known.values())
    given: dict[tuple[Key, ...], str] = {}
    kept: set[str] = set()
    for _, claimed, customer in claims:
        if claimed not in given and customer not in kept:
            given[claimed] = customer
            kept.add(customer)
    found: dict[Key, str] = {}
    for cluster in clusters:
        members = tuple(cluster)
        if members not in given:
            given[members] = _new(members[0], taken)
        taken.add(given[members])
        found |= dict.fromkeys(members, given[members])
    return found


def _votes(cluster: Iterable[Key], known: Mapping[Key, str]) -> Iterable[tuple[str, int]]:
    return Counter(known[key] for key in cluster if key in known).items()


def _new(first: Key, taken: set[str]) -> str:
    # A digest: the key of a record is a customer number, and the customer outlives it.
    ordinal = 0
    while True:
        text = "\n".join((*first, str(ordinal)))
        key = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
        if key not in taken:
            return key
        ordinal += 1
