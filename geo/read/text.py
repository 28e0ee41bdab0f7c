"""Text made comparable: case, accents and punctuation do not tell names apart."""

from __future__ import annotations

import re
import unicodedata

_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Return `text` in lower case without accents, words separated by single blanks.

    Examples
    --------
    >>> plain("Fecha_del Evento"), plain("dateStart"), plain("Ubicación")
    ('fecha del evento', 'date start', 'ubicacion')
    """
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    folded = unicodedata.normalize("NFKD", split.casefold())
    kept = "".join(c if c.isalnum() or c == "$" else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def printable(text: str) -> str:
    """Return a name or a word of the command line as text that every file can hold.

    Bytes that are no UTF-8, as in names of files from other systems, reach us as lone surrogates; each becomes the
    sign for a character that could not be read.
    """
    return _SURROGATE.sub("\ufffd", text)
