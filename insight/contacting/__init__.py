"""Contacting: from what the graph knows of a customer to the cores that decide, and on to answers of the API."""
