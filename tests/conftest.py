"""Fixtures that the whole suite shares: where the public files are, and the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("contraflow", deadline=None)  # the first call of a test pays for its imports
settings.load_profile("contraflow")


@pytest.fixture(scope="session")
def public_data() -> Path:
    """Folder of real public files, named by CONTRAFLOW_DATA; tests that need it are skipped without."""
    folder = os.environ.get("CONTRAFLOW_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("CONTRAFLOW_DATA names no folder: the real public files are not here")
    return Path(folder)


@pytest.fixture(scope="session")
def hostile_values() -> list[str]:
    """Give texts that try to be markup, script, template, selector or path; ``pwned`` is what they try to call."""
    return json.loads((Path(__file__).parent / "hostile.json").read_text(encoding="utf-8"))


@pytest.fixture
def run_cli():
    """Return a function that runs ``contraflow`` in this process and gives click's result."""
    from click.testing import CliRunner

    from geo.cli.main import cli

    def run(*arguments: object, code: int = 0):
        result = CliRunner().invoke(cli, [str(a) for a in arguments], prog_name="contraflow")
        assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr, result.exception)
        return result

    return run
