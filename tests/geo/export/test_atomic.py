"""Whole or not at all: what a folder holds after a success, after a failure, and what is refused beforehand."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap

import pytest

from geo.errors import ExportError, UsageError
from geo.export.atomic import atomic_output, check_output
from geo.export.write import FORMATS


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "old.csv").write_bytes(b"old")
    return tmp_path


def listing(folder):
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def write_half(path, failure):
    with atomic_output(path) as file:
        file.write(b"half of it")
        raise failure


def test_the_output_appears_only_when_it_is_whole(folder):
    with atomic_output(folder / "new.csv") as file:
        file.write(b"first half, ")
        file.flush()
        assert not (folder / "new.csv").exists()
        file.write(b"second half")
    assert listing(folder) == {"old.csv": b"old", "new.csv": b"first half, second half"}


def test_an_existing_output_is_replaced_and_keeps_its_permissions(folder):
    os.chmod(folder / "old.csv", 0o640)
    with atomic_output(folder / "old.csv") as file:
        file.write(b"new")
    assert listing(folder) == {"old.csv": b"new"}
    assert (folder / "old.csv").stat().st_mode & 0o777 == 0o640


def test_a_new_output_has_the_permissions_that_the_umask_leaves(folder):
    before = os.umask(0o027)
    try:
        with atomic_output(folder / "new.csv") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert (folder / "new.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failure", [ValueError("ours"), KeyboardInterrupt(), MemoryError(), ExportError("said so")])
def test_a_failure_midway_changes_nothing_and_passes_on(folder, failure):
    with pytest.raises(type(failure)):
        write_half(folder / "old.csv", failure)
    assert listing(folder) == {"old.csv": b"old"}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EFBIG, "larger than is allowed"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_the_system_refuses_becomes_one_line_with_the_file_and_the_remedy(folder, number, words):
    with pytest.raises(ExportError, match=words) as caught:
        write_half(folder / "old.csv", OSError(number, os.strerror(number)))
    assert str(folder / "old.csv") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert listing(folder) == {"old.csv": b"old"}


def test_a_reader_that_went_away_is_not_an_error_of_the_file(folder):
    with pytest.raises(BrokenPipeError), atomic_output(folder / "new.csv"):
        raise BrokenPipeError


def test_a_link_stays_a_link_and_its_target_is_replaced(folder):
    (folder / "sub").mkdir()
    (folder / "link.csv").symlink_to(folder / "old.csv")
    with atomic_output(folder / "link.csv") as file:
        file.write(b"new")
    assert (folder / "link.csv").is_symlink()
    assert (folder / "old.csv").read_bytes() == b"new"


def test_the_output_may_not_be_an_input_by_any_name(folder, monkeypatch):
    old = folder / "old.csv"
    (folder / "link.csv").symlink_to(old)
    os.link(old, folder / "hard.csv")
    monkeypatch.chdir(folder)
    for name in ("old.csv", "./old.csv", f"../{folder.name}/old.csv", "link.csv", "hard.csv", old):
        with pytest.raises(UsageError, match="is an input of this run"):
            check_output(name, inputs=["-", "embedded", old])
    with pytest.raises(UsageError, match="is an input of this run"):
        check_output(old, inputs=["link.csv"])
    with pytest.raises(UsageError, match="is an input of this run"), atomic_output(old, inputs=[old]):
        pass
    assert old.read_bytes() == b"old"
    assert check_output("new.csv", inputs=["old.csv"]) == folder.resolve() / "new.csv"


def test_a_folder_a_device_and_a_missing_folder_are_refused(folder):
    with pytest.raises(UsageError, match="is a folder"):
        check_output(folder)
    with pytest.raises(UsageError, match="is a folder"):
        check_output(f"{folder}/")
    with pytest.raises(UsageError, match="not a regular file"):
        check_output(os.devnull)
    with pytest.raises(ExportError, match=r"there is no folder .*missing"):
        check_output(folder / "missing" / "out.csv")
    with pytest.raises(ExportError, match=r"there is no folder .*old\.csv"):
        check_output(folder / "old.csv" / "out.csv")
    with pytest.raises(ExportError, match="too long"), atomic_output(folder / f"{'x' * 300}.csv"):
        pass
    assert listing(folder) == {"old.csv": b"old"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_write_protection_is_respected(folder):
    os.chmod(folder / "old.csv", 0o444)
    with pytest.raises(ExportError, match="write-protected"):
        check_output(folder / "old.csv")
    os.chmod(folder, 0o555)
    with pytest.raises(ExportError, match="no permission to write"):
        check_output(folder / "new.csv")
    os.chmod(folder, 0o755)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs the limits of a POSIX process")
def test_a_full_disk_leaves_every_format_as_it_was(tmp_path):
    """The system stops the process from writing more than 4 kB to a file, as a full disk would."""
    for name in FORMATS:
        (tmp_path / f"out.{name}").write_bytes(b"old")
    code = f"""
        import resource
        import pyarrow as pa
        from geo.errors import ExportError
        from geo.export.write import FORMATS, write
        from geo.privacy.release import release_table
        rows = range(20_000)
        table = pa.table({{"id": [f"{{i * 7919 % 20011:x}}" for i in rows],
                           "longitude": [-110 + i / 9999 for i in rows], "latitude": [30 + i / 9999 for i in rows]}})
        released = release_table(table, table.schema.names)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        for name in FORMATS:
            try:
                write(released, f"{tmp_path}/out.{{name}}")
            except ExportError as error:
                print(name, error)
    """
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False, env=environment
    )
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS), (done.stdout, done.stderr)
    assert all("larger than is allowed" in line for line in lines), lines
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {f"out.{name}": b"old" for name in FORMATS}
