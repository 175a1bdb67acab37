"""What this package adds to the API: the mutations by which requests of data subjects are made and answered."""

from privacy.answering import BEGIN_REQUEST, EXTEND_REQUEST, PROVE_IDENTITY, REFUSE_REQUEST
from privacy.asking import CANCEL_REQUEST, MAKE_REQUEST
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
)
