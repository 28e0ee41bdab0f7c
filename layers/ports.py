"""Ports of entry: where people and goods cross in law, and how many come north.

The size of a port is its traffic of one year by one measure. These are entries to the United States; nobody
publishes a count of what leaves, so the same number must not be read as southbound traffic.

The public record of outbound checks is told by port and never by crossing, over all years: a map of gaps between
crossings would help smugglers. "None found" means that we found no public record; it is not "none", and not zero.
A record is a check that a public source describes at any crossing of the port, or a documented southbound seizure
made at the port.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import UsageError
from geo.layer import Column, Field, Layer, LayerData, LegendClass, SourceNote, Style, Symbol, Tables, Words, sources_of
from geo.table import column, numbers, texts, with_columns
from layers._tools import area_true, optional, placed, plain, round_steps, say

FULL_PX, LEAST_PX = 32.0, 9.0
"""Width of a port at the largest yearly count of its measure, and of the smallest port that can still be clicked."""

MEASURES: dict[str, tuple[Words, Words]] = {
    "trucks": (say("Trucks", "Camiones de carga"), say("trucks", "camiones")),
    "pedestrians": (say("Pedestrians", "Peatones"), say("pedestrians", "peatones")),
    "personal_vehicles": (say("Personal vehicles", "Autos particulares"), say("vehicles", "autos")),
    "buses": (say("Buses", "Autobuses"), say("buses", "autobuses")),
    "trains": (say("Trains", "Trenes"), say("trains", "trenes")),
}
MODES = {
    "vehicle": say("vehicles", "autos"),
    "truck": say("trucks", "camiones"),
    "bus": say("buses", "autobuses"),
    "pedestrian": say("on foot", "a pie"),
    "rail": say("rail", "ferrocarril"),
}
_FOUND, _NONE_FOUND = "yes", "none found"

TRAFFIC = SourceNote(
    name="BTS, Border Crossing Entry Data: northbound entries by port and year",
    licence="US government work, public domain",
    period="2004-2024",
    precision="port; calendar year",
)
PORTS = SourceNote(
    name="BTS and CBP port list; places of Brownsville and Calexico from TxDOT and CBP",
    licence="US government work, public domain",
    period="1996-2025",
    precision="one point a port, 5 km; a port may hold crossings 30 km apart",
)
RECORD = SourceNote(
    name="Public record of outbound checks: agency releases and press, by port",
    licence="single facts restated, source named",
    period="2006-2025",
    precision="port; found or none found",
)


@dataclass(frozen=True)
class Options:
    """Options of the layer."""

    year: int | None = field(
        default=None, metadata={"help": "Year of the traffic; the latest with twelve months reported if not given."}
    )
    measure: str = field(
        default="trucks",
        metadata={"help": "Northbound traffic that sizes the ports.", "choices": tuple(MEASURES)},
    )


def build(tables: Tables, options: Options) -> LayerData:
    """Size the ports by their northbound traffic, and tell by port whether an outbound check is on public record.

    Parameters
    ----------
    tables
        ``ports``; ``port_traffic`` (a row a port and year); ``crossings`` and ``documented_seizures``, for the record.
    options
        Year and measure.

    Raises
    ------
    UsageError
        If there is no traffic of that year, or no such measure.
    """
    if options.measure not in MEASURES:
        raise UsageError(f"no measure {options.measure!r} of port traffic; it should be one of {', '.join(MEASURES)}")
    traffic = plain(tables, "port_traffic")
    year = _year(traffic, options.year)
    kept = placed(_filled(plain(tables, "ports")), "port_code")
    ports = _with_traffic(kept.table, traffic, year)
    ports = with_columns(ports, {"outbound_checks": _record(ports, tables)})
    count = numbers(ports, options.measure)
    full = _largest(traffic, options.measure)
    ports = with_columns(
        ports,
        {
            "_class": _class(ports),
            "_outline": column(np.where(np.isnan(count), 0.0, np.where(count == 0, 1.0, np.nan)), pa.int64()),
            "_size": pa.array(area_true(count, full, FULL_PX, LEAST_PX)),
        },
    )
    what, unit = MEASURES[options.measure]
    return LayerData(
        mark="sites",
        table=ports,
        fields=_fields(),
        classes=_CLASSES if ports["outbound_checks"].null_count or not len(ports) else _CLASSES[:2],
        outlines=_outlines(year),
        style=Style("_class", "_size", "_outline", label_column="port_name", label_es_column="port_name", label_zoom=7),
        title=_title(what, year),
        size_legend=_size_legend(full, unit),
        legend_notes=_legend_notes(what),
        method_notes=_method_notes(ports, year, full, unit),
        sources=(
            *sources_of(plain(tables, "ports"), PORTS),
            *sources_of(traffic, TRAFFIC),
            replace(RECORD, rows=texts(ports, "outbound_checks").tolist().count(_FOUND)),
        ),
        parameters={"year": year, "measure": options.measure, "full_size_at": full},
        dropped=kept.dropped,
    )


def _year(traffic: pa.Table, wanted: int | None) -> int | None:
    """Return the year to show: the one wanted, else the latest of which most ports reported all twelve months."""
    years, months = numbers(traffic, "year"), numbers(traffic, "months_reported")
    there = sorted({int(year) for year in years if np.isfinite(year)})
    if wanted is not None:
        if wanted not in there:
            span = f"{there[0]} to {there[-1]}" if there else "none"
            raise UsageError(f"--ports-year {wanted}: no port traffic of that year; there is {span}")
        return wanted
    whole = [year for year in there if np.median(months[years == year]) == 12]
    return whole[-1] if whole else (there[-1] if there else None)


def _filled(ports: pa.Table) -> pa.Table:
    """Return a table with every column that the layer shows; a user's own ports may have a few of them."""
    for name in ("us_city", "us_state", "mx_city", "mx_state", "cbp_field_office", "modes", "status", "note", "source"):
        ports = optional(ports, name)
    return ports


