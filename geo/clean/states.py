"""Names of the states of both countries, as files write them.

A state is known here by its country and code: USPS letters (``US-TX``), two INEGI digits (``MX-08``). An
abbreviation that two states share (Mich., of Michigan and Michoacán) gives both: nothing is chosen silently.
"""

from __future__ import annotations

from functools import lru_cache

from geo.read.text import plain

# code, name, other names and abbreviations
_US = """
AL Alabama|Ala;AK Alaska;AZ Arizona|Ariz;AR Arkansas|Ark;CA California|Calif|Cal;CO Colorado|Colo
CT Connecticut|Conn;DE Delaware|Del;DC District of Columbia|D C|Washington DC|Dst of Columbia;FL Florida|Fla
GA Georgia;HI Hawaii;ID Idaho;IL Illinois|Ill;IN Indiana|Ind;IA Iowa;KS Kansas|Kans;KY Kentucky
LA Louisiana;ME Maine;MD Maryland;MA Massachusetts|Mass;MI Michigan|Mich;MN Minnesota|Minn
MS Mississippi|Miss;MO Missouri;MT Montana|Mont;NE Nebraska|Nebr;NV Nevada|Nev;NH New Hampshire|N H
NJ New Jersey|N J|Nueva Jersey;NM New Mexico|N M|N Mex|Nuevo Mexico;NY New York|N Y|Nueva York
NC North Carolina|N C|Carolina del Norte;ND North Dakota|N D|Dakota del Norte;OH Ohio;OK Oklahoma|Okla
OR Oregon|Ore;PA Pennsylvania|Penn|Pensilvania;RI Rhode Island|R I;SC South Carolina|S C|Carolina del Sur
SD South Dakota|S D|Dakota del Sur;TN Tennessee|Tenn;TX Texas|Tex|Tejas;UT Utah;VT Vermont;VA Virginia
WA Washington|Wash;WV West Virginia|W Va|Virginia Occidental;WI Wisconsin|Wis|Wisc;WY Wyoming|Wyo
PR Puerto Rico;VI Virgin Islands|US Virgin Islands;GU Guam
"""
_MX = """
01 Aguascalientes|Ags;02 Baja California|B C|BC|B C N|Baja California Norte|Baja Calif
03 Baja California Sur|B C S|BCS;04 Campeche|Camp;05 Coahuila|Coah|Coahuila de Zaragoza;06 Colima|Col
07 Chiapas|Chis;08 Chihuahua|Chih;09 Ciudad de Mexico|CDMX|Cd de Mexico|Cd Mex|Cd Mexico|Distrito Federal|D F|DF
09 Mexico City
10 Durango|Dgo;11 Guanajuato|Gto;12 Guerrero|Gro;13 Hidalgo|Hgo;14 Jalisco|Jal
15 Mexico|Estado de Mexico|Edo de Mexico|Edo Mex|Edomex|Mex|Mexico State|State of Mexico
16 Michoacan|Mich|Michoacan de Ocampo;17 Morelos|Mor;18 Nayarit|Nay;19 Nuevo Leon|N L|NL|Nvo Leon
20 Oaxaca|Oax;21 Puebla|Pue;22 Queretaro|Qro|Queretaro de Arteaga|Queretaro Arteaga;23 Quintana Roo|Q Roo|Q R|QROO
24 San Luis Potosi|S L P|SLP;25 Sinaloa|Sin;26 Sonora|Son;27 Tabasco|Tab;28 Tamaulipas|Tamps|Tam
29 Tlaxcala|Tlax;30 Veracruz|Ver|Veracruz de Ignacio de la Llave|Veracruz Llave;31 Yucatan|Yuc;32 Zacatecas|Zac
"""

_NOISE = ("state of ", "estado de ", "edo de ", "edo ", "the state of ")


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for country, block in (("US", _US), ("MX", _MX)):
        for entry in block.replace("\n", ";").split(";"):
            if not entry:
                continue
            code, _, names = entry.partition(" ")
            key = f"{country}-{code}"
            words = [*names.split("|"), *([code] if country == "US" else [])]
            for word in words:
                places = found.setdefault(plain(word), [])
                if key not in places:
                    places.append(key)
    return {name: tuple(places) for name, places in found.items()}


@lru_cache(maxsize=4096)
def states_named(text: str) -> tuple[str, ...]:
    """Return the states that `text` may mean, such as ``("US-TX",)``; empty where it means none.

    Accents, case, points and the words "state" and "estado" do not matter.

    Examples
    --------
    >>> states_named("CHIH."), states_named("Chihuahua state"), states_named("Mich.")
    (('MX-08',), ('MX-08',), ('US-MI', 'MX-16'))
    """
    words = plain(text)
    index = _index()
    if words in index:
        return index[words]
    bare = words.removesuffix(" state").removesuffix(" estado")
    for noise in _NOISE:
        bare = bare.removeprefix(noise)
    return index.get(bare, ())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for words, places in _index().items():
        for place in places:
            names.setdefault(place, words.title())
    return names


def state_name(code: str) -> str:
    """Return the name of a state such as ``US-TX`` in plain letters."""
    return _names().get(code, code)


@lru_cache(maxsize=1)
def _all_names() -> dict[str, tuple[str, ...]]:
    names: dict[str, list[str]] = {}
    for words, places in _index().items():
        for place in places:
            names.setdefault(place, []).append(words)
    return {place: tuple(words) for place, words in names.items()}


def names_of(code: str) -> tuple[str, ...]:
    """Return all names and abbreviations of a state such as ``US-TX``, in plain letters."""
    return _all_names().get(code, ())
