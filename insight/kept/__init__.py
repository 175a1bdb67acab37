"""What insights need of the graph and leave in it: each module reads, calls a pure core, and keeps what it found.

The cores beside this package know no database. A module here has `keep(graph, now)`, which says in a line what it kept.
"""
