"""The vault: values of category `secret` stand in the graph sealed, each under a key of the customer whose it is.

Destroying a customer's key makes her values unreadable wherever a copy of the graph is (crypto-shredding). The keys are
never in the graph: `key_store` keeps them, wrapped by a key-encryption key (`key_encryption`). `sealed` is the form
of a value, `blind` what it is found by, `vault` what everybody who writes or reads one asks.
"""
