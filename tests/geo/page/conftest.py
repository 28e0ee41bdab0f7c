"""A small payload."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo.encode.payload import PageWords, Payload, encode
from geo.layer import Field, Layer, LayerData
from geo.privacy.release import release


@pytest.fixture
def make_payload():
    """Return a function that makes the payload of two events, with words of the page as given."""

    def make(notes: tuple[str, str] = ("late", "early"), **words) -> Payload:
        said = {"en": "Seizures", "es": "Decomisos"}
        table = pa.table(
            {"event_id": ["a", "b"], "longitude": [-106.5, -97.5], "latitude": [31.7, 25.9], "notes": notes}
        )
        data = LayerData("events", table, (Field("event_id", said), Field("notes", said)))
        layer = Layer("seizures", said, said, "seizures", (), build=lambda tables, options: data)
        return encode([release(layer, data)], PageWords(**words))

    return make
