"""How roots of the API are answered that insights work out: read through the viewer's View, then a pure core."""
