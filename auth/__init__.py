"""Who asks, and what that makes of the graph. Knows no request and no statement.

In the order of control flow: `keys` (whose signature counts), `token` (a bearer token becomes a Viewer), `issuer`
(tokens of our own where there is no identity provider), `policy` and `rule` (what a role may see), `narrow` (the View).
"""
