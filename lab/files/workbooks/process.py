"""The process that opens one workbook: bytes in, JSON of texts out, within limits.

A few cells far apart make a reader allocate billions of them; the limits on memory and time end
this process and nothing else.
"""

from __future__ import annotations

import datetime
import io
import json
import resource
import sys
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

MEMORY, SECONDS = 768 << 20, 20
MAX_ROWS, MAX_COLUMNS = 20_000, 256


def text_of(cell: Any) -> str:
    """Return a cell as somebody would type it."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, float):
        # Fifteen digits are what a spreadsheet keeps and shows: 0.1 + 0.2 is 0.3 there.
        return f"{Decimal(f'{cell:.15g}'):f}"
    return str(cell)


def main() -> None:
    """Read the workbook from standard input; the argument is the name of the worksheet."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    names = book.sheet_names
    worksheet_name = sys.argv[1] if sys.argv[1] in names else names[0] if len(names) == 1 else ""
    answer: dict[str, Any] = {"worksheets": names}
    if worksheet_name:
        worksheet = book.get_sheet_by_name(worksheet_name)
        if worksheet.total_height > MAX_ROWS or worksheet.total_width > MAX_COLUMNS:
            answer["large"] = True
        else:
            rows = worksheet.to_python(skip_empty_area=False)
            answer["rows"] = [[text_of(cell) for cell in row] for row in rows]
    # ASCII escapes carry even halves of characters, which the check of the cells will name.
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
