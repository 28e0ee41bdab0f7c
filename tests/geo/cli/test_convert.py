"""``contraflow convert``: the standard table in any format, with its account."""

from __future__ import annotations

import csv
import json

import pytest

from geo.schema import AREA_COLUMNS, EVENT_COLUMNS

MONTHS = "Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,Octubre,Noviembre,Diciembre"
HEADER = (
    "Año,Clave_Ent,Entidad,Cve. Municipio,Municipio,Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad,"
    f"{MONTHS}\n"
)


def crimes(path, year, *counts, code="11001"):
    """Write a year of one municipality as the Mexican statistics of crimes do."""
    said = ",".join(str(n) for n in counts)
    row = f"{year},{code[:2]},Guanajuato,{code},Abasolo,La vida,Homicidio,Homicidio doloso,Con arma de fuego,{said}\n"
    path.write_text(HEADER + row, encoding="latin-1")
    return path


@pytest.fixture
def points(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("folio,lon,lat,fecha,droga,lb\nA,-110.97,31.34,14/03/2011,cocaína,10\nB,,,15/03/2011,heroína,1\n")
    return path


def rows(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_events_come_out_under_the_standard_names_and_the_own_columns_follow(points, tmp_path, run_cli):
    out = tmp_path / "out.csv"
    result = run_cli("convert", points, "-o", out)
    header = out.read_text().splitlines()[0].split(",")
    assert header == [*EVENT_COLUMNS, "folio", "lon", "lat", "fecha", "droga", "lb"]
    first, second = rows(out)
    assert (first["start"], first["commodity"], first["unit"], first["lb"]) == ("2011-03-14", "COCAINE", "kg", "10")
    assert float(first["quantity"]) == pytest.approx(4.5359237)
    assert second["longitude"] == ""
    assert "2 events from 2 rows of p.csv" in result.stderr
    assert "without a usable place, in the table all the same: 1 no coordinates" in result.stderr


def test_options_overrule_and_where_selects(points, tmp_path, run_cli):
    out = tmp_path / "out.csv"
    run_cli("convert", points, "-o", out, "--where", "folio == 'B'", "--column", "event_id=droga", "-q")
    (row,) = rows(out)
    assert (row["event_id"], row["folio"]) == ("heroína", "B")


def test_summary_goes_where_the_table_does_not(points, tmp_path, run_cli):
    said = json.loads(run_cli("convert", points, "-o", tmp_path / "o.parquet", "--json", "-q").stdout)
    assert (said["kind"], said["rows_read"], said["rows_written"]) == ("events", 2, 2)
    result = run_cli("convert", points, "-o", "-", "--json", "-q")
    assert result.stdout.startswith("event_id,")
    assert json.loads(result.stderr)["dropped"] == {"missing": 1}


def test_two_releases_are_never_added(tmp_path, run_cli):
    out, rejects = tmp_path / "out.csv", tmp_path / "rejects.csv"
    old = crimes(tmp_path / "old.csv", 2023, *range(1, 13))
    new = crimes(tmp_path / "new.csv", 2023, *range(101, 113))
    result = run_cli("convert", old, new, "-o", out, "--rejects", rejects)
    table = rows(out)
    assert list(table[0])[: len(AREA_COLUMNS)] == list(AREA_COLUMNS)
    assert [float(row["value"]) for row in table] == list(range(101, 113))
    assert {row["input_file"] for row in table} == {"new.csv"}
    assert "12 rows of old.csv left out" in result.stderr
    told = [row for row in rows(rejects) if row["reason"] == "other_release"]
    assert [row["file"] for row in told] == ["old.csv"] * 12
    # another year, or another municipality of another state, is no second release
    year = crimes(tmp_path / "year.csv", 2024, *range(12))
    run_cli("convert", old, year, "-o", out, "-q")
    assert len(rows(out)) == 24


def test_codes_stay_text_in_formats_with_types(tmp_path, run_cli):
    import openpyxl

    run_cli("convert", crimes(tmp_path / "c.csv", 2023, *range(12), code="01001"), "-o", tmp_path / "o.xlsx", "-q")
    header, first, *_ = openpyxl.load_workbook(tmp_path / "o.xlsx").active.iter_rows(values_only=True)
    row = dict(zip(header, first, strict=True))
    assert row["area_code"] == "01001"
    assert row["value"] == 0  # no cases is zero, and not blank


def test_two_kinds_are_two_tables(points, tmp_path, run_cli):
    area = crimes(tmp_path / "c.csv", 2023, *range(12))
    result = run_cli("convert", points, area, "-o", tmp_path / "o.csv", code=2)
    assert "p.csv holds events and c.csv area values" in result.stderr


@pytest.mark.parametrize("command", ["join", "map"])
def test_sums_are_no_points(command, tmp_path, run_cli):
    area = crimes(tmp_path / "c.csv", 2023, *range(12))
    out = tmp_path / ("o.csv" if command == "join" else "o.html")
    result = run_cli(command, area, "-o", out, code=1)
    assert len(result.stderr.splitlines()) == 1
    for words in ("c.csv: is SESNSP", "sums of an area and a period", "contraflow convert", "--violence"):
        assert words in result.stderr
    assert not out.exists()


def test_sites_are_points(tmp_path, run_cli):
    path = tmp_path / "heads.csv"
    path.write_text(
        "id,CVE_ENT,CVE_MUN,MunName,Long,Lat,DistUSBorder,MetroArea\n"
        "2004,2,4,Tijuana,-117.02,32.53,5,Tijuana\n8037,8,37,Juárez,-106.48,31.74,2,NA\n"
    )
    run_cli("join", path, "-o", tmp_path / "j.csv", "-q")
    assert [row["violence_name"] for row in rows(tmp_path / "j.csv")] == ["Tijuana", "Juárez"]
    assert json.loads(run_cli("convert", path, "-o", tmp_path / "s.csv", "--json", "-q").stdout)["kind"] == "sites"


def test_the_output_may_not_be_an_input(points, run_cli):
    assert "is an input" in run_cli("convert", points, "-o", points, code=2).stderr
    assert "-o" in run_cli("convert", points, code=2).stderr
