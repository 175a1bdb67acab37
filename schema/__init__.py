"""What there is: node types, the category of each field, edges, purposes, error codes. No I/O, no roles."""
