"""Words for what was seized, English and Spanish, to commodity codes.

The lexicon is the embedded table ``commodities``: labels and synonyms in both languages. Words are matched
whole, without case and accents, the longest first. A word that means several things (``cargador`` is a magazine
and a charger, ``cristal`` methamphetamine and glass) decides nothing by itself: another word of the same group
beside it has to say which. What stays ambiguous gets no code, what is unknown gets OTHER, and both are flagged;
the reported words are always kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geo.read.seeds import table as seed_table
from geo.read.text import plain

OTHER = "OTHER"
OTHER_DRUG = "OTHER_DRUG"

AMBIGUOUS: dict[str, str] = {
    # word: what else it is
    "cargador": "charger", "cargadores": "chargers", "papa": "potato", "cebolla": "onion", "cebollas": "onions",
    "cristal": "glass", "crystal": "glass", "glass": "glass", "parque": "park", "goma": "rubber", "azul": "blue",
    "blues": "the colour", "piedra": "stone", "rock": "stone", "base": "base", "nieve": "snow", "perico": "parrot",
    "chiva": "goat", "lavada": "washed", "speed": "speed", "cuete": "firework", "escuadra": "square", "cortas": "short",
    "largas": "long", "ar": "a letter pair", "ak": "a letter pair", "law": "law", "drum": "barrel", "clip": "clip",
    "mag": "magnum", "kit": "kit", "chip": "chip", "switch": "switch", "selector": "selector", "frame": "frame",
    "lower": "lower", "pieza": "piece", "tubos": "tubes", "mina": "mine", "proyectil": "projectile", "tiros": "shots",
    "balas": "bales", "grow": "grow", "sticks": "sticks", "plates": "plates", "pastillas": "any pills",
    "tabletas": "any tablets", "pressed pills": "any pills", "sustancia": "any substance", "dron": "drone",
    "en solucion": "any solution", "efectivo": "pesos or dollars", "base de datos": "data",
}  # fmt: skip
"""Words of the lexicon that decide nothing alone, with what else they mean."""

# Words that name the group only. They say of which kind an ambiguous word beside them is.
_HINTS: dict[str, tuple[str, ...]] = {
    "drug": ("drug", "drugs", "droga", "drogas", "narcotic", "narcotics", "narcotico", "narcoticos", "enervante"),
    "firearm": ("arma de fuego", "armas de fuego", "firearm", "firearms", "gun", "guns", "rifle", "pistola"),
    "ammunition": ("ammunition", "municion", "municiones", "calibre", "caliber", "cal"),
    "parts": ("weapon", "gun", "arma", "armas", "abastecidos", "rifle", "pistola", "ak 47", "ar 15", "calibre"),
    "explosive": ("explosive", "explosivo", "explosivos", "granada", "fragmentacion"),
    "currency": ("usd", "dollars", "dolares", "mxn", "pesos"),
    "vehicle": ("vehicle", "vehiculo"),
}  # fmt: skip

# Drugs that have no code of their own, and words that say no more than "drug". Names of the CBP and UNODC
# tables, and the usual short ones.
_OTHER_DRUGS = (
    "lsd", "ketamine", "ketamina", "khat", "khat catha edulis", "ghb", "pcp", "psilocybin", "hongos alucinogenos",
    "mushroom", "peyote", "steroid", "esteroides", "oxycodone", "oxicodona", "hydrocodone", "xanax", "alprazolam",
    "tramadol", "tapentadol", "buprenorphine", "suboxone", "methadone", "morphine", "morfina", "clonazepam",
    "diazepam", "synthetic cannabinoids", "spice", "bath salts", "other drug", "otra droga", "otras drogas",
    "prescription drug", "psicotropicos", "hashish", "hachis", "barbiturates", "carfentanil", "amphetamine",
    "anfetamina", "benzodiazepine", "benzodiacepinas", "hallucinogen", "methaqualone", "cathinones", "opioid",
    "opioides", "sedatives", "depressants", "stimulants", "tranquillizers", "coca bush", "coca leaf", "hoja de coca",
    "cannabis seed", "poppy seed", "drug", "droga", "narcotic", "narcotico", "narcoticos", "enervantes",
    "controlled substance",
)  # fmt: skip

# Names under which official tables list what the lexicon calls otherwise.
_OFFICIAL = {
    "handgun": "HANDGUN", "handguns": "HANDGUN", "long arm": "LONG_GUN", "long arms": "LONG_GUN",
    "long guns": "LONG_GUN",
    "rifles": "RIFLE", "shotguns": "SHOTGUN", "pistols": "HANDGUN", "pistolas": "HANDGUN", "revolvers": "REVOLVER",
    "firearms": "FIREARM_UNSPEC", "guns": "FIREARM_UNSPEC", "weapons": "FIREARM_UNSPEC", "armas": "FIREARM_UNSPEC",
    "ammunition rounds": "AMMO", "grenades": "GRENADE", "hand grenade": "GRENADE", "magazines": "MAGAZINE",
    "silencers": "SUPPRESSOR", "silencer muffler or sound moderator": "SUPPRESSOR", "receivers": "RECEIVER",
    "frame or receiver": "RECEIVER", "machine guns": "MACHINE_GUN", "dolar": "CASH_USD", "us currency": "CASH_USD",
    "u s currency": "CASH_USD", "us dollars": "CASH_USD", "mexican pesos": "CASH_MXN", "marijuana": "MARIJUANA",
    "marijuana herb": "MARIJUANA", "cannabis herb": "MARIJUANA", "crack cocaine": "CRACK", "cocaine base": "CRACK",
    "cocaine salts": "COCAINE", "crystal methamphetamine": "METH", "metanfetamina cristal": "METH",
    "methamphetamines": "METH", "heroine": "HEROIN", "black tar heroin": "HEROIN", "fentanilo": "FENTANYL",
    "fentanyl pills": "FENTANYL_PILLS", "fentanyl powder": "FENTANYL", "pastillas de fentanilo": "FENTANYL_PILLS",
    "liquid methamphetamine": "METH_LIQUID", "vehicles": "VEHICLE", "body armour": "BODY_ARMOR",
    "cartuchos de dinamita": "DYNAMITE", "long gun": "LONG_GUN", "explosives": "DYNAMITE",
    "mj": "MARIJUANA", "thc cartridges": "MARIJUANA", "arma blanca": "OTHER", "armas blancas": "OTHER",
}  # fmt: skip

# A count of pills is another commodity than a weight, and so on: the unit decides within one drug.
_BY_UNIT: dict[tuple[str, str], str] = {
    ("FENTANYL", "pills"): "FENTANYL_PILLS", ("FENTANYL", "count"): "FENTANYL_PILLS",
    ("FENTANYL_PILLS", "kg"): "FENTANYL", ("FENTANYL_PILLS", "g"): "FENTANYL", ("FENTANYL_PILLS", "lb"): "FENTANYL",
    ("FENTANYL_PILLS", "oz"): "FENTANYL", ("FENTANYL_PILLS", "mg"): "FENTANYL",
    ("MDMA", "pills"): "MDMA_PILLS", ("MDMA", "count"): "MDMA_PILLS", ("MDMA_PILLS", "kg"): "MDMA",
    ("MDMA_PILLS", "g"): "MDMA", ("MDMA_PILLS", "lb"): "MDMA", ("METH", "L"): "METH_LIQUID",
    ("METH", "gal"): "METH_LIQUID", ("METH", "mL"): "METH_LIQUID", ("MARIJUANA", "plants"): "MARIJUANA_PLANTS",
}  # fmt: skip

_MONEY = {"USD": "CASH_USD", "MXN": "CASH_MXN"}
_MONEY_WORDS = frozenset(("cash", "efectivo", "currency", "bulk cash", "money", "dinero", "divisas", "moneda"))


@dataclass(frozen=True)
class Commodity:
    """A commodity of the embedded table."""

    code: str
    group: str
    unit: str | None
    direction: str | None
    order: int


@dataclass(frozen=True)
class Found:
    """What words for a commodity mean.

    Parameters
    ----------
    code
        Commodity code; None where the words are ambiguous.
    candidates
        Codes that they may mean, where more than one.
    known
        Whether any word was known.
    """

    code: str | None
    candidates: tuple[str, ...] = ()
    known: bool = True


@lru_cache(maxsize=1)
def commodities() -> dict[str, Commodity]:
    """Return the embedded commodities by code, in the order of the table."""
    rows = seed_table("commodities").to_pylist()
    return {
        row["code"]: Commodity(
            row["code"],
            row["group"],
            row["canonical_unit"],
            row["default_direction"] if row["default_direction"] in ("north", "south") else None,
            order,
        )
        for order, row in enumerate(rows)
    }


def group_of(code: str | None) -> str | None:
    """Return the group of a commodity (drug, firearm, ...), None for an unknown code."""
    found = commodities().get(code or "")
    return None if found is None else found.group


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, tuple[str, ...]]:
    """Return words to codes, the code for which a word is most usual first."""
    found: dict[str, dict[str, int]] = {}

    def add(words: str, code: str, rank: int) -> None:
        key = plain(words)
        if key:
            ranks = found.setdefault(key, {})
            ranks[code] = min(rank, ranks.get(code, rank))

    for row in seed_table("commodities").to_pylist():
        code = row["code"]
        add(code, code, 0)
        for language in ("en", "es"):
            add(row[f"label_{language}"], code, 0)
            for rank, word in enumerate((row[f"synonyms_{language}"] or "").split("|"), start=1):
                add(word, code, rank)
    for word in _OTHER_DRUGS:
        found[plain(word)] = {OTHER_DRUG: 0}
    for word, code in _OFFICIAL.items():
        found[plain(word)] = {code: 0}
    # What these say is that nothing is known, or another thing: they count only alone.
    for word in ("unknown", "other", "other item", "otro objeto"):
        found.pop(word, None)
    return {word: tuple(sorted(ranks, key=lambda c: (ranks[c], c))) for word, ranks in found.items()}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Match any word of the lexicon, the longest first, as a whole word, also with a plural s."""
    words = sorted(_lexicon(), key=len, reverse=True)
    return re.compile(r"(?<!\w)(" + "|".join(re.escape(word) for word in words) + r")(?:e?s)?(?!\w)")


