"""What this package adds to the API: how its roots are answered, and the mutation by which senders say what they sent.

The server hands `WAYS` to requests. What the viewer may not see is not in what the cores are given.
"""

from collections.abc import Mapping

from insight.contacting.advising import best_channel
from insight.contacting.asking import may_contact
from insight.contacting.counting import losses
from insight.contacting.logging_sent import LOG_OUTREACH
from insight.roots.journey import journey_told
from resolvers.mutation import Mutation
from resolvers.read import Way
from schema.generate_contacts import BEST, GATES, MAY
from schema.generate_journey import JOURNEY

MUTATIONS: tuple[Mutation, ...] = (LOG_OUTREACH,)
WAYS: Mapping[str, Way] = {MAY: may_contact, BEST: best_channel, GATES: losses, JOURNEY: journey_told}
