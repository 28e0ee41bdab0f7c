"""Names and codes of states: INEGI codes of Mexico, Spanish names of the US.

GeoNames numbers Mexican states in its own way; those numbers must never pass for INEGI codes.
"""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    """A Mexican state: its names, its HASC code (Natural Earth) and its GeoNames number."""

    name_es: str
    hasc: str
    geonames: str
    english: str | None = None

    @property
    def name(self) -> str:
        """English name: the Spanish one, accents kept, unless English has its own."""
        return self.english or self.name_es


MX_STATES = {
    "01": State("Aguascalientes", "MX.AG", "01"),
    "02": State("Baja California", "MX.BN", "02"),
    "03": State("Baja California Sur", "MX.BS", "03"),
    "04": State("Campeche", "MX.CM", "04"),
    "05": State("Coahuila", "MX.CA", "07"),
    "06": State("Colima", "MX.CL", "08"),
    "07": State("Chiapas", "MX.CP", "05"),
    "08": State("Chihuahua", "MX.CH", "06"),
    "09": State("Ciudad de México", "MX.DF", "09", "Mexico City"),
    "10": State("Durango", "MX.DU", "10"),
    "11": State("Guanajuato", "MX.GJ", "11"),
    "12": State("Guerrero", "MX.GR", "12"),
    "13": State("Hidalgo", "MX.HI", "13"),
    "14": State("Jalisco", "MX.JA", "14"),
    "15": State("Estado de México", "MX.MX", "15", "State of Mexico"),
    "16": State("Michoacán", "MX.MC", "16"),
    "17": State("Morelos", "MX.MR", "17"),
    "18": State("Nayarit", "MX.NA", "18"),
    "19": State("Nuevo León", "MX.NL", "19"),
    "20": State("Oaxaca", "MX.OA", "20"),
    "21": State("Puebla", "MX.PU", "21"),
    "22": State("Querétaro", "MX.QE", "22"),
    "23": State("Quintana Roo", "MX.QR", "23"),
    "24": State("San Luis Potosí", "MX.SL", "24"),
    "25": State("Sinaloa", "MX.SI", "25"),
    "26": State("Sonora", "MX.SO", "26"),
    "27": State("Tabasco", "MX.TB", "27"),
    "28": State("Tamaulipas", "MX.TM", "28"),
    "29": State("Tlaxcala", "MX.TL", "29"),
    "30": State("Veracruz", "MX.VE", "30"),
    "31": State("Yucatán", "MX.YU", "31"),
    "32": State("Zacatecas", "MX.ZA", "32"),
}
"""INEGI code to state. The names are those of the homicide tables."""

US_STATES_ES = {
    "DC": "Distrito de Columbia",
    "LA": "Luisiana",
    "MI": "Míchigan",
    "MO": "Misuri",
    "MS": "Misisipi",
    "NC": "Carolina del Norte",
    "ND": "Dakota del Norte",
    "NH": "Nuevo Hampshire",
    "NJ": "Nueva Jersey",
    "NM": "Nuevo México",
    "NY": "Nueva York",
    "OR": "Oregón",
    "PA": "Pensilvania",
    "SC": "Carolina del Sur",
    "SD": "Dakota del Sur",
    "WV": "Virginia Occidental",
}
"""US states whose usual Spanish name differs from the English one."""