@lru_cache(maxsize=1 << 16)
def code_of(words: str, unit: str | None = None, context: str = "") -> Found:
    """Return the commodity that `words` mean.

    Parameters
    ----------
    words
        As reported.
    unit
        Unit of the quantity beside them (`geo.units.unit_named`): a count of pills is no weight.
    context
        Further words of the record, such as its category; they may settle what is ambiguous.

    Examples
    --------
    >>> code_of("crystal meth").code, code_of("marihuana").code, code_of("cargador").code
    ('METH', 'MARIJUANA', None)
    >>> code_of("cargador para AK-47").code, code_of("fentanyl", "pills").code, code_of("khat").code
    ('MAGAZINE', 'FENTANYL_PILLS', 'OTHER_DRUG')
    """
    text = plain(words)
    if not text:
        return Found(None, (), False)
    money = _MONEY.get(unit or "")
    if money is not None and (text in _MONEY_WORDS or any(f" {w} " in f" {text} " for w in _MONEY_WORDS)):
        return Found(money)
    if text in _NOTHING_SAID:
        return Found(OTHER)
    spans = _spans(text)
    if not spans:
        return Found(OTHER, (), False)
    # The most usual meaning of each word. One that means several things counts if a word of its group is near.
    around = f" {text} {plain(context)} "
    meant = _special([codes[0] for word, codes in spans if word not in AMBIGUOUS or _hinted(word, codes[0], around)])
    if len(meant) == 1:
        return Found(_BY_UNIT.get((meant[0], unit or ""), meant[0]))
    return Found(None, tuple(meant or dict.fromkeys(codes[0] for _, codes in spans)))


