"""Short forms of given names: Liz is Elizabeth, Pepe is José, Memo is Mehmet.

English ones come from the `nicknames` list (Apache licence, hand-curated); it has no other language, so the common
forms of a few more stand here.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from nicknames import NickNamer

from ingest.names import Likeness, alike, slips
from ingest.normalise import folded

_LONG_ENOUGH = 4  # letters of a name in which one slip leaves it recognisable
_LONG = 5  # and two

_OTHER_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        # German
        "johannes": "hannes hans jo",
        "hans": "hansi",
        "friedrich": "fritz fiete",
        "heinrich": "heinz heini hein",
        "josef": "sepp jupp joschi",
        "joseph": "sepp jupp",
        "wilhelm": "willi willy wim",
        "georg": "schorsch jorg",
        "sebastian": "basti wastl",
        "matthias": "matze hias",
        "maximilian": "max maxi",
        "michael": "michi michel",
        "stefan": "steffen",
        "andreas": "andi andy",
        "wolfgang": "wolf wolle",
        "guenter": "guenni",
        "ulrich": "uli ulli",
        "katharina": "kathi kati kaethe trine",
        "margarete": "grete gretel margret",
        "elisabeth": "lisa lisl liesel elli sissi betti",
        "susanne": "susi sanne",
        "gertrud": "trude trudi gerti",
        "johanna": "hanna hanni jojo",
        "magdalena": "lena leni magda",
        "brigitte": "gitte gitti biggi",
        "franziska": "franzi ziska",
        "christine": "christl tine",
        # Spanish
        "jose": "pepe pepito",
        "francisco": "paco pancho curro fran kiko",
        "ignacio": "nacho",
        "manuel": "manolo manu lolo",
        "jesus": "chus suso",
        "enrique": "quique kike",
        "eduardo": "edu lalo",
        "alejandro": "alex jandro",
        "rafael": "rafa",
        "guillermo": "guille memo",
        "dolores": "lola loli",
        "concepcion": "concha conchita",
        "mercedes": "merche",
        "isabel": "isa chabela",
        "rosario": "charo",
        "pilar": "pili",
        "josefa": "pepa",
        "teresa": "tere maite",
        "consuelo": "chelo",
        "maria": "mari",
        # French
        "alexandre": "alex",
        "frederic": "fred",
        "christophe": "chris tof",
        "nicolas": "nico",
        "sebastien": "seb",
        "dominique": "dom domi",
        "stephane": "steph",
        "stephanie": "steph fanny",
        "catherine": "cathy cat",
        "isabelle": "isa",
        "veronique": "vero",
        "genevieve": "ginou gene",
        "benjamin": "ben benji",
        "thibault": "tib",
        # Polish
        "aleksander": "olek",
        "aleksandra": "ola olka",
        "katarzyna": "kasia kaska",
        "malgorzata": "gosia malgosia",
        "joanna": "asia aska",
        "agnieszka": "aga agusia",
        "anna": "ania anka",
        "barbara": "basia baska",
        "jan": "janek jas",
        "jakub": "kuba",
        "tomasz": "tomek",
        "andrzej": "andrzejek jedrek",
        "krzysztof": "krzysiek krzys",
        "stanislaw": "staszek stas",
        "wojciech": "wojtek",
        "grzegorz": "grzesiek",
        "piotr": "piotrek",
        "pawel": "pawelek",
        "michal": "misiek",
        "zbigniew": "zbyszek",
        "ewa": "ewka ewunia",
        "zofia": "zosia",
        # Turkish
        "mehmet": "memo memet memis",
        "mustafa": "musti",
        "ibrahim": "ibo",
        "ismail": "iso",
        "abdullah": "apo",
        "hasan": "haso",
        "huseyin": "huso",
        "fatma": "fatos fato",
        "ayse": "aysecik",
        "emine": "emis",
        "zeynep": "zeyno",
        "suleyman": "sulo",
        "osman": "osi",
    }
)


@lru_cache(maxsize=1 << 16)
def forms(given: str | None) -> frozenset[str]:
    """The name, and the whole names that it may be short for; folded. Empty where there is none."""
    name = folded(given or "")
    if not name:
        return frozenset()
    whole = _listed().canonicals_of(name) if len(name) > 1 else ()
    return frozenset({name.replace(" ", ""), *(folded(one) for one in whole), *_whole().get(name, ())})


@lru_cache(maxsize=1 << 18)
def alike_given(one: str | None, other: str | None) -> Likeness:
    """How two given names compare. A short form counts as near; two slips, or a slip in a short form, as possible."""
    likeness = alike(one, other)
    if likeness not in {Likeness.CONTRADICT, Likeness.POSSIBLE}:
        return likeness
    mine, yours = forms(one), forms(other)
    if mine & yours:
        return Likeness.NEAR
    if likeness is Likeness.POSSIBLE or _initial(one, other) or _initial(other, one):
        return Likeness.POSSIBLE
    return Likeness.POSSIBLE if any(_slipped(a, b) for a in mine for b in yours) else Likeness.CONTRADICT


def _initial(short: str | None, long: str | None) -> bool:
    # The first two letters of a name are often typed in the wrong order.
    letter = folded(short or "").partition(" ")[0]
    return len(letter) == 1 and letter in folded(long or "")[:2]


def _slipped(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    return shorter >= _LONG_ENOUGH and slips(a, b) <= (1 if shorter < _LONG else 2)


@cache
def _listed() -> NickNamer:
    return NickNamer()


@cache
def _whole() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for whole, shorts in _OTHER_LANGUAGES.items():
        for short in shorts.split():
            found.setdefault(short, set()).add(whole)
    return {short: frozenset(names) for short, names in found.items()}
