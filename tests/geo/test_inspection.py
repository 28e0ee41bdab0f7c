"""What is said of a file: every choice with its reason and its option, and what became of every row."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from geo.errors import ReadError
from geo.inspection import RasterInspection, inspect, joined_problems
from geo.read.reading import ReadOptions

POINTS = """\
Report of seizures;;;;;
folio;longitud;latitud;fecha;droga;libras
A-1;-110,97;31,34;14/03/2011;cocaína;12
A-2;;;15/03/2011;marihuana;5
A-3;0;0;;heroína;
A-4;-99,51;27,5;16/03/2011;heroína;2
"""


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(POINTS.encode("latin-1"))
    return path


def test_the_file_is_described_with_reasons_and_remedies(points):
    found = inspect(points)
    assert (found.format, found.source, found.kind) == ("CSV", None, "events")
    said = {choice.what: choice for choice in found.file_choices}
    assert said["encoding"].value == "latin-1"
    assert said["encoding"].overrule == "--encoding NAME"
    assert said["delimiter"].value == "semicolon"
    assert said["header"].value == "line 2"
    assert said["header"].overrule == "--skip-rows N"
    assert said["crs"].value.startswith("EPSG:4326")
    assert all(choice.reason for choice in found.file_choices)


def test_every_column_has_its_role_reason_and_option_or_stays_as_it_is(points):
    found = inspect(points)
    roles = {choice.what: choice.value for choice in found.columns}
    assert roles == {
        "event_id": "folio", "longitude": "longitud", "latitude": "latitud", "date": "fecha", "commodity": "droga",
        "quantity": "libras",
    }  # fmt: skip
    assert all(choice.reason for choice in found.columns)
    assert {choice.overrule for choice in found.columns if choice.what == "date"} == {"--column date=NAME"}
    assert found.other_columns == ()
    given = inspect(points, ReadOptions(columns={"quantity": "", "date": "fecha"}))
    assert given.other_columns == ("libras",)
    assert next(c.reason for c in given.columns if c.what == "date") == "given with --column"


def test_dates_units_and_what_became_of_the_rows(points):
    found = inspect(points)
    assert asdict(found.dates) == {
        "columns": "fecha", "first": "2011-03-14", "last": "2011-03-16", "rows": {"day": 3}, "without": 1,
    }  # fmt: skip
    order = next(choice for choice in found.choices if choice.what == "date order")
    assert (order.value, order.overrule) == ("DMY", "--date-order DMY|MDY|YMD")
    assert [asdict(unit) for unit in found.units] == [
        {"measure": None, "reported": "lb", "unit": "kg", "rows": 3},
    ]
    assert (found.rows.read, found.rows.made, found.rows.placed) == (4, 4, 2)
    assert found.rows.dropped == {"no coordinates": 1, "coordinates are zero": 1}
    assert any("row 4: no coordinates" in message for message in found.messages)


def test_rows_that_cannot_be_read_and_those_left_out_are_counted_in(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat\na,-110.97,31.34\nb,1,2,3,4\nc,-99.5,27.5\nd,-99.5,27.5\n")
    found = inspect(path, ReadOptions(where="id != 'd'"))
    assert (found.rows.read, found.rows.excluded, found.rows.made) == (4, 1, 2)
    assert found.rows.dropped == {"wrong number of fields": 1}


def test_a_file_of_a_known_source_is_named_and_its_sums_are_counted_by_measure(tmp_path):
    months = "Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,Octubre,Noviembre,Diciembre"
    kind = "Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad"
    text = f"Año,Clave_Ent,Entidad,Cve. Municipio,Municipio,{kind},{months}\n"
    row = "2024,11,Guanajuato,11001,Abasolo,La vida,Homicidio,Homicidio doloso,Con arma de fuego,"
    path = tmp_path / "idm.csv"
    path.write_text(text + row + ",".join("123456789876"[:12]) + "\n")
    found = inspect(path)
    assert found.source == "sesnsp"
    assert found.kind == "area values"
    assert found.columns == ()  # its reader knows the columns; guessed roles would mislead
    assert found.rows.made == 12
    assert (found.dates.first, found.dates.last) == ("2024-01-01", "2024-12-31")
    assert [(unit.measure, unit.rows) for unit in found.units] == [("Homicidio doloso", 12)]


def test_the_summary_is_plain_json(points):
    said = json.loads(json.dumps(inspect(points).summary()))
    assert said["reader"] == {"format": "CSV", "source": None, "title": None, "kind": "events"}
    assert said["encoding"]["value"] == "latin-1"
    assert said["columns"][0].keys() == {"role", "column", "reason", "overrule"}
    assert said["rows"]["dropped"] == {"no coordinates": 1, "coordinates are zero": 1}


def test_a_raster_is_described_by_what_is_in_it(tmp_path):
    import rasterio

    path = tmp_path / "r.tif"
    values = np.array([[1, 2, -9], [4, -9, 6]], dtype="float32")
    with rasterio.open(
        path, "w", driver="GTiff", width=3, height=2, count=1, dtype="float32", nodata=-9, crs="EPSG:32613",
        transform=rasterio.Affine(1000, 0, 300_000, 0, -500, 3_500_000),
    ) as raster:  # fmt: skip
        raster.write(values, 1)
    found = inspect(path)
    assert isinstance(found, RasterInspection)
    assert found.crs == "EPSG:32613 (WGS 84 / UTM zone 13N)"
    assert (found.units, found.cell) == ("metre", (1000, 500))
    assert (found.width, found.height, found.nodata) == (3, 2, -9)
    assert (found.valid, found.least, found.greatest, found.sum) == (4, 1, 6, 13)
    assert found.extent == (300_000, 3_499_000, 303_000, 3_500_000)
    assert json.loads(json.dumps(found.summary()))["kind"] == "raster"


def test_polygons_say_their_system_and_their_faults(tmp_path):
    path = tmp_path / "a.geojson"
    bow = "[[[-112,31],[-110,32],[-110,31],[-112,32],[-112,31]]]"
    path.write_text(f'{{"type":"Feature","properties":{{"id":1}},"geometry":{{"type":"Polygon","coordinates":{bow}}}}}')
    found = inspect(path)
    assert found.kind == "areas"
    assert found.rows.flagged == {"outline crosses or touches itself": 1}
    crs = next(choice for choice in found.file_choices if choice.what == "crs")
    assert (crs.value, crs.reason) == ("OGC:CRS84 (WGS 84 (CRS84))", "the format's own")
    assert len(joined_problems([found, found])) == 2


def test_a_file_that_is_not_understood_is_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("id,lon,lat,date\na,-110.97,31.34,03/04/2011\n")
    with pytest.raises(ReadError, match="--date-order"):
        inspect(path)


@pytest.mark.data
def test_every_public_file_is_described_or_refused_in_one_line(public_data):
    refused = {}
    beside = (".md", ".dbf", ".shx", ".prj", ".cpg")
    for path in sorted(p for p in public_data.rglob("*.*") if p.is_file() and p.suffix not in beside):
        try:
            json.dumps(inspect(path).summary())
        except ReadError as error:
            refused[path.name] = str(error)
    assert refused.keys() <= {"mx_tj.json"}
    assert all("\n" not in message for message in refused.values())
    assert "--sheet" in refused["mx_tj.json"]
