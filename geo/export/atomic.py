"""An output is written whole or not at all.

The bytes go to a temporary file in the folder of the output, are flushed to the disk, and only then take the
output's name in one step. Whoever looks sees the old file or the new one, never half of either; when anything
fails the temporary file is removed and the old file is as it was. A symbolic link stays a link: the file it
points to is replaced. An existing file keeps its permissions, and one that is write-protected is not replaced.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from geo.errors import ContraflowError, ExportError, UsageError

PathLike: TypeAlias = str | os.PathLike[str]


def check_output(path: PathLike, inputs: Iterable[PathLike] = ()) -> Path:
    """Return where `path` really leads, if an output may be written there.

    Cheap, and worth calling before the work whose result is to be written.

    Parameters
    ----------
    path
        The output as the user named it.
    inputs
        Files that this run reads. Names that are no files (``-``, embedded tables) do not matter.

    Returns
    -------
    pathlib.Path
        Absolute path, symbolic links resolved.

    Raises
    ------
    UsageError
        If the output is a folder, a device, or one of the inputs, by whatever name or link.
    ExportError
        If its folder is missing or cannot be written to, or the file is write-protected.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.is_dir():
            raise UsageError(f"{path}: is a folder; name a file in it, e.g. {Path(path) / 'contraflow.csv'}")
        if target.exists() and not target.is_file():
            raise UsageError(f"{path}: is not a regular file; name one, or use -o - for CSV on standard output")
        for given in inputs:
            if _same_file(target, given):
                raise UsageError(f"{path}: is an input of this run and would be lost; choose another output")
        if not target.parent.is_dir():
            raise ExportError(f"{path}: there is no folder {target.parent}; make it first, or choose another one")
    except OSError as error:
        raise _failure(path, target, error) from error
    if target.exists() and not os.access(target, os.W_OK):
        raise ExportError(f"{path}: is write-protected; allow writing, or choose another name")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise ExportError(f"{path}: no permission to write in {target.parent}; choose another folder")
    return target


@contextmanager
def atomic_output(path: PathLike, inputs: Iterable[PathLike] = ()) -> Iterator[BinaryIO]:
    r"""Give a binary file to write to; it becomes `path` when the block ends without an error.

    Parameters
    ----------
    path, inputs
        As in `check_output`.

    Yields
    ------
    BinaryIO
        Open for writing, seekable, with the temporary name in ``.name``.

    Raises
    ------
    UsageError, ExportError
        As `check_output`; and ExportError where the operating system refuses to write: one line with the file,
        the reason and the remedy.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic_output(f"{folder}/out.csv") as file:
    ...         _ = file.write(b"id\n1\n")
    ...     os.listdir(folder)
    ['out.csv']
    """
    target = check_output(path, inputs)
    temporary = target.with_name(f".contraflow-{secrets.token_hex(8)}.tmp")
    try:
        # "x": never through a file or a link that somebody put there; the mode is what the umask leaves.
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
        _sync_folder(target.parent)
    except (ContraflowError, BrokenPipeError):
        raise
    except OSError as error:
        raise _failure(path, target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _same_file(target: Path, given: PathLike) -> bool:
    """Tell whether two names are one file: by path, and by inode where both exist (hard links, mounts)."""
    if target == Path(os.path.realpath(given)):
        return True
    try:
        return target.samefile(given)
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable. Some file systems cannot sync a folder, and the file is whole anyway."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _failure(path: PathLike, target: Path, error: OSError) -> ExportError:
    """Say in one line why the operating system did not let a file be written, and what to do."""
    if isinstance(error, ContraflowError):  # both kinds of ours that are raised here pass as they are
        raise error
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(target.parent).free / 1e6
        why = f"no space left ({free:.1f} MB free in {target.parent}); free some, or choose another folder"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        why = f"no permission to write in {target.parent}; choose another folder"
    elif error.errno == errno.EFBIG:
        why = "the file would be larger than is allowed here; choose another folder, or write fewer rows"
    elif error.errno == errno.ENAMETOOLONG:
        why = "the name is too long; choose a shorter one"
    else:
        why = f"could not be written ({error.strerror or error}); check the folder and the disk"
    return ExportError(f"{path}: {why}; nothing was changed")
