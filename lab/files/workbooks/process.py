"""The process that opens one workbook: bytes in, JSON of a worksheet out, within limits.

A few cells far apart make a reader allocate billions of them, and markup may be made to take
minutes; the limits on memory and time end this process and nothing else.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from typing import Any

from lab.files.rules.sheet import Sheet, to_json
from lab.files.workbooks import older
from lab.files.workbooks.choice import ListedSheet, chosen
from lab.files.workbooks.kinds import XLSX
from lab.files.workbooks.parts import UnreadableWorkbook, open_workbook
from lab.files.workbooks.shown import shown_sheet
from lab.files.workbooks.worksheet import FarCell, far_cells_of, raw_sheet

MEMORY, SECONDS = 768 << 20, 20


def read(data: bytes, kind: str, wanted: str) -> dict[str, Any]:
    """Return {"worksheets": [[name, hidden]], "sheet": the one called `wanted` or the only one}.

    Without such a worksheet "sheet" is missing. {"problem": code} says why nothing is read: far
    (with "cell" and its "sheet"), locked or broken.
    """
    try:
        return _read_xlsx(data, wanted) if kind == XLSX else older.read(data, wanted)
    except FarCell as error:
        return {"problem": "far", "cell": str(error.place), "sheet": error.sheet}
    except older.Locked:
        return {"problem": "locked"}
    except (UnreadableWorkbook, ValueError, KeyError, IndexError, OverflowError):
        return {"problem": "broken"}


def _read_xlsx(data: bytes, wanted: str) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = open_workbook(archive)
        listed = [ListedSheet(sheet.name, sheet.hidden) for sheet in book.sheets]
        entry = chosen(listed, wanted)
        sheet = None
        if entry is not None:
            with far_cells_of(entry.name):
                raw = raw_sheet(book, book.sheets[listed.index(entry)].member)
            sheet = shown_sheet(entry.name, raw, book)
    return answer(listed, sheet)


def answer(listed: list[ListedSheet], sheet: Sheet | None) -> dict[str, Any]:
    """Return what is sent back."""
    return {"worksheets": listed, **({"sheet": to_json(sheet)} if sheet else {})}


def main() -> None:
    """Read from standard input a line with kind and worksheet as JSON, then the workbook."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # ASCII escapes carry even halves of characters, which the check of the cells will name.
    kind, wanted = json.loads(sys.stdin.buffer.readline())
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read(), kind, wanted)))


if __name__ == "__main__":
    main()
