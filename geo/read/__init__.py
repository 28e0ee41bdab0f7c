"""From a file to a table, and every guess made on the way.

`read` opens any supported file; `seeds` gives the embedded tables; `sources` knows the published files by name.
"""

from geo.read.open import read
from geo.read.reading import Guess, Reading, ReadOptions

__all__ = ["Guess", "ReadOptions", "Reading", "read"]
