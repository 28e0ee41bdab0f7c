"""Run commands in fresh processes, turn by turn, and take wall time, peak memory and bytes written.

This module imports nothing heavy: a process that is started inherits the peak memory of the one that starts it.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Contender:
    """One command of a case.

    Parameters
    ----------
    case, who
        Heading and name in the report. Contenders of one heading are compared; the first is the measure.
    command
        Program and arguments, run in the repository's folder.
    output
        File whose size counts; removed before each run.
    needs
        Modules that must be importable by the program (a Python), else the contender is skipped.
    note
        What the reader should know of it.
    """

    case: str
    who: str
    command: tuple[str, ...]
    output: Path | None = None
    needs: tuple[str, ...] = ()
    note: str = ""


@dataclass
class Result:
    """What the runs of a contender took. `seconds` is empty where it was skipped or failed."""

    contender: Contender
    seconds: list[float] = field(default_factory=list)
    peak_mib: list[float] = field(default_factory=list)
    size: int | None = None
    extra: dict[str, list[float]] = field(default_factory=dict)
    trouble: str = ""

    def median(self) -> float | None:
        """Return the median of the seconds, None where there are none."""
        return statistics.median(self.seconds) if self.seconds else None


def missing(program: str, modules: Sequence[str]) -> list[str]:
    """Return those of `modules` that the Python `program` cannot find."""
    if not modules:
        return []
    code = "import sys, importlib.util as u; print(*[m for m in sys.argv[1:] if u.find_spec(m) is None])"
    done = subprocess.run([program, "-c", code, *modules], capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.split() if not done.returncode else list(modules)


def once(command: Sequence[str], timeout: float) -> tuple[float, float, str, str]:
    """Run a command and return seconds, peak MiB, standard output, and what went wrong ('' if nothing)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, cwd=ROOT)
        status = usage = None
        while status is None:
            pid, code, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                status, usage = code, used
            elif time.perf_counter() - start > timeout:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                return timeout, 0.0, "", f"stopped after {timeout:.0f} s"
            else:
                time.sleep(0.002)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = out.read().decode("utf-8", "replace")
        last = (err.read().decode("utf-8", "replace").strip().splitlines() or [""])[-1]
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return seconds, peak, said, f"exit {process.returncode}: {last}" if process.returncode else ""


def numbers_said(output: str) -> dict[str, float]:
    """Return the numbers that a program printed as JSON objects, one a line; of a list the largest."""
    found: dict[str, float] = {}
    for line in output.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        for name, value in said.items() if isinstance(said, dict) else ():
            values = value if isinstance(value, list) and value else [value]
            if all(isinstance(v, int | float) and not isinstance(v, bool) for v in values):
                found[name] = max(values)
    return found


def measure(
    contenders: Sequence[Contender], runs: int, timeout: float, say: Callable[[str], None] = lambda _: None
) -> list[Result]:
    """Run all contenders `runs` times, each in turn, so that what else the machine does falls on all alike.

    Parameters
    ----------
    contenders
        Commands to run.
    runs
        How often each is run.
    timeout
        Seconds after which a run is stopped and its contender given up.
    say
        Told each step.
    """
    results = [Result(c) for c in contenders]
    for result in results:
        if absent := missing(result.contender.command[0], result.contender.needs):
            result.trouble = f"skipped: {', '.join(absent)} not installed"
    for turn in range(runs):
        for result in results:
            if result.trouble:
                continue
            one = result.contender
            say(f"{one.case}: {one.who}, run {turn + 1} of {runs}")
            if one.output is not None:
                one.output.unlink(missing_ok=True)
            seconds, peak, said, result.trouble = once(one.command, timeout)
            if result.trouble:
                continue
            result.seconds.append(seconds)
            result.peak_mib.append(peak)
            if one.output is not None and one.output.exists():
                result.size = one.output.stat().st_size
            for name, value in numbers_said(said).items():
                result.extra.setdefault(name, []).append(value)
    return results
