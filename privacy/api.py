"""What this package adds to the API: the mutations by which a person's rights are carried out."""

from privacy.erasing_changes import CONFIRM_ERASURE, ERASE_CUSTOMER, LIFT_SUPPRESSION, PREVIEW_ERASURE
from resolvers.mutation import Mutation

MUTATIONS: tuple[Mutation, ...] = (PREVIEW_ERASURE, ERASE_CUSTOMER, CONFIRM_ERASURE, LIFT_SUPPRESSION)
