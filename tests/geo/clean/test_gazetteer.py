"""Names of places: one place, several candidates, or none."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.clean.gazetteer import Gazetteer, edit_distance, embedded, resolve
from geo.read import seeds


@pytest.mark.parametrize(
    ("query", "code", "kind"),
    [
        ("Nvo. Laredo", "28027", "municipality"),
        ("NUEVO LAREDO, TAMPS.", "28027", "municipality"),
        ("N. Laredo", "28027", "municipality"),
        ("Cd. Juárez", "08037", "municipality"),
        ("ciudad juarez chih", "08037", "municipality"),
        ("Ciudad Acuña", "05002", "municipality"),
        ("Acuña", "05002", "municipality"),
        ("Sonoyta", "26070", "municipality"),
        ("Gral. Escobedo, N.L.", "19021", "municipality"),
        ("Culiacan", "25006", "municipality"),
        ("Cancún", "23005", "municipality"),
        ("Chihuahua, Chih.", "08019", "municipality"),
        ("Nogales, Arizona, USA", "2604", "port"),
        ("DeConcini Port of Entry", "TUC-NOG-DEC", "crossing"),
        ("Garita Mariposa", "TUC-NOG-MAR", "crossing"),
        ("Puente del Comercio Mundial", "LRD-LRD-WORL", "crossing"),
        ("BOTA", "ELP-ELP-BRID", "crossing"),
        ("Pte. Colombia", "LRD-LRD-COLO", "crossing"),
        ("Puerto de entrada Del Río", "2302", "port"),
        ("San Ysidro POE", "2504", "port"),
        ("Lukeville Arizona POE", "2602", "port"),
        ("CBX", "2582", "port"),
        ("Del Río, Texas", "2302", "port"),
        ("Webb Co., Texas", "48479", "county"),
        ("Condado de El Paso", "48141", "county"),
        ("MCALLEN TX", "4709796", "city"),
        ("Nvo. León", "19", "state"),
        ("B.C.S.", "03", "state"),
        ("Nuevo México", "NM", "state"),
        ("Mexico City", "3530597", "city"),
        ("LAREDO SECTOR", "LAREDO SECTOR", "sector"),
        ("Laredo Field Office", "LAREDO FIELD OFFICE", "field_office"),
        ("RGV Sector", "RIO GRANDE VALLEY SECTOR", "sector"),
        ("Marfa Sector", "BIG BEND SECTOR", "sector"),
        ("Guatemala", "GTM", "country"),
    ],
)
def test_one_place(query, code, kind):
    match = resolve(query)
    assert (match.status, match.code, match.kind) == ("found", code, kind)


@pytest.mark.parametrize(
    ("query", "some"),
    [
        ("Nogales", {"2604", "26043", "30115"}),
        ("Naco", {"2603", "26039"}),
        ("Tecate", {"2505", "02003"}),
        ("San Luis", {"2608", "26055"}),
        ("Guadalupe", {"08028", "19026", "32017"}),
        ("Juárez", {"08037", "19031"}),
        ("Colombia", {"LRD-LRD-COLO", "COL"}),
        ("Chihuahua", {"08019", "08"}),
        ("Mexico", {"15", "MEX"}),
        ("Mich.", {"MI", "16"}),
        ("Hidalgo County", {"35023", "48215"}),
        ("Metamoros", {"05017", "28022"}),
        ("Victoria", {"28041", "11043"}),
    ],
)
def test_several_places(query, some):
    match = resolve(query)
    assert match.status == "ambiguous"
    assert match.code is None
    assert match.place is None
    assert some <= {place.code for place in match.candidates}


@pytest.mark.parametrize(
    "query",
    [
        "Shelbyville", "Paris", "none", "", "  ", "s/d", "Desconocido", "I-35 checkpoint", "15 miles north of Nogales",
        "04001", "Nogales / Laredo", "x" * 200, "Roms", "Springfield County",
    ],
)  # fmt: skip
def test_no_place(query):
    assert resolve(query).status == "unknown"
    assert resolve(query).candidates == ()


@pytest.mark.parametrize(
    ("query", "code", "wrong"),
    [
        ("Eagel Pass", "2303", 1),
        ("Brownsvile", "2301", 1),
        ("Piedras Negra", "05025", 1),
        ("Reynossa", "28032", 1),
        ("Dalas, Texas", "4684888", 1),
        ("Monterey, Nuevo Leon", "19039", 1),
        ("San Luiz Rio Colrado", "26055", 2),
    ],
)
def test_misspelled_and_said_so(query, code, wrong):
    match = resolve(query)
    assert (match.code, match.how) == (code, f"misspelled by {wrong}")


def test_without_a_state_a_close_name_must_be_one_that_strangers_use():
    # Ixhuacán de los Reyes has ten thousand people and lies far from the border.
    assert resolve("Ixhuacan de los Reies").status == "unknown"
    assert resolve("Ixhuacan de los Reies, Ver.").code == "30079"
    assert resolve("Ixhuacán de los Reyes").code == "30079"


def test_the_record_narrows_the_search():
    assert resolve("Nogales", "Sonora").code == "26043"
    assert resolve("Nogales", "AZ").code == "2604"
    assert resolve("Nogales", "US-AZ").code == "2604"
    assert resolve("Nogales", country="US").code == "2604"
    assert resolve("Nogales", country="México").status == "ambiguous"
    assert resolve("Colombia", "Nuevo León").code == "LRD-LRD-COLO"
    assert resolve("Juárez", "N.L.").code == "19031"
    assert resolve("Guadalupe", "Chih.").code == "08028"
    assert resolve("Webb", "TX", kinds=["county"]).code == "48479"
    assert resolve("Hidalgo", kinds=["port"]).code == "2305"


def test_a_record_that_contradicts_itself_is_nowhere():
    assert resolve("Nogales, AZ", "Sonora").status == "unknown"
    assert resolve("Tijuana", country="US").status == "unknown"


def test_the_country_travels_with_the_code():
    county, municipality = resolve("Cochise County"), resolve("Aguascalientes, Ags.")
    assert (county.code, county.country) == ("04003", "US")
    assert (municipality.code, municipality.country) == ("01001", "MX")


def test_kinds_that_share_a_name_are_told_apart_by_their_words():
    kinds = {resolve(name).kind for name in ("Laredo", "LAREDO SECTOR", "LAREDO FIELD OFFICE")}
    assert kinds == {"port", "sector", "field_office"}


def test_the_last_of_several_parts():
    match = resolve("Col. Zona Río, Tijuana, B.C.")
    assert (match.code, match.how) == ("02004", "within")


def test_the_same_place_in_several_tables_is_one():
    match = resolve("Ciudad Juárez")
    assert [place.kind for place in match.candidates] == ["municipality", "city"]
    assert [place.kind for place in match.named] == ["city"]
    assert match.of_kind(("city",)).name == "Ciudad Juárez"


def test_every_name_of_the_tables_finds_its_place():
    for row in seeds.table("ports").to_pylist():
        assert resolve(row["port_name"], row["us_state"]).code == row["port_code"]
    table = seeds.table("homicides").select(["inegi_code", "municipality"])
    by_code = dict(zip(table["inegi_code"].to_pylist(), table["municipality"].to_pylist(), strict=True))
    lost = []
    for code, name in by_code.items():
        match = resolve(name.upper(), f"MX-{code[:2]}", kinds=["municipality"])
        if match.code != code and code not in {place.code for place in match.candidates}:
            lost.append((code, name, match))
    assert lost == []


def test_a_table_of_ones_own():
    own = pa.table(
        {
            "code": ["A", "B"], "kind": ["city", "city"], "country": ["US", "MX"], "name": ["Alpha", "Alpha, Sonora"],
            "aliases": ["First", None], "longitude": [-110.0, -111.0], "latitude": [31.5, 30.0],
            "precision_m": [100.0, None],
        }
    )  # fmt: skip
    gazetteer = Gazetteer.of(own)
    assert gazetteer.resolve("first").place.precision_m == 100
    assert gazetteer.resolve("alpha, son.").place.state == "26"
    assert gazetteer.resolve("Alpha").status == "ambiguous"
    assert len(gazetteer) == 2


WORDS = st.text("abcdefg ", max_size=8)


@given(WORDS, WORDS)
def test_edit_distance_is_the_same_both_ways_and_bounded(a, b):
    whole = edit_distance(a, b, 20)
    assert whole == edit_distance(b, a, 20)
    assert (whole == 0) == (a == b)
    assert edit_distance(a, b, 2) == min(whole, 3)


@given(st.text(max_size=30))
def test_any_text_is_understood_or_not_and_never_fails(text):
    match = embedded().resolve(text)
    assert (match.status == "found") == (match.place is not None)
    assert (match.status == "ambiguous") <= (len(match.candidates) > 1)
