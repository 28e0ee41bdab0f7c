"""Words for goods, to codes."""

from __future__ import annotations

import pytest

from geo.clean.commodity import AMBIGUOUS, code_of, commodities, group_of, known_share


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("METH", "METH"), ("Methamphetamine", "METH"), ("crystal meth", "METH"), ("liquid meth", "METH_LIQUID"),
        ("marihuana", "MARIJUANA"), ("Mariguana", "MARIJUANA"), ("heroína", "HEROIN"), ("black tar heroin", "HEROIN"),
        ("COCAINE HCL", "COCAINE"), ("fent.", "FENTANYL"), ("US currency", "CASH_USD"), ("pesos", "CASH_MXN"),
        ("guns", "FIREARM_UNSPEC"), ("rifles/pistols", "FIREARM_UNSPEC"), ("pistola calibre 9 mm", "HANDGUN"),
        ("AK-47 rifle", "RIFLE_AK"), ("cuernos de chivo", "RIFLE_AK"), ("Barrett .50 caliber", "RIFLE_50"),
        ("long gun", "LONG_GUN"), ("fusil", "RIFLE"), ("cartuchos útiles", "AMMO"), ("7.62x39 rounds", "AMMO_762"),
        ("cartuchos de dinamita", "DYNAMITE"),
        ("granada de fragmentación", "GRENADE"), ("40mm grenade", "GRENADE_40MM"),
        ("LSD", "OTHER_DRUG"), ("Khat (Catha Edulis)", "OTHER_DRUG"), ("Ketamine", "OTHER_DRUG"),
        ("drogas", "OTHER_DRUG"),
        ("televisions", "OTHER"), ("Other", "OTHER"), ("arma blanca", "OTHER"),
        ("cargadores para AK-47", "MAGAZINE"), ("cartuchos para pistola", "AMMO"), ("droga cristal", "METH"),
        ("metanfetamina (cristal)", "METH"),
    ],
)  # fmt: skip
def test_codes(words, code):
    assert code_of(words).code == code


@pytest.mark.parametrize(
    ("words", "may_be"), [("cargador", "MAGAZINE"), ("papa", "GRENADE"), ("Cristal", "METH"), ("parque", "AMMO")]
)
def test_words_with_two_meanings_stay_so(words, may_be):
    found = code_of(words)
    assert found.code is None
    assert may_be in found.candidates


def test_two_commodities_in_one_cell_are_not_one():
    found = code_of("cocaine and heroin")
    assert found.code is None
    assert set(found.candidates) == {"COCAINE", "HEROIN"}


def test_the_category_beside_it_may_settle_a_word():
    assert code_of("cristal", context="drogas").code == "METH"
    assert code_of("cargador", context="armas").code == "MAGAZINE"


def test_words_are_matched_whole():
    assert code_of("something").code == "OTHER"  # holds "meth"
    assert code_of("cocainetown road").code == "OTHER"


def test_the_unit_tells_pills_from_powder():
    assert code_of("fentanyl", "pills").code == "FENTANYL_PILLS"
    assert code_of("fentanyl pills", "kg").code == "FENTANYL"
    assert code_of("meth", "L").code == "METH_LIQUID"
    assert code_of("cash", "MXN").code == "CASH_MXN"
    assert code_of("cash", "USD").code == "CASH_USD"


def test_every_label_and_code_of_the_table_means_itself():
    from geo.read.seeds import table

    for row in table("commodities").to_pylist():
        assert code_of(row["code"]).code == row["code"]
        for label in (row["label_en"], row["label_es"]):
            found = code_of(label)
            assert found.code == row["code"] or row["code"] in found.candidates, label


def test_groups_and_defaults():
    assert group_of("RIFLE_AK") == "firearm"
    assert group_of(None) is None
    assert commodities()["HANDGUN"].direction == "south"
    assert commodities()["GRENADE"].direction is None
    assert commodities()["METH"].unit == "kg"


def test_share_of_known_words():
    assert known_share(["guns", "meth", "x", "y"]) == 0.5
    assert known_share([]) == 0


def test_ambiguous_words_are_of_the_lexicon():
    from geo.clean.commodity import _lexicon

    known = set(_lexicon())
    assert len([w for w in AMBIGUOUS if w in known]) > 0.8 * len(AMBIGUOUS)
