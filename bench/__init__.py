"""Measures the server beside the least that would do: Cypher by hand, the official driver, a bare web framework."""

from graph.driver import take_in_the_driver

take_in_the_driver()  # the floor, too: its memory is compared with ours
