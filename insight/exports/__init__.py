"""What leaves as files for those who compute with it: Arrow streams and Parquet, and what is said of them.

Arrow's library takes a tenth of a second and 40 MB to load, so only the functions that need it import it: a server that
exports nothing never does.
"""
