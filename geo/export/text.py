"""A finished text, such as a page, to its file: whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable

from geo.export.atomic import PathLike, atomic_output


def write_bytes(data: bytes, path: PathLike, inputs: Iterable[PathLike] = ()) -> None:
    """Write `data` to `path`; an existing file is replaced.

    Parameters
    ----------
    data
        All of the file.
    path, inputs
        As in `geo.export.atomic.check_output`.

    Raises
    ------
    UsageError
        If the output is a folder or an input.
    ExportError
        If the machine does not let the file be written.
    """
    with atomic_output(path, inputs) as file:
        file.write(data)


def write_text(text: str, path: PathLike, inputs: Iterable[PathLike] = ()) -> None:
    """Write `text` as UTF-8, line ends as they are; otherwise as `write_bytes`."""
    write_bytes(text.encode(), path, inputs)
