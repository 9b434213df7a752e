"""Rows of a text file (CSV and the like): separators, what Excel changed. Pure."""

from __future__ import annotations

import csv
import io
import re
import string

from lab.files.rules.sheet import CellNote, Sheet, plain_sheet
from lab.files.workbooks.encodings import decode_text, unreadable_line
from lab.files.workbooks.shown import ERRORS, error_message
from lab.rejected import Rejected
from lab.web.spreadsheets.cells import SCIENTIFIC, strip_formula_guard

_QUOTES_MESSAGE = "CSV文件的引号或分隔符不完整，请用Excel另存后再上传。"
_SEPARATORS = ",\t;"
_DECLARED = re.compile(r"sep=([\t,;|])\r?\n", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how programs keep Excel from changing a text
_LINE_END = re.compile(r"\r\n?|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19]")
# Programs of old DOS times end a text with one; others fill the last block with zeros, and a
# program that was used since has ended its line or filled its row with separators.
_FILE_END = "\x1a\0"
_BLANK = f"{string.whitespace}{_SEPARATORS}|"


def _without_end(text: str) -> str:
    """Return a text without its marks of the end, and the blanks and separators among them."""
    kept = len(text.rstrip(_FILE_END + _BLANK))
    blanks = len(text[kept:]) - len(text[kept:].lstrip(_BLANK))
    return text[: kept + blanks]


def read_delimited(data: bytes) -> Sheet:
    """Return the rows of a text file, separated as its first line shows.

    Raises Rejected when its encoding is unknown or its quotes are incomplete.
    """
    text = _without_end(decode_text(data))
    if control := _CONTROL.search(text[:4096]):
        raise unreadable_line(len(_LINE_END.findall(text[: control.start()])) + 1)
    separator, text = _separator(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise Rejected(_QUOTES_MESSAGE, "files") from None
    return _noted(plain_sheet(rows))


def _separator(text: str) -> tuple[str, str]:
    """Return the separator and the text without a line that only declares it."""
    if match := _DECLARED.match(text):
        return match[1], text[match.end() :]
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", first)
    return max(_SEPARATORS, key=outside.count), text


def _noted(sheet: Sheet) -> Sheet:
    notes: list[CellNote] = []
    rows = [
        [_cell(text, row, column, notes) for column, text in enumerate(line, start=1)]
        for row, line in enumerate(sheet.rows, start=1)
    ]
    return Sheet(tuple(tuple(row) for row in rows), notes=tuple(notes))


def _cell(text: str, row: int, column: int, notes: list[CellNote]) -> str:
    """Return a cell's text; what Excel lost while it saved the file is noted."""
    if match := _KEPT_AS_TEXT.fullmatch(text):
        return match[1].replace('""', '"')
    if text in ERRORS:
        notes.append(CellNote(row, column, error_message(text), error=True))
        return ""
    if SCIENTIFIC.fullmatch(text):
        message = (
            f"长数字已变成“{text}”，原来的数字丢失了。"
            "请在Excel中把这一列设为“文本”格式，重新填写后再保存。"
        )
        notes.append(CellNote(row, column, message, error=True))
        return ""
    return strip_formula_guard(text)
