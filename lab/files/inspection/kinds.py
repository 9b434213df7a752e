"""The file kinds that may be uploaded, and what is rejected up front. Pure.

Up front only a few bytes are read; the content is examined in a confined process (see
`lab.files.inspection.examiner`). Office rule: PDF, DOCX, XLSX, PNG, JPG and, as telephones make
them, HEIC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.files.inspection.problems import Problem, problem_message
from lab.files.inspection.signatures import BY_EXTENSION, OLE_START, ZIP_START, real_kind

EDGE = 2048  # bytes read at the beginning
NAME_LIMIT = 120
EXAMINE, PREVIEW = "examine", "preview"  # what a confined process may be asked for


@dataclass(frozen=True)
class Kind:
    """A file kind: name for users, MIME type, the extension it is read by, whether previewed."""

    label: str
    mimetype: str
    form: str
    previewed: bool


_JPEG, _HEIC = Kind("图片", "image/jpeg", "jpg", True), Kind("照片", "image/heic", "heic", True)
_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "pdf": Kind("PDF文件", "application/pdf", "pdf", True),
        "docx": Kind("文字文档", f"{_OFFICE}wordprocessingml.document", "docx", False),
        "xlsx": Kind("电子表格", f"{_OFFICE}spreadsheetml.sheet", "xlsx", False),
        "png": Kind("图片", "image/png", "png", True),
        **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), _JPEG),
        **dict.fromkeys(("heic", "heif"), _HEIC),
    }
)
PICTURES = frozenset({"png", "jpg", "heic"})  # forms that are told apart by their content
PREVIEWED = tuple(extension for extension, kind in KINDS.items() if kind.previewed)
ALLOWED_TEXT = "PDF、DOCX、XLSX、PNG、JPG、HEIC"


def extension_of(name: str) -> str:
    """Return the lower-case part after the last dot, "" without one."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def form_of(name: str) -> str:
    """Return the extension by which files with this name are read, "" for one not allowed."""
    kind = KINDS.get(extension_of(name))
    return kind.form if kind else ""


def label_of(name: str) -> str:
    """Return what users call a file with this name."""
    kind = KINDS.get(extension_of(name))
    return kind.label if kind else "文件"


def is_previewed(name: str) -> bool:
    """Return whether files with this name are shown as pictures."""
    return extension_of(name) in PREVIEWED


def base_name(name: str) -> str:
    """Return the name without the folders that some browsers send before it."""
    return name.replace("\\", "/").rpartition("/")[2]


def proper_name(name: str, head: bytes) -> str:
    """Return the name under which a file is kept: a picture gets the ending of its real kind.

    Telephones and chat programs name PNG and HEIC files .jpg; every other name stays.
    """
    kind = real_kind(head)
    if kind is None or kind.extension not in PICTURES or form_of(name) not in PICTURES:
        return name
    if form_of(name) == kind.extension:
        return name
    return f"{name.rpartition('.')[0]}.{kind.extension}"


def renamed_note(name: str, head: bytes) -> str:
    """Return what is said of a picture that was renamed by `proper_name`, "" of every other."""
    kind, proper = real_kind(head), proper_name(name, head)
    return "" if proper == name or kind is None else f"这是{kind.label}，名称已改为“{proper}”。"


def type_messages() -> dict[str, str]:
    """Return, for each ending that is often sent and not taken, what is said of it."""
    return {extension: f"是{kind.text}" for extension, kind in BY_EXTENSION.items()}


def type_message(name: str, head: bytes = b"") -> str:
    """Return why a file with this name is not taken, "" when its kind is allowed.

    `head`: its first bytes, where they are there; an unknown ending may hide an allowed kind.
    """
    extension = extension_of(name)
    if extension in KINDS:
        return ""
    if extension in BY_EXTENSION:
        return f"文件“{name}”是{BY_EXTENSION[extension].text}。"
    ending = f"的后缀“.{extension}”不在允许之列" if extension else "没有后缀"
    kind = real_kind(head)
    if kind is not None:
        return f"文件“{name}”{ending}，内容是{kind.text}。"
    return f"文件“{name}”{ending}，可上传：{ALLOWED_TEXT}。"


def rejection_message(name: str, size: int, limit: int, head: bytes) -> str:
    """Return why a file is rejected up front, "" when it goes on to be examined.

    `size` and `limit` in bytes; `head` is its first EDGE bytes.
    """
    if message := type_message(name, head):
        return message
    if size == 0:
        return f"文件“{name}”是空的（0字节），请重新选择。"
    if size > limit:
        return f"文件“{name}”有{_megabytes(size)} MB，超过{limit >> 20} MB，请压缩或分开后再传。"
    problem = _start_problem(form_of(name), head)
    return problem_message(problem, name) if problem else ""


def _megabytes(size: int) -> str:
    # Rounded up: a file just above the limit must not seem to be just at it.
    return f"{-(-size * 10 >> 20) / 10:g}"


def _start_problem(form: str, head: bytes) -> Problem | None:
    if form in ("docx", "xlsx") and head.startswith((ZIP_START, OLE_START)):
        return None  # its parts say what it is
    kind = real_kind(head)
    if kind is None:
        return Problem("content")
    if kind.extension == form or (form in PICTURES and kind.extension in PICTURES):
        return None
    return Problem("kind", kind.text)
