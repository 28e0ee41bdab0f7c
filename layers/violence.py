"""Violence: homicides by municipality, one year and one measure at a time.

Deaths (civil register) and cases (prosecutors' files) are two measures and never one series. Colour is the class
of the smoothed rate, in five classes whose limits are the same for every year and measure; a municipality where
none was recorded is apart from them, and one without data apart from both. The count and the population stand
beside every rate: in a village of 900 one killing is 111 per 100,000. Outlines mark hot and cold spots.

Without polygons a municipality is a disc at its seat, its area proportional to the count: no boundary is invented.
With the user's own polygons, recognised by a column of INEGI codes, it is a choropleth.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import SchemaError, UsageError
from geo.inegi import municipal_codes
from geo.layer import Column, Layer, LayerData, LegendClass, Mark, SourceNote, Style, Symbol, Tables, Words, sources_of
from geo.table import Features, FloatArray, numbers, texts, with_columns
from layers._tools import area_true, in_order, optional, placed, plain, say, shaped
from layers._violence_words import FIELDS, HOTSPOTS, MEASURES, method_notes

LIMITS = (10.0, 25.0, 50.0, 100.0)
"""Inner limits of the five rate classes, homicides per 100,000 a year, the lower one included. They do not move
between years; the national rate of deaths, 8 in 2007 and 23 in 2011, lies in the first and the second class."""
ZERO, NO_DATA = 5, 6
FULL_COUNT, FULL_PX, LEAST_PX = 2500.0, 50.0, 3.0
"""A disc is as many pixels wide as the square root of its count, so 2,500 homicides are 50 px; 3 px at the least."""

HOMICIDES = SourceNote(
    name="INEGI deaths by homicide 2006-2015; SESNSP intentional-homicide files 2016-2019 and 2024; CONAPO population",
    licence="Mexican public information, free use with attribution",
    period="2006-2019, 2024",
    precision="municipality, drawn at its seat; year of registration",
)


@dataclass(frozen=True)
class Options:
    """Options of the layer."""

    year: int | None = field(default=None, metadata={"help": "Year to show; the latest if not given."})
    measure: str | None = field(
        default=None,
        metadata={
            "help": "Deaths (civil register) or cases (prosecutors' files); what the year has if not given.",
            "choices": ("deaths", "cases"),
        },
    )


def build(tables: Tables, options: Options) -> LayerData:
    """Draw the smoothed rate of one year and measure, at the seats or on the user's polygons.

    Parameters
    ----------
    tables
        ``violence``: a row a municipality, year and measure, with count and population, and rates and hot spots
        where they have been computed; ``violence_areas``, if given: polygons with a column of INEGI codes.
    options
        Year and measure.

    Raises
    ------
    UsageError
        If there is no such year or measure.
    SchemaError
        If ``violence_areas`` has no column of INEGI codes.
    """
    everything = plain(tables, "violence")
    year, measure = _choose(everything, options)
    shown = _with_classes(_slice(everything, year, measure))
    areas = tables.get("violence_areas")
    drawn = _seats(shown) if areas is None else _choropleth(shown, areas)
    return LayerData(
        mark=drawn.mark,
        table=drawn.table,
        geometry=drawn.geometry,
        fields=FIELDS,
        classes=_classes(drawn.mark),
        outlines=_outlines(drawn.mark),
        style=Style("_class", "_size" if drawn.mark == "sites" else None, "_outline"),
        title=_title(year, measure),
        size_legend=_SIZES if drawn.mark == "sites" else (),
        legend_notes=_legend_notes(measure),
        method_notes=method_notes(drawn.mark == "areas", LEAST_PX),
        sources=(*sources_of(everything, HOMICIDES), *_area_sources(areas)),
        parameters={"year": year, "measure": measure, "class_limits_per_100k": list(LIMITS), "boundaries": drawn.mark},
        dropped=drawn.dropped,
    )


# which year, which measure ------------------------------------------------------------------------------------------


def _choose(violence: pa.Table, options: Options) -> tuple[int | None, str | None]:
    """Return the year and measure to show: those asked for, else the latest there are."""
    pairs = violence.group_by(["year", "measure"]).aggregate([]).to_pylist()
    there = sorted({(int(pair["year"]), pair["measure"] or "") for pair in pairs if pair["year"] is not None})
    fitting = [
        (year, measure)
        for year, measure in there
        if options.year in (None, year) and options.measure in (None, measure)
    ]
    if fitting:
        return fitting[-1][0], fitting[-1][1] or None
    if options.year is None and options.measure is None:
        return None, None
    asked = " ".join(str(part) for part in (options.measure, options.year) if part is not None)
    raise UsageError(f"violence: there is no {asked}; there is {_told(there) or 'nothing'}")


def _told(there: list[tuple[int, str]]) -> str:
    """Say which years each measure has: ``deaths 2006 to 2015, cases 2016, ...``."""
    years: dict[str, list[int]] = {}
    for year, measure in there:
        years.setdefault(measure or "no measure", []).append(year)
    return "; ".join(f"{measure} {', '.join(map(str, found))}" for measure, found in years.items())


def _slice(violence: pa.Table, year: int | None, measure: str | None) -> pa.Table:
    """Return the rows of the year and measure, and a row without figures for each other municipality known."""
    violence = _filled(violence)
    wanted = pc.and_kleene(
        pc.equal(violence["year"], pa.scalar(year, pa.int64())),
        pc.equal(pc.fill_null(violence["measure"], ""), measure or ""),
    )
    rows = _computed(violence.filter(pc.fill_null(wanted, False)))
    others = violence.filter(pc.invert(pc.is_in(violence["inegi_code"], value_set=rows["inegi_code"].combine_chunks())))
    # One row each, from the latest year in which there is one.
    latest = others.take(pc.sort_indices(others, sort_keys=[("inegi_code", "ascending"), ("year", "descending")]))
    codes = latest["inegi_code"].to_pylist()
    first = [n for n, code in enumerate(codes) if n == 0 or code != codes[n - 1]]
    known = latest.take(pa.array(first, type=pa.int64())).select(
        ["inegi_code", "name", "state", "longitude", "latitude"]
    )
    blank = {
        part.name: known[part.name].cast(part.type)
        if part.name in known.schema.names
        else pa.nulls(len(known), part.type)
        for part in rows.schema
    }
    blank["year"] = pa.array([year] * len(known), type=pa.int64())
    blank["measure"] = pa.array([measure] * len(known), type=pa.string())
    return pa.concat_tables([rows.replace_schema_metadata(None), pa.table(blank)])


def _filled(violence: pa.Table) -> pa.Table:
    for name, kind in _TYPES.items():
        violence = optional(violence, name, kind)
    return with_columns(violence, {name: violence[name].cast(kind) for name, kind in _TYPES.items()}).select(
        list(_TYPES)
    )


def _computed(rows: pa.Table) -> pa.Table:
    """Return rows with rates and hot spots: those of the table, else computed from counts and population."""
    if not len(rows) or rows["rate_smoothed_per_100k"].null_count < len(rows):
        return rows
    from geo.stats.violence import rate_table

    # The neighbours of a seat do not depend on the order of the rows, ties apart: so the order is fixed.
    rates = rate_table(in_order(rows, "inegi_code"))
    return rates.select(list(_TYPES)).cast(pa.schema(list(_TYPES.items())))


_TYPES = {
    "inegi_code": pa.string(),
    "name": pa.string(),
    "state": pa.string(),
    "longitude": pa.float64(),
    "latitude": pa.float64(),
    "year": pa.int64(),
    "measure": pa.string(),
    "count": pa.int64(),
    "population": pa.int64(),
    "rate_per_100k": pa.float64(),
    "rate_smoothed_per_100k": pa.float64(),
    "gi_star_z": pa.float64(),
    "p": pa.float64(),
    "hotspot": pa.string(),
}


# how it is drawn ----------------------------------------------------------------------------------------------------


def _with_classes(rows: pa.Table) -> pa.Table:
    count, rate = numbers(rows, "count"), numbers(rows, "rate_smoothed_per_100k")
    outline = [HOTSPOTS.index(word) if word in HOTSPOTS else None for word in texts(rows, "hotspot")]
    return with_columns(
        rows,
        {"_class": pa.array(rate_class(count, rate)), "_outline": pa.array(outline, type=pa.int64())},
    )


def rate_class(count: FloatArray, rate_per_100k: FloatArray) -> npt.NDArray[np.int64]:
    """Return the class of each municipality: 0 to 4 by its rate, `ZERO` where none was recorded, `NO_DATA`.

    Parameters
    ----------
    count, rate_per_100k : (n,) float64
        Homicides and their smoothed rate, per 100,000 people; NaN where unknown.
    """
    classes = np.searchsorted(LIMITS, np.nan_to_num(rate_per_100k), side="right").astype(np.int64)
    classes[np.isnan(count) | np.isnan(rate_per_100k)] = NO_DATA
    classes[count == 0] = ZERO
    return classes


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The rows as they are drawn."""

    mark: Mark
    table: pa.Table
    geometry: npt.NDArray[np.object_] | None
    dropped: dict[str, int]


