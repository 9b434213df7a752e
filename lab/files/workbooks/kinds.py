"""What a file of rows is, by its bytes and not by its name. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import IO

from lab.files.inspection.signatures import OLE_START, ZIP_START

XLSX, OLDER, TEXT = "xlsx", "older", "text"
_SAVE_AS = "请用Excel或WPS打开，另存为XLSX后再上传。"
LOCKED = "文件有打开密码，不能读取。请用Excel或WPS打开，取消密码后保存，再上传。"
# Excel encrypts a workbook whose structure alone is protected, too, with a password of its own that
# nobody is asked for ([MS-OFFCRYPTO], the default password).
ENCRYPTED = (
    "文件已加密，不能读取：设有打开密码，或者受“保护工作簿”保护（打开时可能不问密码）。"
    "请用Excel或WPS打开，取消打开密码和“保护工作簿”后保存，再上传。"
)
BROKEN = "文件已损坏或不是表格文件。请用Excel或WPS打开，另存为XLSX后再上传。"
# Where an OpenDocument says how its parts were encrypted, and how much of it is looked at.
_MANIFEST, _MANIFEST_READ = "META-INF/manifest.xml", 1 << 16
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "xl/workbook.bin": f"这是二进制的工作簿（.xlsb）。{_SAVE_AS}",
        "word/document.xml": "这是Word文档，不是表格。请把表格复制到Excel中，另存为XLSX后再上传。",
        "ppt/presentation.xml": "这是演示文稿，不是表格。请把内容填入表格后再上传。",
    }
)
_STARTS: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF": "这是PDF文件，不是表格。请上传原来的表格。",
        b"\x89PNG": "这是图片，不是表格。请上传原来的表格。",
        b"\xff\xd8\xff": "这是图片，不是表格。请上传原来的表格。",
        b"Rar!": "这是压缩包。请解压后上传里面的表格。",
        b"7z\xbc\xaf": "这是压缩包。请解压后上传里面的表格。",
        b"\x1f\x8b": "这是压缩包。请解压后上传里面的表格。",
    }
)
# Records of an old workbook: how its stream opens, with the size in bytes of the whole record.
_OPENINGS = ((b"\x09\x08\x10\0\0\x06\x05\0", 20), (b"\x09\x08\x08\0\0\x05\x05\0", 12))
_WRITE_PROTECT, _FILE_PASS = b"\x86\0\0\0", b"\x2f\0"
_WEB_STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"mime-version")
_WEB = f"这是网页格式的表格（一些系统导出的.xls其实是网页）。{_SAVE_AS}"
_XML = f"这是XML格式的表格。{_SAVE_AS}"


def kind_of(data: bytes) -> tuple[str, str]:
    """Return (XLSX, OLDER or TEXT, "") or ("", a sentence that names the kind and the cure)."""
    if data.startswith(ZIP_START):
        return _kind_of_archive(data)
    if data.startswith(OLE_START):
        return _kind_of_compound(data)
    for start, message in _STARTS.items():
        if data.startswith(start):
            return "", message
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(_WEB_STARTS):
        return "", _WEB
    return ("", _XML) if head.startswith(b"<?xml") else (TEXT, "")


def message_at_once(stream: IO[bytes]) -> str:
    """Return why a file cannot be read, as far as it says so without being unpacked; "" else.

    The stream stands at its beginning afterwards. What lies in an archive is not looked at here.
    """
    stream.seek(0)
    data = stream.read(len(ZIP_START))
    data = b"" if data == ZIP_START else data + stream.read()
    stream.seek(0)
    return kind_of(data)[1] if data else ""


def _kind_of_archive(data: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            manifest = _beginning(archive, _MANIFEST) if _MANIFEST in members else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "", BROKEN
    if any(info.flag_bits & 1 for info in members.values()) or b"encryption-data" in manifest:
        return "", LOCKED
    if "xl/workbook.xml" in members:
        return XLSX, ""
    if "content.xml" in members and "mimetype" in members:
        return OLDER, ""
    message = next((text for part, text in _PARTS.items() if part in members), "")
    return "", message or "这是压缩包或其他文件，不是表格。请解压后上传里面的表格。"


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as member:
            return member.read(_MANIFEST_READ)
    except (zipfile.BadZipFile, zipfile.zlib.error, RuntimeError, EOFError):  # type: ignore[attr-defined]
        return b""


def _kind_of_compound(data: bytes) -> tuple[str, str]:
    """Tell compound files apart by the names of their streams, which are written in UTF-16."""

    def has(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if has("EncryptedPackage") or _has_encrypted_records(data):
        return "", ENCRYPTED
    if has("Workbook") or has("Book\0"):
        return OLDER, ""
    if has("WordDocument"):
        return "", "这是Word或WPS的文字文件，不是表格。请把表格复制到Excel中，另存为XLSX后再上传。"
    return "", BROKEN


def _has_encrypted_records(data: bytes) -> bool:
    """Return whether the records of an old workbook (BIFF8, BIFF5) are encrypted.

    Microsoft's [MS-XLS], 2.1.7.20.3: what opens the stream of the workbook is followed by FilePass
    at once, or behind WriteProtect.
    """
    for opening, size in _OPENINGS:
        if (start := data.find(opening)) >= 0:
            following = data[start + size : start + size + 8]
            if following.removeprefix(_WRITE_PROTECT).startswith(_FILE_PASS):
                return True
    return False
