"""The file kinds that may be uploaded, and what is rejected up front. Pure.

Up front only a few bytes are read; the content is examined in a confined process (see
`lab.files.inspection.examiner`). Office rule: PDF, DOCX, XLSX, PNG, JPG.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.files.inspection.active import REJECTED, TABLE

ZIP_START = b"PK\x03\x04"
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
EDGE = 2048  # bytes read at either end
NAME_LIMIT = 120
EXAMINE, PREVIEW = "examine", "preview"  # what a confined process may be asked for
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old Office file, or one with a password


@dataclass(frozen=True)
class Kind:
    """A file kind: name for users, MIME type, first bytes, whether shown as pictures."""

    label: str
    mimetype: str
    start: bytes
    previewed: bool


_JPEG = Kind("图片", "image/jpeg", b"\xff\xd8\xff", True)
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "pdf": Kind("PDF文件", "application/pdf", b"%PDF-", True),
        "docx": Kind("文字文档", f"{_OFFICE}wordprocessingml.document", ZIP_START, False),
        "xlsx": Kind("电子表格", f"{_OFFICE}spreadsheetml.sheet", ZIP_START, False),
        "png": Kind("图片", "image/png", b"\x89PNG\r\n\x1a\n", True),
        "jpg": _JPEG,
        "jpeg": _JPEG,
    }
)
PREVIEWED = tuple(extension for extension, kind in KINDS.items() if kind.previewed)
ALLOWED_TEXT = "PDF、DOCX、XLSX、PNG、JPG"

# What is wrong with a file, as a sentence about "{name}".
PROBLEM_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "content": "的内容与类型不符或已损坏",
        "cut": "不完整或已损坏，请重新导出后再传",
        "office_locked": "设有密码或是旧版格式，请去掉密码，另存为新版（.docx、.xlsx）后再传",
        "pdf_locked": "设有密码或使用限制，请去掉后再传",
        "pages": "超过300页，请分成几个文件",
        "pixels": "的尺寸过大（超过5000万像素），请缩小后再传",
        "bomb": "解压后过大，不能上传",
        "members": "内含的部分过多，不能上传",
        "lying": "的内部目录与实际内容不符，不能上传",
        "two": "同时是另一种类型的文件，不能上传",
        "trailing": "的末尾附有多余的内容，请重新导出后再传",
        "shown_pages": "含有只能以图片显示的内容，图片最多20页，请去掉这些内容后再传",
        "time": "的内容过于复杂，检查超过规定时间，请简化后再传",
        "memory": "的内容过于复杂，检查超出内存上限，请简化后再传",
        "crash": "无法读取，可能已损坏，请重新导出后再传",
        **{
            code: f"含有{row.name}，{row.remedy}"
            for code, row in TABLE.items()
            if row.treatment == REJECTED
        },
    }
)


class FileProblem(Exception):
    """A problem with a file.

    `code` is a key of PROBLEM_MESSAGES, `active` lists its active content.
    """

    def __init__(self, code: str, active: Collection[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.active = tuple(active)


def extension_of(name: str) -> str:
    """Return the lower-case part after the last dot, "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(name: str) -> Kind | None:
    """Return the kind of a file name, None for one that is not allowed."""
    return KINDS.get(extension_of(name))


def label_of(name: str) -> str:
    """Return what users call a file with this name."""
    kind = kind_of(name)
    return kind.label if kind else "文件"


def is_previewed(name: str) -> bool:
    """Return whether files with this name are shown as pictures."""
    return extension_of(name) in PREVIEWED


def problem_message(code: str, name: str) -> str:
    """Return the message for a problem with the file called `name`."""
    return f"文件“{name}”{PROBLEM_MESSAGES[code]}。"


def base_name(name: str) -> str:
    """Return the name without the folders that some browsers send before it."""
    return name.replace("\\", "/").rpartition("/")[2]


def rejection_message(name: str, size: int, limit: int, head: bytes, tail: bytes) -> str:
    """Return why a file is rejected up front, "" when it goes on to be examined.

    `size` and `limit` in bytes; `head` and `tail` are its first and last EDGE bytes.
    """
    extension = extension_of(name)
    if extension not in KINDS:
        return f"文件“{name}”的类型不在允许之列（{ALLOWED_TEXT}）。"
    if size == 0:
        return f"文件“{name}”是空的。"
    if size > limit:
        return f"文件“{name}”超过 {limit // 1024 // 1024} MB。"
    code = _edge_problem(extension, head, tail)
    return problem_message(code, name) if code else ""


def _edge_problem(extension: str, head: bytes, tail: bytes) -> str:
    if extension in ("docx", "xlsx") and head.startswith(OLE_START):
        return "office_locked"
    if not head.startswith(KINDS[extension].start):
        return "content"
    if extension == "pdf" and not (b"%%EOF" in tail and b"startxref" in tail):
        return "cut"
    return ""
