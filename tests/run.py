"""Set up what the tests need and run them all: lint, format, types, tests, a real browser included.

Needs nothing but Python 3.11 or later: ``python3 tests/run.py [pytest arguments]``. It makes a virtual environment
in ``.venv`` (pip may refuse to install elsewhere), installs the project with its test extra, and finds a browser:
Chromium that is there, else Debian's by apt where this is root, else Playwright's own download. Without any, the
browser tests are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(*command: str | Path, may_fail: bool = False) -> bool:
    """Run a command in the project's folder, echoing it; stop the whole run where it fails."""
    print("+", *command, flush=True)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode and not may_fail:
        sys.exit(done.returncode)
    return not done.returncode


def environment() -> None:
    """Make the virtual environment and install the project in it, editable, with what the tests need."""
    if not PYTHON.exists():
        made = run(sys.executable, "-m", "venv", VENV, may_fail=True)
        if not made and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
            # Debian's Python comes without ensurepip until this package is there.
            run("apt-get", "update", "-qq")
            run("apt-get", "install", "-y", "-qq", "python3-venv")
            shutil.rmtree(VENV, ignore_errors=True)
            run(sys.executable, "-m", "venv", VENV)
        elif not made:
            sys.exit("no virtual environment could be made; install your system's python3-venv and run this again")
    run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", f"{ROOT}[test]")


def browser() -> None:
    """Get a Chromium: one that is there, Debian's, or Playwright's own."""
    if any(shutil.which(name) for name in CHROMIUM):
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        run("apt-get", "update", "-qq", may_fail=True)
        if run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu", may_fail=True):
            return
    run(PYTHON, "-m", "playwright", "install", "chromium", may_fail=True)


def main(arguments: list[str]) -> None:
    """Set up, then check and test."""
    environment()
    browser()
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "mypy")
    run(PYTHON, "-m", "pytest", *arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
