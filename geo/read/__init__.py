"""From a file to a table, and every guess made on the way.

`read` opens any supported file, `from_table` takes a table that is in memory. The embedded tables are in `seeds`,
and `sources` knows published files by name.
"""

from geo.read.open import from_table, read
from geo.read.reading import Guess, Reading, ReadOptions

__all__ = ["Guess", "ReadOptions", "Reading", "from_table", "read"]
