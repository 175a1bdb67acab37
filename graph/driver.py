"""Takes the official driver in without the packages that it would bring along where they are installed.

It imports numpy, pandas and pyarrow so that their values can be parameters, which ours never are: 115 MiB of a server's
memory, for nothing. Who needs them imports them afterwards as ever.
"""

import importlib
import sys

UNWANTED = ("numpy", "pandas", "pyarrow")


def take_in_the_driver() -> None:
    """Import the driver while what is unwanted, and was not imported before, cannot be."""
    kept_out = [name for name in UNWANTED if name not in sys.modules]
    try:
        sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type]  # None says: not to be found
        importlib.import_module("neo4j")
    finally:
        for name in kept_out:
            del sys.modules[name]
