"""How roots of the API are answered that insights work out: read through the viewer's View, then a pure core.

`WAYS` are handed to requests by the server. What the viewer may not see is not in what the core is given.
"""

from collections.abc import Mapping
from types import MappingProxyType

from insight.roots.journey import journey_told
from resolvers.read import Way
from schema.generate_journey import JOURNEY

WAYS: Mapping[str, Way] = MappingProxyType({JOURNEY: journey_told})