def _spans(text: str) -> list[tuple[str, tuple[str, ...]]]:
    lexicon = _lexicon()
    if text in lexicon:
        return [(text, lexicon[text])]
    return [(m.group(1), lexicon[m.group(1)]) for m in _pattern().finditer(text)]


_NOTHING_SAID = frozenset(("other", "other item", "others", "otro", "otros", "otro objeto", "misc", "miscellaneous"))

# A code that says more generally what others say: gun, beside pistol.
_RIFLES = ("RIFLE_AK", "RIFLE_50")
_GENERAL: dict[str, tuple[str, ...]] = {
    "RIFLE": _RIFLES,
    "LONG_GUN": ("RIFLE", *_RIFLES, "SHOTGUN", "SMG", "MACHINE_GUN"),
    "HANDGUN": ("PISTOL_57", "REVOLVER"),
    "AMMO": ("AMMO_762", "AMMO_223"),
    "GRENADE": ("GRENADE_40MM", "GRENADE_LAUNCHER"),
    "VEHICLE": ("VEHICLE_ARMORED", "TRACTOR_TRAILER"),
    "MARIJUANA": ("MARIJUANA_PLANTS",),
    "COCAINE": ("CRACK",),
    "FENTANYL": ("FENTANYL_PILLS",),
    "MDMA": ("MDMA_PILLS",),
    "METH": ("METH_LIQUID",),
}


def _special(codes: Iterable[str]) -> list[str]:
    """Return the distinct codes without those that only say more generally what another says."""
    table = commodities()
    kept = list(dict.fromkeys(codes))
    groups = {table[code].group for code in kept}
    # A magazine, a part or rounds "for AK-47" are no rifle.
    for things in ("parts", "ammunition"):
        if things in groups and groups <= {"parts", "ammunition", "firearm"}:
            kept = [code for code in kept if table[code].group == things]
            break
    special = [code for code in kept if not any(other in kept for other in _GENERAL.get(code, ()))]
    for vague, group in (("FIREARM_UNSPEC", "firearm"), (OTHER_DRUG, "drug")):
        if vague in special and any(table[code].group == group and code != vague for code in special):
            special.remove(vague)
    # "Rifles/pistols" is one number for two kinds: firearms, and no more is known.
    if len(special) > 1 and all(table[code].group == "firearm" for code in special):
        return ["FIREARM_UNSPEC"]
    return special


def _hinted(word: str, code: str, around: str) -> bool:
    """Whether another word of the record says of which group an ambiguous word is."""
    hints = _HINTS.get(commodities()[code].group, ())
    return any(f" {hint} " in around.replace(f" {word} ", "  ", 1) for hint in hints)


def known_share(values: Iterable[str]) -> float:
    """Return the share of texts in which a word of the lexicon is found, 0 to 1."""
    distinct = list(dict.fromkeys(values))[:200]
    if not distinct:
        return 0.0
    return sum(bool(_spans(plain(value))) for value in distinct) / len(distinct)
