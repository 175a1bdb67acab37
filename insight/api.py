"""What this package adds to the API: how senders ask whether a customer may be contacted, and say that she was."""

from collections.abc import Mapping

from insight.contacting.advising import best_channel
from insight.contacting.asking import may_contact
from insight.contacting.counting import losses
from insight.contacting.logging_sent import LOG_OUTREACH
from resolvers.mutation import Mutation
from resolvers.read import Way
from schema.generate_contacts import BEST, GATES, MAY

MUTATIONS: tuple[Mutation, ...] = (LOG_OUTREACH,)
WAYS: Mapping[str, Way] = {MAY: may_contact, BEST: best_channel, GATES: losses}
