"""What this package adds to the API: the mutations by which single facts come in."""

from ingest.changes.attach import ATTACH_INTERACTION, DETACH_INTERACTION
from ingest.changes.cases import OPEN_CASE, UPDATE_CASE
from ingest.changes.channels import SET_CHANNEL_PREFERENCE
from ingest.changes.confirming import CONFIRM_CONSENT
from ingest.changes.consents import RECORD_CONSENT, WITHDRAW_CONSENT
from ingest.changes.corrections import CORRECT_ADDRESS, CORRECT_NAME
from ingest.changes.definitions import ACCEPT_DEFINITION, PROPOSE_DEFINITION, REFUSE_DEFINITION
from ingest.changes.deliveries import DISMISS_DELIVERY, REPLAY_DELIVERY
from ingest.changes.holds import PLACE_HOLD, RELEASE_HOLD
from ingest.changes.interactions import RECORD_INTERACTION
from ingest.changes.preferences import SET_PREFERENCES
from ingest.changes.promises import BREAK_PROMISE, KEEP_PROMISE, MAKE_PROMISE, WITHDRAW_PROMISE
from ingest.changes.reviews import CONFIRM_REVIEW, DISMISS_REVIEW
from ingest.changes.stewards import KEEP_APART, MERGE_CUSTOMERS, SPLIT_CUSTOMER, UNDO
from resolvers.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    RECORD_INTERACTION,
    OPEN_CASE,
    UPDATE_CASE,
    MAKE_PROMISE,
    KEEP_PROMISE,
    BREAK_PROMISE,
    WITHDRAW_PROMISE,
    RECORD_CONSENT,
    WITHDRAW_CONSENT,
    CONFIRM_CONSENT,
    SET_PREFERENCES,
    SET_CHANNEL_PREFERENCE,
    CORRECT_ADDRESS,
    CORRECT_NAME,
    REPLAY_DELIVERY,
    DISMISS_DELIVERY,
    MERGE_CUSTOMERS,
    SPLIT_CUSTOMER,
    KEEP_APART,
    UNDO,
    ATTACH_INTERACTION,
    DETACH_INTERACTION,
    CONFIRM_REVIEW,
    DISMISS_REVIEW,
    PLACE_HOLD,
    RELEASE_HOLD,
    PROPOSE_DEFINITION,
    ACCEPT_DEFINITION,
    REFUSE_DEFINITION,
)
