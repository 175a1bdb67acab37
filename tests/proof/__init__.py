"""The proof that no answer depends on what its viewer may not see.

worlds      small graphs of every node type, with ties, nulls and strangers
oracle      what a viewer may see of a world, and what the answer to a document then is: slow and obvious
questions   documents over a role's schema, with values that occur and values that do not
twins       worlds that differ only in what a viewer may not see
leaks       faults planted in the product, each of which must be caught
"""
