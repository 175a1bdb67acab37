"""Measures the server beside the least that would do: Cypher by hand, the official driver, a bare web framework."""