def _seats(rows: pa.Table) -> _Drawn:
    kept = placed(rows, "inegi_code")
    size = area_true(numbers(kept.table, "count"), FULL_COUNT, FULL_PX, LEAST_PX)
    table = with_columns(kept.table, {"_size": pa.array(size)})
    lost = sum(kept.dropped.values())
    return _Drawn("sites", table, None, {"municipality without a known seat": lost} if lost else {})


def _choropleth(rows: pa.Table, areas: pa.Table | Features) -> _Drawn:
    """Give each polygon the row of its code; a polygon whose code has no row has no data."""
    if not isinstance(areas, Features):
        raise SchemaError("violence_areas: polygons are needed, and this table has no geometry")
    found = municipal_codes(areas.table)
    if found is None:
        raise SchemaError(
            "violence_areas: no column of INEGI codes; name it inegi_code or CVEGEO, or give state_code and mun_code"
        )
    shapes, dropped = shaped(Features(pa.table({"inegi_code": found[0]}), areas.geometry), "inegi_code")
    codes = shapes.table["inegi_code"].combine_chunks()
    at = pc.index_in(codes, value_set=rows["inegi_code"].combine_chunks())
    matched = {name: rows[name].combine_chunks().take(at) for name in rows.schema.names}
    matched["inegi_code"] = codes
    matched["_class"] = pc.fill_null(matched["_class"], NO_DATA)
    missing = len(set(rows["inegi_code"].to_pylist()) - set(codes.to_pylist()))
    if missing:
        dropped["municipality without a polygon"] = missing
    return _Drawn("areas", pa.table(matched), shapes.geometry, dropped)


