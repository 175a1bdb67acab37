"""Live sources: what web shops, apps and back offices send as it happens becomes part of the graph.

In the order of an event's way: `sources` (who may send what), `segment` and `cloudevents` (from what was sent to rows
of canonical tables), `arrival` (the form in which it waits), `inbox_file` and `inbox` (where it is durable before
anyone is told so), `known` (what the graph knows of the people that it may be about), `batch` (what is worked on),
`placing` (whose it is), `drafting` (what becomes of it, by the same steps as a load), `writing` (statements), `drain`
(from the inbox into the graph, for ever).
"""
