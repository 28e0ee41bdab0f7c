"""Where the reference cases lie.

``tests/reference/data`` holds the cases that this suite runs. The environment variable
``CONTRAFLOW_REFERENCE`` names another folder of the same form. Every parameter of a case (ids, counts, radii,
tolerances that a file states) is taken from the case's own files, else from its row in the README there.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def case_folder() -> Path:
    """Return the folder of the reference cases."""
    return Path(os.environ.get("CONTRAFLOW_REFERENCE") or Path(__file__).parent / "data")
