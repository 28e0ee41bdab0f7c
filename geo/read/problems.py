"""What is wrong with rows of an input: one table, one row a fault.

Nothing is dropped, changed or doubted in silence: whoever does so adds a row here. ``action`` says what became
of the value: ``dropped`` (the row is not drawn or counted), ``flagged`` (kept, but look at it) or ``changed``
(read as something else than written). ``reason`` is a code of `REASONS`, which has the words in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geo.read.text import printable

Action: TypeAlias = Literal["dropped", "flagged", "changed"]

PROBLEM_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("message", pa.string()),
        ("action", pa.string()),
    ]
)

REASONS: dict[str, dict[str, str]] = {
    # coordinates
    "missing": {"en": "no coordinates", "es": "sin coordenadas"},
    "zero": {"en": "coordinates are zero", "es": "coordenadas en cero"},
    "not_a_number": {"en": "coordinates are not numbers", "es": "coordenadas que no son números"},
    "out_of_range": {"en": "coordinates out of range", "es": "coordenadas fuera de rango"},
    "swapped": {
        "en": "longitude and latitude exchanged",
        "es": "longitud y latitud intercambiadas",
    },
    "outside": {"en": "outside the US and Mexico", "es": "fuera de Estados Unidos y México"},
    "other_state": {
        "en": "in another state than the record names",
        "es": "en otro estado que el que indica el registro",
    },
    "not_a_point": {"en": "geometry is not a point", "es": "la geometría no es un punto"},
    # places and dates that are known too vaguely
    "place_vague": {
        "en": "place known to its state or less",
        "es": "lugar conocido solo por estado o menos",
    },
    "date_vague": {
        "en": "sum of a longer period, not an event",
        "es": "suma de un periodo largo, no un evento",
    },
    # rows without coordinates, and the names of their places
    "placed_by_name": {"en": "no coordinates, placed by name", "es": "sin coordenadas, situado por su nombre"},
    "placed_by_close_name": {
        "en": "no coordinates, placed by a name with letters wrong",
        "es": "sin coordenadas, situado por un nombre con letras equivocadas",
    },
    "place_unknown": {
        "en": "no coordinates, and no known place named",
        "es": "sin coordenadas y sin lugar conocido",
    },
    "place_ambiguous": {
        "en": "no coordinates, and the place has several candidates",
        "es": "sin coordenadas y lugar con varios candidatos",
    },
    "place_wide": {
        "en": "no coordinates, and the place is too wide for a point",
        "es": "sin coordenadas y lugar demasiado amplio para un punto",
    },
    # rows
    "fields": {"en": "wrong number of fields", "es": "número de campos equivocado"},
    "total_row": {"en": "total row", "es": "fila de totales"},
    "not_data": {"en": "note or title, not data", "es": "nota o título, no es dato"},
    "other_release": {"en": "in a release that was given later", "es": "en otra versión dada después"},
    "other_geometry": {"en": "geometry of another kind", "es": "geometría de otro tipo"},
    "geometry_invalid": {"en": "outline crosses or touches itself", "es": "el contorno se cruza o se toca"},
    # dates
    "date_unreadable": {"en": "date not understood", "es": "fecha no comprendida"},
    "date_unlikely": {"en": "date that cannot be meant", "es": "fecha que no puede ser"},
    "date_serial": {"en": "day number read as a date", "es": "número de serie leído como fecha"},
    "time_without_zone": {
        "en": "time without a zone, only the day is used",
        "es": "hora sin zona, solo se usa el día",
    },
    "time_zone_unclear": {
        "en": "time in one of several zones, only the day is used",
        "es": "hora en una de varias zonas, solo se usa el día",
    },
    "time_unreadable": {"en": "time of day not understood", "es": "hora no comprendida"},
    "time_clock_change": {
        "en": "time falls on a clock change",
        "es": "la hora cae en un cambio de horario",
    },
    "end_before_start": {"en": "ends before it starts", "es": "termina antes de empezar"},
    # commodities, quantities, words
    "commodity_ambiguous": {
        "en": "commodity has more than one meaning",
        "es": "mercancía con más de un significado",
    },
    "commodity_unknown": {"en": "commodity not known", "es": "mercancía desconocida"},
    "precision_unreadable": {
        "en": "precision of the place not understood",
        "es": "precisión del lugar no comprendida",
    },
    "quantity_unreadable": {"en": "quantity not understood", "es": "cantidad no comprendida"},
    "quantity_ambiguous": {
        "en": "quantity can be read in two ways",
        "es": "cantidad con dos lecturas posibles",
    },
    "quantity_negative": {"en": "negative quantity", "es": "cantidad negativa"},
    "unit_unknown": {"en": "unit not known, not converted", "es": "unidad desconocida, sin convertir"},
    "unit_no_factor": {"en": "no factor for the unit, not converted", "es": "unidad sin factor, sin convertir"},
    # cells and rows of tables of sums
    "cell_blank": {"en": "blank cell, no value", "es": "celda vacía, sin valor"},
    "cell_not_known": {"en": "number not known, no value", "es": "dato desconocido, sin valor"},
    "cell_error": {"en": "error of a spreadsheet, no value", "es": "error de hoja de cálculo, sin valor"},
    "cell_formula": {"en": "formula, not evaluated", "es": "fórmula, no evaluada"},
    "cell_unreadable": {"en": "not a number, no value", "es": "no es un número, sin valor"},
    "weight_zero": {
        "en": "seized, and no weight of it shown",
        "es": "decomisado, sin peso indicado",
    },
    "not_published": {"en": "month not published yet, no value", "es": "mes aún no publicado, sin valor"},
    "total_differs": {"en": "parts do not add up to the total", "es": "las partes no suman el total"},
    "repeated": {"en": "repeats another row", "es": "repite otra fila"},
    "conflicting": {"en": "other values for the same key", "es": "otros valores para la misma clave"},
    "state_unknown": {"en": "state not known", "es": "estado desconocido"},
    "state_contradicted": {
        "en": "two states named for one place",
        "es": "dos estados para un mismo lugar",
    },
    "municipality_unknown": {"en": "municipality not known, no code", "es": "municipio desconocido, sin clave"},
    "municipality_ambiguous": {
        "en": "municipality has several candidates, no code",
        "es": "municipio con varios candidatos, sin clave",
    },
    "municipality_close": {
        "en": "name of a municipality read as a close one",
        "es": "nombre de municipio leído como uno parecido",
    },
    "municipality_unspecified": {
        "en": "municipality not specified, off the map",
        "es": "municipio no especificado, fuera del mapa",
    },
    "abroad": {"en": "in another country, off the map", "es": "en otro país, fuera del mapa"},
    "word_unknown": {"en": "word not understood", "es": "palabra no comprendida"},
}
"""Reason codes, in words. A reader may use a code of its own: its words are then the code with blanks."""


def reason_words(code: str, language: str = "en") -> str:
    """Return the words for a reason code."""
    return REASONS.get(code, {}).get(language, code.replace("_", " "))


@dataclass(frozen=True, eq=False)
class Problems:
    """Faults found in the rows of one or more files.

    Parameters
    ----------
    table
        Columns of `PROBLEM_SCHEMA`. ``row`` is the row as an editor or a spreadsheet numbers it; null where
        the fault is the whole file's.
    """

    table: pa.Table = field(default_factory=PROBLEM_SCHEMA.empty_table)

    def __len__(self) -> int:
        return len(self.table)

    def counts(self, action: Action | None = "dropped", language: str = "en") -> dict[str, int]:
        """Return how many rows have each reason, in words, most frequent first.

        A row with two reasons counts once under each; the readers give one reason only for a dropped row.
        """
        return {reason_words(code, language): n for code, n in self.by_reason(action).items()}

    def by_reason(self, action: Action | None = "dropped") -> dict[str, int]:
        """Return how many rows have each reason code; None counts all actions."""
        table = self.table if action is None else self.only(action).table
        found = pc.value_counts(table["reason"]).to_pylist()
        pairs = [(str(f["values"]), int(f["counts"])) for f in found]
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def only(self, action: Action) -> Problems:
        """Return the problems that had this outcome."""
        return Problems(self.table.filter(pc.equal(self.table["action"], action)))

    def messages(self, limit: int = 5, action: Action | None = None) -> list[str]:
        """Return the first messages of each reason, then how many more there are."""
        table = self.table if action is None else self.only(action).table
        lines: list[str] = []
        for code in pc.unique(table["reason"]).to_pylist():
            same = table.filter(pc.equal(table["reason"], code))
            lines += same["message"].slice(0, limit).to_pylist()
            if len(same) > limit:
                lines.append(f"... and {len(same) - limit:,} more rows: {reason_words(code)}")
        return lines

    @classmethod
    def joined(cls, parts: Iterable[Problems]) -> Problems:
        """Return all problems of `parts`, in order."""
        tables = [part.table for part in parts if len(part)]
        return cls(pa.concat_tables(tables)) if tables else cls()


def problems(
    file: str,
    rows: npt.NDArray[np.int64] | Sequence[int],
    reason: str,
    messages: Sequence[str],
    *,
    action: Action,
    column: str | None = None,
    values: Sequence[Any] | None = None,
) -> Problems:
    """Return problems of one reason.

    Parameters
    ----------
    file
        Name of the file.
    rows : (n,) int
        Row numbers as `Reading.row_numbers` has them.
    reason
        Code of `REASONS`.
    messages : n texts
        What is wrong and what to do, without the file and the row: those are put in front.
    values : n values, optional
        As written in the file.
    """
    n, file = len(rows), printable(file)
    texts = [None if v is None else str(v) for v in values] if values is not None else [None] * n
    said = [f"{file}, row {row}: {text}" for row, text in zip(rows, messages, strict=True)]
    columns: Mapping[str, pa.Array] = {
        "file": pa.array([file] * n, pa.string()),
        "row": pa.array(np.asarray(rows, dtype=np.int64)),
        "column": pa.array([column] * n, pa.string()),
        "value": pa.array(texts, pa.string()),
        "reason": pa.array([reason] * n, pa.string()),
        "message": pa.array(said, pa.string()),
        "action": pa.array([action] * n, pa.string()),
    }
    return Problems(pa.table(dict(columns), schema=PROBLEM_SCHEMA))
