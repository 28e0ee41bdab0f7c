"""Municipalities and states by name: every embedded name finds itself, offices' abbreviations find it too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clean.municipalities import STATES, mexican_state, municipality, municipality_names
from geo.read.seeds import table


def test_every_name_finds_itself_or_says_that_two_have_it():
    names = municipality_names()
    found = {code: municipality(code[:2], name) for code, name in names.items()}
    lost = {code for code, place in found.items() if place.code != code}
    assert lost == {"20208", "20209", "20318", "20319"}
    assert all(found[code].how == "ambiguous" and code in found[code].candidates for code in lost)


@given(st.sampled_from(sorted(municipality_names().items())), st.sampled_from([str.upper, str.lower, str.title]))
def test_case_does_not_matter(place, change):
    code, name = place
    assert municipality(code[:2], change(name)) == municipality(code[:2], name)


@pytest.mark.parametrize(
    ("state", "written", "code", "how"),
    [
        ("08", "CHIH.", "08019", "name"),
        ("08", "HGO. DEL PARRAL", "08032", "name"),
        ("08", "CD. JUAREZ", None, "unknown"),
        ("19", "GRAL. ZUAZUA", "19025", "name"),
        ("19", "MONTEMOR.", "19038", "short"),
        ("05", "CUATROCIÉNEGAS", "05007", "name"),
        ("14", "TLAQUEPAQUE", "14098", "short"),
        ("30", "OZULUAMA DE MASCARE±AS", "30121", "close"),
        ("20", "San Pedro", None, "ambiguous"),
        ("02", "Laredo", None, "unknown"),
        ("02", "", None, "unknown"),
    ],
)
def test_as_offices_write_them(state, written, code, how):
    found = municipality(state, written)
    assert (found.code, found.how) == (code, how)


def test_the_same_name_is_another_place_in_another_state():
    assert municipality("08", "Guadalupe").code == "08028"
    assert municipality("19", "Guadalupe").code == "19026"
    assert municipality("26", "Guadalupe").code is None


@pytest.mark.parametrize(
    ("code", "spellings"),
    [
        ("02", ("B.C.", "BC", "B. C.", "Baja California", "Baja California Norte")),
        ("03", ("B.C.S.", "BCS", "B. C. S.")),
        ("08", ("CHIH.", "Chih", "Chihuahua", "Estado de Chihuahua")),
        ("09", ("D.F.", "DF", "CD. MÉX.", "Cd. de México", "CDMX", "C.D.M.X.", "Ciudad de México")),
        ("15", ("MEX.", "MÉX.", "Edo. Méx.", "Estado de México", "EDOMEX", "México")),
        ("16", ("MICH.", "Michoacán", "Michoacán de Ocampo")),
        ("19", ("N.L.", "Nvo. León", "Nuevo León", "NL")),
        ("23", ("Q. ROO", "Q. Roo.", "Quintana Roo")),
        ("28", ("TAMPS.", "Tamaulipas", "Tamaul.", "Tamulipas")),
        ("30", ("VER.", "Veracruz", "Veracruz de Ignacio de la Llave")),
    ],
)
def test_spellings_of_states(code, spellings):
    assert {mexican_state(text) for text in spellings} == {code}


def test_states_of_the_other_country_are_none():
    assert [mexican_state(text) for text in ("Texas", "N.M.", "x", "", "Nuevo México")] == [None] * 5


def test_every_embedded_state_has_its_code():
    rows = table("homicides").group_by(["state"]).aggregate([("inegi_code", "min")]).to_pylist()
    found = {mexican_state(row["state"]): row["inegi_code_min"][:2] for row in rows}
    assert found == {code: code for code in STATES}
