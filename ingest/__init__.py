"""From the exports of the silos to golden records: read, resolve, survive, attribute, redact, load.

`load` is the only module that speaks to the database and `folder` the only one that walks one; what lies between
them is pure: sources make frozen records, `resolve` joins them, `assemble` makes the nodes and edges.
"""
