"""The violence table: the statistics of `geo.stats.violence` for every municipality, year and measure.

They take seconds, and are made once here rather than on every map. What they were made with travels in the file
(`geo.read.seeds.parameters`). Computed values keep 30 bits of their mantissa (relative error under 1e-9): the rest
would be a third of the file and says nothing. Hot spots are decided before that rounding.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.read.seeds import PARAMETERS, SEEDS
from geo.stats.violence import SEAT_NEIGHBOURS, from_homicides
from geo.table import FloatArray, column, numbers, with_columns

BITS = 30
COMPUTED = ("rate_per_100k", "rate_smoothed_per_100k", "gi_star_z", "p", "p_fdr")
MADE_WITH = {
    "neighbours": f"{SEAT_NEIGHBOURS} nearest municipal seats, geodesic distance on WGS84, one-way, ties included",
    "k": SEAT_NEIGHBOURS,
    "rate_smoothed_per_100k": "spatial empirical Bayes (Marshall 1991) over the seat and its neighbours",
    "gi_star_z": "Getis-Ord Gi* (Ord and Getis 1995), binary weights, self included, of the rate shrunk towards"
    " the national rate (global empirical Bayes)",
    "p": "two-sided normal",
    "hotspot": "Benjamini-Hochberg over the municipalities of one year and measure: false discovery rate 0.05"
    " (hot95, cold95) and 0.01 (hot99, cold99)",
    "mantissa_bits": BITS,
}


def build(output: Path) -> None:
    """Write the violence table from the homicides table in `output`."""
    seed = SEEDS["violence"]
    homicides = pq.read_table(output / SEEDS["homicides"].file)
    table = from_homicides(homicides).select(list(seed.columns))
    rounded = {name: column(round_mantissa(numbers(table, name))) for name in COMPUTED}
    table = with_columns(table, rounded).sort_by([(name, "ascending") for name in seed.key])
    table = table.cast(pa.schema(list(seed.columns.items())))
    table = table.replace_schema_metadata({PARAMETERS: json.dumps(MADE_WITH).encode()})
    others = [name for name in seed.columns if name not in COMPUTED]
    pq.write_table(
        table, output / seed.file, compression="zstd", compression_level=19, version="2.6",
        use_dictionary=others, use_byte_stream_split=list(COMPUTED),
    )  # fmt: skip


def round_mantissa(values: FloatArray, bits: int = BITS) -> FloatArray:
    """Return `values` with the mantissa rounded to `bits` bits; NaN stays NaN."""
    mantissa, exponent = np.frexp(values)
    rounded: FloatArray = np.ldexp(np.round(np.ldexp(mantissa, bits)), exponent - bits)
    return rounded
