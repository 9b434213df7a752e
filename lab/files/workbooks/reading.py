"""Read an uploaded file of rows: XLSX, older workbooks or a text file in, a sheet out.

What the sheet shows is what is read; where that is not possible, a note says of the cell why, and
what to do. The directory of an XLSX is checked first, then everything is unpacked and counted, and
the reader gets a copy made of the counted bytes: what the directory conceals never reaches it. The
reader runs in a limited process (`process`).
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from lab.files.inspection.archives import MAX_BYTES, MAX_MEMBERS, MAX_RATIO
from lab.files.rules.lossy_texts import lossy_notes
from lab.files.rules.sheet import Sheet, from_json
from lab.files.workbooks.choice import ListedSheet, no_such_sheet, unread_remarks
from lab.files.workbooks.delimited import read_delimited
from lab.files.workbooks.kinds import BROKEN, ENCRYPTED, TEXT, kind_of
from lab.filesystem import ROOT
from lab.jobs.sandbox import OUT_OF_MEMORY
from lab.rejected import Rejected

ALLOWED = ("xlsx", "xls", "et", "ods", "csv", "tsv", "txt")
_ARCHIVES = ("xlsx", "ods")
SECONDS = 30
_CHUNK = 1 << 16
_LARGE = "文件展开后过大，不能读取。请只保留需要导入的内容后再上传。"
_PROBLEMS: Mapping[str, str] = MappingProxyType({"locked": ENCRYPTED, "broken": BROKEN})


@dataclass(frozen=True)
class OpenedWorkbook:
    """A workbook's worksheets, and the one that was read; None when none could be meant."""

    listed: tuple[ListedSheet, ...]
    sheet: Sheet | None


def read_workbook(
    data: bytes, worksheet_name: str, *, extension: str, template: Collection[str] | None = None
) -> Sheet:
    """Return the worksheet called `worksheet_name` (or the only visible one), from row 1.

    `template` holds the names of a template's worksheets: a remark names all others. What the file
    is, its bytes say; `extension` only tells a damaged workbook from a text file.
    Raises Rejected (field "files") with a message when the file cannot be read.
    """
    opened = open_workbook(data, worksheet_name, extension=extension)
    if opened.sheet is None:
        raise _rejected(no_such_sheet(opened.listed, worksheet_name))
    if template is None:
        return opened.sheet
    other = [sheet for sheet in opened.listed if sheet.name != opened.sheet.name]
    remarks = (*opened.sheet.remarks, *unread_remarks(other, template))
    return replace(opened.sheet, remarks=remarks)


def open_workbook(data: bytes, worksheet_name: str = "", *, extension: str) -> OpenedWorkbook:
    """Return the worksheets of a file and the one called `worksheet_name` (or the only one).

    Raises Rejected (field "files") with a message when the file cannot be read.
    """
    kind, message = kind_of(data)
    if message:
        raise _rejected(message)
    if kind == TEXT and extension in _ARCHIVES:
        raise _rejected(BROKEN)
    if kind == TEXT:
        return OpenedWorkbook((), _with_losses(read_delimited(data)))
    answer = _run_reader(bounded_copy(data) if _is_archive(data) else data, kind, worksheet_name)
    if problem := _problem(answer):
        raise _rejected(problem)
    listed = tuple(ListedSheet(*sheet) for sheet in answer["worksheets"])
    sheet = from_json(answer["sheet"]) if "sheet" in answer else None
    return OpenedWorkbook(listed, _with_losses(sheet) if sheet else None)


def _rejected(message: str) -> Rejected:
    return Rejected(message, "files")


def _is_archive(data: bytes) -> bool:
    return data.startswith(b"PK")


def _problem(answer: Mapping[str, Any]) -> str:
    code = answer.get("problem", "")
    if code == "far":
        return (
            f"“{answer['sheet'].strip()}”表的单元格{answer['cell']}有内容，离表格很远，不能读取。"
            "请删去它（或删去表格以外的行和列），保存后再上传。"
        )
    return _PROBLEMS.get(code, "")


def _with_losses(sheet: Sheet) -> Sheet:
    lost = lossy_notes(sheet.rows)
    return replace(sheet, notes=tuple(sorted((*sheet.notes, *lost)))) if lost else sheet


# -- the archive -------------------------------------------------------------------------------


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
        raise _rejected(BROKEN) from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise _rejected(BROKEN) from None
    return copy.getvalue()


def _check_directory(infos: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_MEMBERS or unpacked > min(MAX_BYTES, MAX_RATIO * max(packed, 1)):
        raise _rejected(_LARGE)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    parts, size = [], 0
    with archive.open(info) as member:
        while part := member.read(_CHUNK):
            size += len(part)
            if size > left:
                raise _rejected(_LARGE)
            parts.append(part)
    return b"".join(parts)


# -- the process -------------------------------------------------------------------------------


def _run_reader(data: bytes, kind: str, worksheet_name: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lab.files.workbooks.process"],
            # Not among the arguments, which have a length and no NUL.
            input=json.dumps([kind, worksheet_name]).encode() + b"\n" + data,
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
    return _LARGE if large else BROKEN
