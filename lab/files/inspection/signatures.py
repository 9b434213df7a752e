"""What a file really is, by its first bytes, and what its owner makes of one not taken. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ZIP_START = b"PK\x03\x04"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an old Office file, or one with a password
PDF_START = b"%PDF-"
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"L\0\0\0")
# Lower case; what interpreters run even where blanks stand before.
_SCRIPT_STARTS = (b"#!", b"@echo", b"<?php", b"<%", b"<script", b"<job", b"<scriptlet", b"<hta:")
_BLANKS = b"\xef\xbb\xbf\0 \t\r\n\f"
TYPES_MEMBER = b"[Content_Types].xml"
HEADER_WITHIN = 1024  # bytes before which readers look for the start of a PDF
_PAINT = "请用系统自带的“画图”或看图软件打开，另存为PNG或JPG后再传"
_AS_PDF = "请打开后另存（或打印）为PDF再传"
_AS_OFFICE = "请用Word或WPS打开，另存为.docx或.xlsx后再传"
_UNPACK = "请解压后逐个上传其中的文件"


@dataclass(frozen=True)
class RealKind:
    """What a file is for its owner, and what to do; `extension` where the door takes its kind."""

    label: str
    remedy: str
    extension: str = ""

    @property
    def text(self) -> str:
        return f"{self.label}，{self.remedy}"


def _taken(label: str, extension: str) -> RealKind:
    return RealKind(label, f"请把名称的后缀改为.{extension}后再传", extension)


PDF = _taken("PDF文件", "pdf")
ZIP = RealKind("压缩包（ZIP）", _UNPACK)
PROGRAM = RealKind("程序", "程序不能上传")
OLD_OFFICE = RealKind("旧版的Word或Excel文件", _AS_OFFICE)
HTML = RealKind("网页文件", _AS_PDF)
_WEBP, _GIF = RealKind("WebP格式的图片", _PAINT), RealKind("GIF格式的图片", _PAINT)
_BMP, _TIFF = RealKind("BMP格式的图片", _PAINT), RealKind("TIFF格式的图片", _PAINT)
_AVIF, _SVG = RealKind("AVIF格式的图片", _PAINT), RealKind("SVG格式的图片", _PAINT)
_PSD, _RTF = RealKind("Photoshop文件", _PAINT), RealKind("RTF文档", _AS_OFFICE)
_RAR, _SEVEN = RealKind("压缩包（RAR）", _UNPACK), RealKind("压缩包（7Z）", _UNPACK)
_DOCX, _XLSX = _taken("文字文档", "docx"), _taken("电子表格", "xlsx")
_OFFICE_FILE = RealKind("Word或Excel文件", "请把名称的后缀改为.docx或.xlsx后再传")
_PPTX = RealKind("演示文稿", _AS_PDF)
_ICO, _WMF = RealKind("ICO格式的图标", _PAINT), RealKind("WMF或EMF格式的图片", _PAINT)
_JP2, _JXL = RealKind("JPEG 2000格式的图片", _PAINT), RealKind("JPEG XL格式的图片", _PAINT)
_FILM = RealKind("音频或视频", "音频、视频不能上传")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_STARTS: tuple[tuple[bytes, RealKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", _taken("PNG格式的图片", "png")),
    (b"\xff\xd8\xff", _taken("JPG格式的图片", "jpg")),
    (b"GIF8", _GIF),
    (b"II*\0", _TIFF),
    (b"MM\0*", _TIFF),
    (b"8BPS", _PSD),
    (b"\0\0\1\0", _ICO),
    (b"\xd7\xcd\xc6\x9a", _WMF),
    (b"\0\0\0\x0cjP  ", _JP2),
    (b"\xff\x4f\xff\x51", _JP2),
    (b"\0\0\0\x0cJXL ", _JXL),
    (b"\xff\x0a", _JXL),
    (OLE_START, OLD_OFFICE),
    (b"Rar!", _RAR),
    (b"7z\xbc\xaf\x27\x1c", _SEVEN),
    (b"{\\rtf", _RTF),
    (b"\x7fELF", PROGRAM),
    (b"#!", PROGRAM),
)
# What the name alone says of a file that is not taken.
BY_EXTENSION: Mapping[str, RealKind] = MappingProxyType(
    {
        **dict.fromkeys(("doc", "dot", "wps", "wpt"), RealKind("旧版文字文档", _AS_OFFICE)),
        **dict.fromkeys(("xls", "xlt", "et", "ett"), RealKind("旧版电子表格", _AS_OFFICE)),
        **dict.fromkeys(("ppt", "pptx", "dps", "pps"), RealKind("演示文稿", _AS_PDF)),
        **dict.fromkeys(
            ("docm", "xlsm", "dotm", "xltm", "xlsb"),
            RealKind("可含宏的Office文件", _AS_OFFICE),
        ),
        **dict.fromkeys(("dotx", "xltx"), RealKind("Office模板", _AS_OFFICE)),
        **dict.fromkeys(("rtf", "odt", "ods"), RealKind("其他格式的文档", _AS_OFFICE)),
        **dict.fromkeys(("txt", "csv", "md"), RealKind("文本文件", _AS_OFFICE)),
        **dict.fromkeys(("ofd", "xps", "caj", "ceb"), RealKind("其他格式的版式文件", _AS_PDF)),
        **dict.fromkeys(("html", "htm", "mht", "mhtml"), HTML),
        **dict.fromkeys(("zip", "rar", "7z", "gz", "tar"), RealKind("压缩包", _UNPACK)),
        **dict.fromkeys(("exe", "bat", "cmd", "msi", "js", "vbs", "apk"), PROGRAM),
        **dict.fromkeys(("mp4", "mov", "avi", "mp3", "wav", "m4a"), _FILM),
        **dict.fromkeys(("tif", "tiff"), _TIFF),
        "webp": _WEBP,
        "gif": _GIF,
        "bmp": _BMP,
        "avif": _AVIF,
        "svg": _SVG,
        "psd": _PSD,
    }
)


def real_kind(head: bytes) -> RealKind | None:
    """Return what a file is by its first bytes (1,024 of them, if it has so many), None unknown."""
    if head.startswith(ZIP_START):
        return _packed(head)
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp":
        return _boxed(head)
    if head.startswith(b"RIFF"):
        return _WEBP if head[8:12] == b"WEBP" else _FILM
    if head.startswith(b"MZ") and b"PE\0\0" in head:
        return PROGRAM
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return _BMP
    return PDF if PDF_START in head[:HEADER_WITHIN] else _marked(head)


def is_program(head: bytes) -> bool:
    """Return whether bytes that lie before another file's begin a program or a script."""
    return head.startswith(PROGRAM_STARTS) or head.lstrip(_BLANKS).lower().startswith(
        _SCRIPT_STARTS
    )


def _packed(head: bytes) -> RealKind:
    """What lies in an archive, by the names of its first members."""
    for folder, kind in ((b"word/", _DOCX), (b"xl/", _XLSX), (b"ppt/", _PPTX)):
        if folder in head and (TYPES_MEMBER in head or b"_rels/" in head):
            return kind
    return _OFFICE_FILE if TYPES_MEMBER in head else ZIP


def _boxed(head: bytes) -> RealKind:
    """What is kept in boxes: photographs of telephones, and films."""
    size = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))}
    if b"avif" in brands or b"avis" in brands:
        return _AVIF
    return _taken("HEIC格式的照片", "heic") if brands & set(_HEIC_BRANDS) else _FILM


def _marked(head: bytes) -> RealKind | None:
    if head[40:44] == b" EMF":
        return _WMF
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<script")):
        return HTML
    return _SVG if start.startswith(b"<svg") or b"<svg" in start else None
