"""Text made comparable: case, accents and punctuation do not tell names apart."""

from __future__ import annotations

import re
import unicodedata


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