# legend -------------------------------------------------------------------------------------------------------------


def _classes(mark: Mark) -> tuple[LegendClass, ...]:
    area = mark == "areas"
    shape = "area" if area else "circle"
    steps = ("under 10", "10 to 25", "25 to 50", "50 to 100", "100 or more")
    pasos = ("menos de 10", "10 a 25", "25 a 50", "50 a 100", "100 o más")
    rates = [
        LegendClass(
            f"rate_{n + 1}",
            say(f"{en} per 100,000", f"{es} por 100,000"),
            Symbol(
                shape,  # type: ignore[arg-type]
                fill=f"violence-{n + 1}",
                stroke="paper" if area else "violence-5",
                stroke_px=0.5 if area else 0.75,
                size_px=24 if area else 12,
                opacity=1.0 if area else 0.85,
            ),
        )
        for n, (en, es) in enumerate(zip(steps, pasos, strict=True))
    ]
    zero = LegendClass(
        "zero",
        say("None recorded", "Ninguno registrado"),
        Symbol("area", fill="land", stroke="state-line", stroke_px=0.5, size_px=24)
        if area
        else Symbol("dot", fill="paper", stroke="label-quiet", stroke_px=0.75, size_px=4, opacity=0.6),
    )
    no_data = LegendClass(
        "no_data",
        say("No data", "Sin datos"),
        Symbol("area", fill="no-data-line", stroke="no-data-line", stroke_px=0.5, size_px=24, hatch=True)
        if area
        else Symbol("circle", fill="no-data", stroke="no-data", stroke_px=0.75, size_px=8, hatch=True),
        note=say("Not zero: no figure was published.", "No es cero: no se publicó la cifra."),
    )
    return (*rates, zero, no_data)


