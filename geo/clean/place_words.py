"""Words around names of places: abbreviations, words for kinds of places, countries."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SHORT = {
    "cd": "ciudad", "cdad": "ciudad", "nvo": "nuevo", "nva": "nueva", "pto": "puerto", "pte": "puente",
    "pnte": "puente", "sta": "santa", "sto": "santo", "sn": "san", "gral": "general", "gpe": "guadalupe",
    "fco": "francisco", "dr": "doctor", "ing": "ingeniero", "lic": "licenciado", "cnel": "coronel",
    "cap": "capitan", "gob": "gobernador", "pdte": "presidente", "hgo": "hidalgo", "ma": "maria", "ft": "fort",
    "st": "saint", "mt": "mount", "intl": "international", "int l": "international", "brg": "bridge",
    "mpio": "municipio", "mun": "municipality", "cnty": "county", "co": "county", "edo": "estado", "sec": "sector",
    "rgv": "rio grande valley", "tj": "tijuana",
}  # fmt: skip
"""Abbreviations that are written out in names and queries alike, so that it does not matter who wrote which."""

_FIRST = {"n": "nuevo", "s": "san", "h": "heroica"}
"""Single letters that begin a name: N. Laredo."""

_PORT, _CROSSING = frozenset({"port", "crossing"}), frozenset({"crossing", "port"})
KIND_WORDS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    sorted(
        (
            (phrase.strip(), kinds)
            for phrases, kinds in (
                (
                    "port of entry|poe|land port of entry|ports of entry|puerto de entrada|puerto fronterizo|garita"
                    "|garita de|aduana|aduana de|cruce|cruce fronterizo|port|cruce de",
                    _PORT,
                ),
                (
                    "bridge|international bridge|puente|puente internacional|puente de|crossing|border crossing"
                    "|international crossing",
                    _CROSSING,
                ),
                ("sector|border patrol sector|usbp sector|sector de", frozenset({"sector"})),
                ("field office|cbp field office|oficina de campo|ofo", frozenset({"field_office"})),
                ("field division|division|special agent in charge|sac", frozenset({"office"})),
                ("county|condado|condado de", frozenset({"county"})),
                (
                    "municipio|municipio de|municipality|municipality of|delegacion|alcaldia",
                    frozenset({"municipality"}),
                ),
                ("state of|estado de|state", frozenset({"state"})),
            )
            for phrase in phrases.split("|")
        ),
        key=lambda pair: -len(pair[0]),
    )
)
"""Words for kinds of places and the kinds they mean, longest first."""

_COUNTRIES = {
    "us": "US", "usa": "US", "u s": "US", "u s a": "US", "united states": "US", "united states of america": "US",
    "estados unidos": "US", "eu": "US", "e u": "US", "eua": "US", "e u a": "US", "ee uu": "US", "eeuu": "US",
    "estados unidos de america": "US", "mx": "MX", "mex": "MX", "mexico": "MX", "estados unidos mexicanos": "MX",
    "republica mexicana": "MX",
}  # fmt: skip

NO_NAME = frozenset(
    {
        "none", "null", "nan", "n a", "na", "nd", "n d", "s d", "sd", "unknown", "desconocido", "desconocida",
        "no disponible", "not available", "not specified", "no especificado", "sin dato", "sin datos", "se desconoce",
        "varios", "various", "other", "otro", "otros", "total", "all", "todos", "tbd", "undisclosed", "redacted",
        "no identificado", "ignorado",
    }
)  # fmt: skip
"""What is written where no place is known."""


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Return `text` in lower case without accents and marks, words separated by blanks.

    Unlike `geo.read.text.plain`, capitals within a word do not part it: McAllen is MCALLEN.
    """
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else "" if c in "'’`" else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


@lru_cache(maxsize=65536)
def written_out(text: str) -> str:
    """Return `text` folded, its abbreviations written out.

    Examples
    --------
    >>> written_out("Nvo. Laredo"), written_out("Pto. Peñasco"), written_out("Pte. Int'l")
    ('nuevo laredo', 'puerto penasco', 'puente international')
    """
    words = folded(re.sub(r"(?<=\w)\.(?=\w{2})", ". ", text)).split()
    out: list[str] = []
    for at, word in enumerate(words):
        # "co" and "st" end names of counties and streets; at the start they are something else.
        as_is = (word == "co" and (at == 0 or at < len(words) - 2)) or (word == "st" and at == len(words) - 1 > 0)
        if at == 0 and word in _FIRST and len(words) > 1 and len(words[1]) > 2:
            out.append(_FIRST[word])
            continue
        out.append(word if as_is else _SHORT.get(word, word))
    return " ".join(out)


def country_named(text: str) -> str | None:
    """Return ``US`` or ``MX`` where `text` names the country; None where not."""
    return _COUNTRIES.get(folded(text))
