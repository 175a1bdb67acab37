"""In which time zones a customer may live, by country and, where a country has several, by state.

Whoever must not be disturbed at night is asked after in every zone in which she may be. Of a country that nobody knows
there is none.
"""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

_FILE = Path(__file__).with_name("time_zones.toml")


def zones_of(country: str | None, state: str | None = None) -> tuple[str, ...]:
    """The zones by ISO 3166 country and the state's usual abbreviation; none where the country is not known."""
    countries, states = _read()
    if country is None or country not in countries:
        return ()
    return states.get(country, {}).get((state or "").strip().upper(), countries[country])


def local_times(moment: datetime, zones: tuple[str, ...]) -> tuple[datetime, ...]:
    """The same moment in each zone."""
    return tuple(moment.astimezone(ZoneInfo(zone)) for zone in zones)


@cache
def _read() -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Mapping[str, tuple[str, ...]]]]:
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    states = {country: _zones(of) for country, of in said["states"].items()}
    return _zones(said["countries"]), states


def _zones(said: Mapping[str, str | list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: (one,) if isinstance(one, str) else tuple(one) for name, one in said.items()}