def _with_traffic(ports: pa.Table, traffic: pa.Table, year: int | None) -> pa.Table:
    """Add the counts of the year by port code; null where the source has no row, 0 where it says 0."""
    names = [*MEASURES, "months_reported"]
    of_year = traffic.filter(pc.equal(traffic["year"], year)) if year is not None else traffic.slice(0, 0)
    at = pc.index_in(ports["port_code"].combine_chunks(), value_set=of_year["port_code"].combine_chunks())
    added = {name: of_year[name].combine_chunks().take(at).cast(pa.int64()) for name in names}
    years = pc.if_else(pc.is_valid(at), pa.scalar(year, pa.int64()), pa.scalar(None, pa.int64()))
    return with_columns(ports, {"traffic_year": years, **added})


def _largest(traffic: pa.Table, measure: str) -> float:
    """Return the largest yearly count of any port in any year: the scale stays when the year changes."""
    counts = numbers(traffic, measure)
    return float(np.nanmax(counts)) if np.isfinite(counts).any() else 0.0


def _size_legend(full: float, unit: Words) -> tuple[tuple[float, Words], ...]:
    """Return the smallest symbol with the count up to which it is drawn, and two round counts above it."""
    if not full > 0:
        return ()
    least = full * (LEAST_PX / FULL_PX) ** 2
    # Two digits are enough to read; rounded down, so that every port up to the count is drawn so.
    digit = 10 ** max(0, len(str(int(least))) - 2)
    n = int(least) // digit * digit
    small = (LEAST_PX, say(f"{n:,} {unit['en']} or fewer", f"{n:,} {unit['es']} o menos"))
    above = [step for step in round_steps(full) if step > least]
    sizes = area_true(np.array(above, dtype=np.float64), full, FULL_PX, LEAST_PX)
    return (
        small,
        *((float(px), say(f"{n:,} {unit['en']}", f"{n:,} {unit['es']}")) for n, px in zip(above, sizes, strict=True)),
    )


def _record(ports: pa.Table, tables: Tables) -> pa.Array:
    """Say by port whether an outbound check is on public record; null for ports that were not looked up."""
    crossings, seizures = plain(tables, "crossings"), plain(tables, "documented_seizures")
    described = pc.is_valid(crossings["outbound_checks"])
    outbound = pc.and_(
        pc.and_(pc.equal(seizures["direction"], "south"), pc.equal(seizures["direction_basis"], "reported")),
        pc.and_(pc.equal(seizures["context"], "port"), pc.equal(seizures["side"], "US")),
    )
    known = {*crossings.filter(described)["port_code"].to_pylist(), *seizures.filter(outbound)["port_code"].to_pylist()}
    looked_up = set(crossings["port_code"].to_pylist())
    words = [
        _FOUND if code in known else _NONE_FOUND if code in looked_up else None
        for code in ports["port_code"].to_pylist()
    ]
    return pa.array(words, type=pa.string())


def _class(ports: pa.Table) -> pa.Array:
    number = {_FOUND: 0, _NONE_FOUND: 1, None: 2}
    return pa.array([number[word] for word in texts(ports, "outbound_checks")], type=pa.int64())


_CLASSES = (
    LegendClass(
        "found",
        say("Outbound checks on public record", "Revisiones de salida con registro público"),
        Symbol("square", fill="port", stroke="paper", stroke_px=1.5, size_px=14),
    ),
    LegendClass(
        "none_found",
        say("None found", "Ninguna encontrada"),
        Symbol("square", fill="port", stroke="port", stroke_px=1.5, size_px=14, hatch=True),
        note=say("No public record found. This does not mean none.", "Sin registro público. No significa que no haya."),
    ),
    LegendClass(
        "not_looked_up",
        say("Not looked up", "Sin consultar"),
        Symbol("square", fill="paper", stroke="port", stroke_px=1.5, size_px=14),
    ),
)


