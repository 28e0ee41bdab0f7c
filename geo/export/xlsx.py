"""A workbook of one sheet, written for numbers to be numbers and text to be text.

Every text is a string cell in text format, never a formula: what begins with ``=``, ``+``, ``-`` or ``@``
stays what it was, and a code keeps its leading zeros. The header is frozen. The file holds no time, author or
other trace of the machine, so that the same table gives the same bytes.

The parts are written here rather than by openpyxl, whose writer makes cells one by one (37 s against 4 s for
100,000 rows of 40 columns) and stamps the time into the file. The tests read the result with openpyxl and
calamine.

Limits of the format are errors with a remedy, not losses: 1,048,576 rows, 16,384 columns, 32,767 characters in
a cell. A whole number of more than 15 digits is written as text, since a spreadsheet would round it; infinity
is blank.

References
----------
ECMA-376, Office Open XML, part 1: 18.3.1.4 c (Cell), 22.9.2.19 ST_Xstring (``_xHHHH_`` for characters that XML
cannot hold).
"""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import ExportError
from geo.export.rows import Piece, blocks, concatenated, escaped, join, number_texts

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARACTERS = 32_767
"""Limits of a worksheet, the header's row included."""

EXACT_INTEGER = 10**15
SHEET_NAME = "contraflow"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive can say; it stands for none."""

# What XML 1.0 cannot hold, the carriage return that XML readers turn into a line feed, and what looks like an escape.
XML_SPECIAL = "[<>&\\x00-\\x08\\x0b-\\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
_ESCAPE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{SHEET_NAME}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Cell formats: 0 general, 1 text (number format 49), 2 text in bold for the header.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}  # fmt: skip


def write_xlsx(table: pa.Table, sink: BinaryIO) -> None:
    """Write a table as a workbook of one sheet (see module).

    Raises
    ------
    ExportError
        If the table passes a limit of the format; the message says which, where, and what to use instead.
    """
    check_limits(table)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, text in _PARTS.items():
            archive.writestr(_entry(name), _HEAD + text)
        # A part of more than 2 GiB needs the large form of ZIP from the start; 60 bytes is a common cell.
        large = len(table) * max(len(table.schema), 1) * 60 > 1 << 30
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=large) as part:
            part.write((_HEAD + _sheet_start(table)).encode())
            for start, block in blocks(table):
                part.write(join(_row_pieces(block, start + 2)))
            part.write((f"</sheetData>{_sheet_end(table)}</worksheet>").encode())


def check_limits(table: pa.Table) -> None:
    """Raise ExportError where a table does not fit a worksheet."""
    remedy = "write .csv, .parquet or .gpkg instead"
    if len(table) + 1 > MAX_ROWS:
        raise ExportError(f"{len(table):,} rows and a header do not fit a worksheet's {MAX_ROWS:,} rows; {remedy}")
    if len(table.schema) > MAX_COLUMNS:
        raise ExportError(f"{len(table.schema):,} columns do not fit a worksheet's {MAX_COLUMNS:,}; {remedy}")
    for field, column in zip(table.schema, table.columns, strict=True):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            long = np.flatnonzero(pc.greater(pc.utf8_length(column), MAX_CHARACTERS).fill_null(False))
            if len(long):
                raise ExportError(
                    f"row {long[0] + 1}, column {field.name}: the text is longer than the {MAX_CHARACTERS:,} "
                    f"characters that a cell holds; {remedy}, or leave the column out"
                )


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # the same on every system
    return entry


def _sheet_start(table: pa.Table) -> str:
    cells = "".join(
        f'<c r="{column_letters(i)}1" s="2" t="inlineStr"><is><t xml:space="preserve">{_xml(name)}</t></is></c>'
        for i, name in enumerate(table.schema.names)
    )
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{min(max(len(name) + 2, 10), 40)}" customWidth="1"/>'
        for i, name in enumerate(table.schema.names, start=1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        + (f"<cols>{widths}</cols>" if widths else "")
        + f'<sheetData><row r="1">{cells}</row>'
    )


def _sheet_end(table: pa.Table) -> str:
    """Return what keeps Excel from marking every code as a number stored as text."""
    if not len(table.schema):
        return ""
    area = f"A1:{column_letters(len(table.schema) - 1)}{len(table) + 1}"
    return f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'


def _row_pieces(block: pa.RecordBatch, first_row: int) -> list[Piece]:
    numbers = pa.array(np.arange(first_row, first_row + len(block))).cast(pa.large_string())
    pieces: list[Piece] = ['<row r="', numbers, '">']
    for i, column in enumerate(block.columns):
        # A blank cell is left out; its number must go with it.
        start = concatenated(f'<c r="{column_letters(i)}', numbers)
        rest = _cell_ends(column)
        pieces += [pc.if_else(pc.is_null(rest), "", start), rest.fill_null("")]
    return [*pieces, "</row>"]


def _cell_ends(column: pa.Array) -> pa.Array:
    """Return what follows the cell's address, null for a blank cell."""
    if pa.types.is_large_string(column.type):
        return _text_ends(pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.large_string()), column))
    if pa.types.is_boolean(column.type):
        return concatenated('" t="b"><v>', column.cast(pa.int8()).cast(pa.large_string()), "</v></c>")
    ends = concatenated('"><v>', number_texts(column), "</v></c>")
    if pa.types.is_integer(column.type):
        long = pc.or_(pc.greater_equal(column, EXACT_INTEGER), pc.less_equal(column, -EXACT_INTEGER))
        if pc.any(long).as_py():
            ends = pc.if_else(long, _text_ends(column.cast(pa.large_string())), ends)
    return ends


def _text_ends(texts: pa.Array) -> pa.Array:
    safe = escaped(texts, _xml, XML_SPECIAL)
    return concatenated('" s="1" t="inlineStr"><is><t xml:space="preserve">', safe, "</t></is></c>")


def _xml(text: str) -> str:
    return escape(_ESCAPE.sub(lambda m: f"_x{ord(m[0]):04X}_", text))


def column_letters(index: int) -> str:
    """Return the letters of a column by its index from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
