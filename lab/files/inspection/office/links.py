"""What a DOCX or XLSX names outside itself: what only a click opens, and what acts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote

from lab.files.inspection.addresses import scheme_of
from lab.files.inspection.problems import Finding, shorten

# Kinds of external references that wait for a click or a question; all others are loaded or run.
USER_FOLLOWED = frozenset({"hyperlink", "externallinkpath", "xlpathmissing", "xlexternallinkpath"})
PICTURES = frozenset({"image", "hdphoto", "svg", "video", "audio", "media"})
LINKED_OBJECTS = frozenset({"oleobject", "package"})  # a chart whose data lie in another file, too
PROGRAMS = (
    *(".exe", ".dll", ".scr", ".bat", ".cmd", ".msi", ".hta", ".lnk", ".jar", ".vbs", ".vbe"),
    *(".js", ".jse", ".wsf", ".wsh", ".sct", ".ps1", ".psm1", ".reg", ".cpl", ".pif", ".msc"),
    *(".xll", ".url", ".chm", ".appref-ms", ".application", ".settingcontent-ms"),
)
WEB = frozenset({"http", "https", "ftp", "mailto", "tel", "about"})
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "attachedtemplate": "模板",
        "frame": "框架中的网页",
        "subdocument": "子文档",
        "oleobject": "链接的对象",
        "package": "链接的对象",
        "mailmergesource": "邮件合并的数据源",
        "mailmergeheadersource": "邮件合并的数据源",
        "image": "图片",
        "hdphoto": "图片",
        "svg": "图片",
        "video": "视频",
        "audio": "音频",
        "media": "音频或视频",
        "hyperlink": "链接",
    }
)
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "document": "正文",
        "header": "页眉",
        "footer": "页脚",
        "comments": "批注",
        "footnotes": "脚注",
        "endnotes": "尾注",
        "settings": "文档设置",
        "webSettings": "网页设置",
        "workbook": "工作簿",
        "sheet": "工作表",
        "drawing": "图形",
        "chart": "图表",
        "externalLink": "外部引用",
    }
)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_NUMBER = re.compile(r"\d+$")
_NO_SCRIPT = re.compile(
    r"javascript:\s*(?:void\s*\(?\s*0?\s*\)?)?\s*;?", re.IGNORECASE
)  # of web pages


def part_label(part: str) -> str:
    """Return how a sentence names a part: the part of the document, and its name inside."""
    stem = part.rpartition("/")[2].partition(".")[0]
    label = PARTS.get(_NUMBER.sub("", stem), "")
    return f"{label}{part}"


def source_of(relations: str) -> str:
    """Return the part whose relations a list holds, the list itself where it is nobody's."""
    folder, _, name = relations.rpartition("/")
    owner = name[: -len(".rels")]
    return f"{folder.rpartition('/')[0]}/{owner}".lstrip("/") if owner else relations


def outside_finding(kind: str, target: str, relations: str) -> Finding | None:
    """Return what an external reference does without a click, None for one that waits."""
    code = _code(kind, target)
    if not code:
        return None
    what = f"{LABELS.get(kind, '外部引用')} {shorten(target)}"
    return Finding(code, what, part_label(source_of(relations)))


def _code(kind: str, target: str) -> str:
    if kind in PICTURES:
        return "outside_picture"
    if kind in USER_FOLLOWED:
        return "program_link" if starts_program(target) else ""
    if kind in LINKED_OBJECTS:
        return "object"
    return "" if kind == "attachedtemplate" and is_local(target) else "external"


def is_local(target: str) -> bool:
    """Return whether a path is on the reader's own disk, so that nothing is fetched over a line."""
    path = unquote(target.strip())
    scheme, _, rest = path.partition(":")
    if scheme.lower() == "file":
        path = rest.removeprefix("//").removeprefix("localhost")
        path = path[1:] if _DRIVE.match(path[1:]) else path
        return bool(_DRIVE.match(path)) or (path.startswith("/") and not _is_share(path))
    return bool(_DRIVE.match(path)) or (":" not in path and not _is_share(path))


def _is_share(path: str) -> bool:
    return path.replace("\\", "/").startswith("//")


def starts_program(target: str) -> bool:
    """Return whether a click starts a program: one on a disk or share, or behind its own scheme.

    A file of a site is only fetched, and whoever clicked is asked what to do with it.
    """
    path = unquote(target.strip())
    scheme = scheme_of(path)
    if scheme in WEB or _NO_SCRIPT.fullmatch(path):
        return False
    if scheme not in ("", "file"):
        return True
    name = path.partition("#")[0].partition("?")[0].rstrip(" .").lower()
    # Where no folder is named, the name may be that of a site.
    return name.endswith(PROGRAMS) or (name.endswith(".com") and _is_of_disk(scheme, name))


def _is_of_disk(scheme: str, name: str) -> bool:
    return scheme == "file" or bool(_DRIVE.match(name)) or _is_share(name)
