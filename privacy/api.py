"""What this package adds to the API: requests of data subjects, how they are answered, and erasure."""

from privacy.answering import BEGIN_REQUEST, EXTEND_REQUEST, PROVE_IDENTITY, REFUSE_REQUEST
from privacy.asking import CANCEL_REQUEST, MAKE_REQUEST
from privacy.erasing_changes import CONFIRM_ERASURE, ERASE_CUSTOMER, LIFT_SUPPRESSION, PREVIEW_ERASURE
from privacy.fulfilling import FULFIL_REQUEST, LIFT_RESTRICTION
from resolvers.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (
    MAKE_REQUEST,
    CANCEL_REQUEST,
    PROVE_IDENTITY,
    BEGIN_REQUEST,
    EXTEND_REQUEST,
    REFUSE_REQUEST,
    FULFIL_REQUEST,
    LIFT_RESTRICTION,
    PREVIEW_ERASURE,
    ERASE_CUSTOMER,
    CONFIRM_ERASURE,
    LIFT_SUPPRESSION,
)