def _outlines(year: int | None) -> tuple[LegendClass, ...]:
    when = say("", "") if year is None else say(f" for {year}", f" de {year}")
    return (
        LegendClass(
            "no_figure",
            say(f"No traffic figure{when['en']}", f"Sin dato de tráfico{when['es']}"),
            Symbol("square", size_px=LEAST_PX, outline="dashed", outline_color="port"),
        ),
        LegendClass(
            "zero",
            say("Zero reported", "Cero informado"),
            Symbol("square", size_px=LEAST_PX, outline="single", outline_color="port"),
        ),
    )


def _title(what: Words, year: int | None) -> Words:
    if year is None:
        return LAYER.title
    return say(
        f"Ports of entry: {what['en'].lower()} northbound, {year}",
        f"Puertos de entrada: {what['es'].lower()} hacia el norte, {year}",
    )


def _legend_notes(what: Words) -> tuple[Words, ...]:
    return (
        say(
            f"{what['en']} entering the US; southbound is not counted.",
            f"{what['es']} que entran a Estados Unidos; hacia el sur no se cuenta.",
        ),
    )


def _method_notes(ports: pa.Table, year: int | None, full: float, unit: Words) -> tuple[Words, ...]:
    partial = [
        f"{name} ({months})"
        for name, months in zip(texts(ports, "port_name"), ports["months_reported"].to_pylist(), strict=True)
        if months is not None and months < 12
    ]
    notes = [
        say(
            f"The area of a port is proportional to its yearly count; {full:,.0f} {unit['en']}, the largest count of "
            "any year, is the full size, so ports compare across years. Small ones are drawn large enough to see.",
            f"El área de un puerto es proporcional a su cuenta anual; {full:,.0f} {unit['es']}, la mayor de todos los "
            "años, es el tamaño completo, así que los años se comparan. Los pequeños se dibujan visibles.",
        ),
        say(
            "Outbound checks are told by port, over all years: a public source describes one, or a southbound seizure "
            "at the port was reported. None found is a gap in what was published, not in what was checked.",
            "Las revisiones de salida se indican por puerto, en todos los años: una fuente pública describe una, o se "
            "informó un decomiso hacia el sur en el puerto. Ninguna encontrada es un vacío de lo publicado, no de lo "
            "revisado.",
        ),
    ]
    if year is not None and year <= 2020 and "2401" in ports["port_code"].to_pylist():
        notes.append(
            say(
                "Ysleta is counted inside El Paso until February 2020.",
                "Ysleta se cuenta dentro de El Paso hasta febrero de 2020.",
            )
        )
    if partial:
        listed = ", ".join(partial)
        notes.append(say(f"Fewer than 12 months reported: {listed}.", f"Con menos de 12 meses informados: {listed}."))
    return tuple(notes)


def _fields() -> tuple[Field, ...]:
    counts = (
        Field(name, say(f"{what['en']} northbound", f"{what['es']} hacia el norte"), "integer", "per year")
        for name, (what, _) in MEASURES.items()
    )
    return (
        Field("port_code", say("Port code", "Clave del puerto"), "code"),
        Field("port_name", say("Port", "Puerto")),
        Field("us_city", say("US city", "Ciudad de EE. UU.")),
        Field("us_state", say("US state", "Estado de EE. UU."), "code"),
        Field("mx_city", say("Mexican city", "Ciudad mexicana")),
        Field("mx_state", say("Mexican state", "Estado mexicano")),
        Field("cbp_field_office", say("CBP field office", "Oficina regional de CBP")),
        Field("modes", say("Open to", "Abierto a"), "code", values=MODES),
        Field("status", say("Status", "Situación"), values={"open": say("open", "abierto")}),
        Field("traffic_year", say("Year of the counts", "Año de las cuentas"), "integer"),
        *counts,
        Field("months_reported", say("Months reported", "Meses informados"), "integer"),
        Field(
            "outbound_checks",
            say("Public record of outbound checks", "Registro público de revisiones de salida"),
            "code",
            values={_FOUND: say("yes", "sí"), _NONE_FOUND: say("none found", "ninguno encontrado")},
        ),
        Field("note", say("Note (in English)", "Nota (en inglés)")),
        Field("source", say("Source", "Fuente"), "source"),
    )


LAYER = Layer(
    name="ports",
    title=say("Ports of entry", "Puertos de entrada"),
    description=say(
        "Land ports by northbound traffic, with the public record of outbound checks by port.",
        "Puertos terrestres por su tráfico hacia el norte, con el registro público de revisiones de salida por puerto.",
    ),
    group="border",
    needs=("ports", "port_traffic", "crossings", "documented_seizures"),
    schemas={
        "ports": {
            "port_code": Column("code"),
            "port_name": Column("text"),
            "longitude": Column("number", minimum=-180, maximum=180),
            "latitude": Column("number", minimum=-90, maximum=90),
            "source": Column("text", required=False),
        }
    },
    option="ports",
    options=Options,
    build=build,
    order=70,
)
