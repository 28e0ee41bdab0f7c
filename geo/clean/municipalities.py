"""Municipalities of Mexico by name within their state: INEGI code, or why there is none.

The names are those of the embedded table ``homicides`` (2,475 municipalities). Case and accents do not matter.
Offices shorten what they write often: ``CHIH., CHIH.`` is Chihuahua, ``GRAL. ESCOBEDO`` General Escobedo,
``CINTALAPA`` Cintalapa de Figueroa. A shortened name is taken only where it fits one municipality of the state;
what fits several gives candidates and no code, what fits none gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, TypeAlias

import pyarrow.compute as pc

from geo.clean.states import state_name, states_named
from geo.read.seeds import table as seed_table
from geo.read.text import plain

How: TypeAlias = Literal["name", "short", "close", "ambiguous", "unknown"]

_SHORT = {
    "gral": "general", "dr": "doctor", "sta": "santa", "sto": "santo", "sn": "san", "cd": "ciudad", "fco": "francisco",
    "gpe": "guadalupe", "ma": "maria", "ing": "ingeniero", "lic": "licenciado", "cnel": "coronel", "cap": "capitan",
    "mpio": "", "municipio": "", "delegacion": "", "alcaldia": "",
}  # fmt: skip
CLOSE = 0.88
"""Likeness, as difflib has it, from which a name counts as a misspelling; Ozuluama de Mascare±as is 0.95. One wrong
letter of six or more is taken too: Tuxpam is Tuxpan at 0.83."""
STATES = tuple(f"{number:02d}" for number in range(1, 33))


@dataclass(frozen=True)
class Municipality:
    """What a name means in a state.

    Parameters
    ----------
    code, name
        INEGI code and name; None where it means none, or several.
    how
        ``name`` as it stands or with abbreviations written out, ``short`` a part of the name that fits only one,
        ``close`` a misspelling, ``ambiguous``, ``unknown``.
    candidates
        Codes of all that it may mean, where several.
    """

    code: str | None
    name: str | None
    how: How
    candidates: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def municipality_names() -> dict[str, str]:
    """Return the name of each municipality by its INEGI code."""
    table = seed_table("homicides")
    return dict(zip(table["inegi_code"].to_pylist(), table["municipality"].to_pylist(), strict=True))


@lru_cache(maxsize=1)
def _by_state() -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, list[str]]] = {code: {} for code in STATES}
    for code, name in municipality_names().items():
        found[code[:2]].setdefault(plain(name), []).append(code)
    return {state: {name: tuple(codes) for name, codes in names.items()} for state, names in found.items()}


@lru_cache(maxsize=2048)
def mexican_state(text: str) -> str | None:
    """Return the two digits of the Mexican state that `text` names in any usual spelling; None where none or several.

    Examples
    --------
    >>> [mexican_state(text) for text in ("CHIH.", "Cd. de México", "C.D.M.X.", "Mich.", "TAMAUL.", "Tamulipas")]
    ['08', '09', '09', '16', '28', '28']
    """
    found = _mexican(states_named(text))
    if len(found) == 1:
        return found[0]
    letters = plain(text).replace(" ", "")
    names = _state_letters()
    if letters in names:
        return names[letters]
    if len(letters) >= 4:
        starts = {code for name, code in names.items() if name.startswith(letters)}
        if len(starts) == 1:
            return starts.pop()
    close = (
        {names[name] for name in get_close_matches(letters, names, n=3, cutoff=CLOSE)} if len(letters) > 5 else set()
    )
    return close.pop() if len(close) == 1 else None


def _mexican(states: Iterable[str]) -> list[str]:
    return [state.removeprefix("MX-") for state in states if state.startswith("MX-")]


@lru_cache(maxsize=1)
def _state_letters() -> dict[str, str]:
    """Return the names of the states without blanks; those that one name begins are left to the whole name."""
    table = seed_table("homicides")
    pairs = pc.unique(
        pc.binary_join_element_wise(pc.utf8_slice_codeunits(table["inegi_code"], 0, 2), table["state"], "|")
    )
    names = {plain(name).replace(" ", ""): code for code, name in (pair.split("|") for pair in pairs.to_pylist())}
    short = {plain(state_name(f"MX-{code}")).replace(" ", ""): code for code in STATES}
    return {
        **names,
        **short,
        "cdmx": "09",
        "cdmex": "09",
        "df": "09",
        "distritofederal": "09",
        "edomex": "15",
        "edodemex": "15",
    }


@lru_cache(maxsize=8192)
def municipality(state: str, text: str) -> Municipality:
    """Return which municipality of a state `text` names.

    Parameters
    ----------
    state
        Two INEGI digits.
    text
        As written, without the state.
    """
    names = _by_state().get(state, {})
    for tried in dict.fromkeys((plain(text), _written_out(text))):
        if tried in names:
            return _one(names[tried], "name")
    words = _written_out(text)
    if not words:
        return Municipality(None, None, "unknown")
    letters = words.replace(" ", "")
    squeezed = [code for name, codes in names.items() if name.replace(" ", "") == letters for code in codes]
    if squeezed:
        return _one(tuple(squeezed), "name")
    # "Montemor." is cut within a word, "Cintalapa" after one.
    cut = words if text.strip().endswith(".") else f"{words} "
    for part in (
        [codes for name, codes in names.items() if name.startswith(cut)],
        [codes for name, codes in names.items() if name.endswith(f" {words}")],
        [codes for name, codes in names.items() if f" {words} " in name],
    ):
        if part:
            return _one(tuple(code for codes in part for code in codes), "short")
    close = _close(words, names)
    return (
        _one(tuple(code for name in close for code in names[name]), "close")
        if close
        else Municipality(None, None, "unknown")
    )


def _close(words: str, names: dict[str, tuple[str, ...]]) -> list[str]:
    # One letter of six or more may be another.
    one = [n for n in names if len(n) == len(words) >= 6 and sum(a != b for a, b in zip(n, words, strict=True)) == 1]
    return one or get_close_matches(words, names, n=3, cutoff=CLOSE)


def _one(codes: tuple[str, ...], how: How) -> Municipality:
    if len(codes) > 1:
        return Municipality(None, None, "ambiguous", codes)
    return Municipality(codes[0], municipality_names()[codes[0]], how)


def _written_out(text: str) -> str:
    """Return a name with its abbreviations written out, those of states too: HGO. DEL PARRAL."""
    whole = _mexican(states_named(text)) if text.strip().endswith(".") else []
    if len(whole) == 1:
        return plain(state_name(f"MX-{whole[0]}"))
    words: list[str] = []
    for token in text.replace(".", ". ").split():
        bare = plain(token)
        states = _mexican(states_named(token)) if token.endswith(".") and len(bare) > 1 else []
        words.append(plain(state_name(f"MX-{states[0]}")) if len(states) == 1 else _SHORT.get(bare, bare))
    return " ".join(word for word in words if word)


def areas_named(codes: Iterable[str | None]) -> list[str | None]:
    """Return the names of municipalities by code; None for a code that is not embedded."""
    names = municipality_names()
    return [names.get(code) if code is not None else None for code in codes]
