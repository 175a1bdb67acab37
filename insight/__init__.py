"""What the graph tells about the company's work with its customers: pure functions over frozen data, no I/O.

Who feeds them (a folder of exports, the graph) is above; nothing here knows the database or the API.
"""