def _outlines(mark: Mark) -> tuple[LegendClass, ...]:
    words = {
        "hot99": say("Hot spot, 99 %", "Foco, 99 %"),
        "hot95": say("Hot spot, 95 %", "Foco, 95 %"),
        "cold95": say("Cold spot, 95 %", "Zona fría, 95 %"),
        "cold99": say("Cold spot, 99 %", "Zona fría, 99 %"),
    }
    shape = "area" if mark == "areas" else "circle"
    outlines = []
    for key in HOTSPOTS:
        color = "hot" if key.startswith("hot") else "cold"
        symbol = Symbol(
            shape,  # type: ignore[arg-type]
            stroke=color,
            stroke_px=2.5,
            size_px=24 if mark == "areas" else 10,
            outline="double" if key.endswith("99") else "single",
            outline_color=color,
        )
        outlines.append(LegendClass(key, words[key], symbol))
    return tuple(outlines)


_SIZES = tuple(
    (float(np.sqrt(n) * FULL_PX / np.sqrt(FULL_COUNT)), say(f"{n:,} homicides", f"{n:,} homicidios"))
    for n in (25, 250, 2500)
)


def _title(year: int | None, measure: str | None) -> Words:
    if year is None:
        return LAYER.title
    known = MEASURES.get(measure or "")
    what = known[0] if known else say(f"Homicides ({measure})", f"Homicidios ({measure})") if measure else LAYER.title
    return say(f"{what['en']}, {year}", f"{what['es']}, {year}")


def _legend_notes(measure: str | None) -> tuple[Words, ...]:
    notes = [
        say(
            "Colour: homicides per 100,000 people, smoothed. The same limits every year.",
            "Color: homicidios por 100,000 habitantes, suavizados. Los mismos límites cada año.",
        )
    ]
    if measure in MEASURES:
        notes.insert(0, MEASURES[measure][1])
    return tuple(notes)


def _area_sources(areas: pa.Table | Features | None) -> tuple[SourceNote, ...]:
    if areas is None:
        return ()
    return sources_of(areas, SourceNote("Polygons given by the user", "not stated", "not stated", "as given"))


LAYER = Layer(
    name="violence",
    title=say("Homicides", "Homicidios"),
    description=say(
        "Homicides by municipality: count, population and smoothed rate of one year, with hot and cold spots.",
        "Homicidios por municipio: cuenta, población y tasa suavizada de un año, con focos y zonas frías.",
    ),
    group="violence",
    needs=("violence",),
    optional=("violence_areas",),
    schemas={
        "violence": {
            "inegi_code": Column("code"),
            "year": Column("integer", minimum=1900, maximum=2100),
            "count": Column("integer", minimum=0),
            "population": Column("integer", minimum=0),
            "measure": Column("text", required=False),
            "name": Column("text", required=False),
            "state": Column("text", required=False),
            "longitude": Column("number", required=False, minimum=-180, maximum=180),
            "latitude": Column("number", required=False, minimum=-90, maximum=90),
            "rate_per_100k": Column("number", required=False, minimum=0),
            "rate_smoothed_per_100k": Column("number", required=False, minimum=0),
            "gi_star_z": Column("number", required=False),
            "p": Column("number", required=False, minimum=0, maximum=1),
            "hotspot": Column("text", required=False, allowed=HOTSPOTS),
        }
    },
    option="violence",
    options=Options,
    build=build,
    order=40,
)
