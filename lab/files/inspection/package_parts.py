"""What an Office file's directory says about its parts: their kinds and relations. Pure.

Readers follow these lists, never the usual names and folders, so the check does too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit
from xml.etree import ElementTree

from lab.files.inspection.kinds import FileProblem
from lab.files.inspection.office_parts import DOCUMENTS, STRINGS

_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PART: Mapping[str, str] = MappingProxyType(
    {
        "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
        "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
    }
)
TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
CONTENTS = ("wordprocessingml.", "spreadsheetml.")  # the parts that may hold fields and formulas
# Kinds of external references that wait for a click or a question; all others are loaded or run.
USER_FOLLOWED = frozenset({"hyperlink", "externallinkpath", "xlpathmissing", "xlexternallinkpath"})
PICTURES = frozenset({"image", "hdphoto", "svg", "video", "audio", "media"})
# Kinds of parts inside the file that act, whatever they are called there.
ACTIVE_RELATIONS = MappingProxyType(
    {
        **dict.fromkeys(("vbaproject", "wordvbadata", "control", "activexcontrolbinary"), "macro"),
        **dict.fromkeys(("xlmacrosheet", "xlintlmacrosheet", "attachedtoolbars"), "macro"),
        **dict.fromkeys(("connections", "querytable"), "connection"),
        **dict.fromkeys(("webextension", "webextensiontaskpanes"), "web_part"),
        "afchunk": "external",  # a page of another kind, with pictures of its own
    }
)
EMBEDDED = frozenset({"package", "oleobject"})
PROGRAMS = (
    *(".exe", ".dll", ".scr", ".bat", ".cmd", ".msi", ".hta", ".lnk", ".jar", ".vbs", ".vbe"),
    *(".js", ".jse", ".wsf", ".ps1", ".reg", ".cpl", ".pif"),
)
SCHEMES = frozenset({"", "http", "https", "mailto", "file", "ftp", "tel"})


def is_read(name: str) -> bool:
    """Return whether a member is one of these lists."""
    return name == TYPES or name.lower().endswith(".rels")


def check_parts(texts: Mapping[str, bytes], names: set[str], extension: str) -> None:
    """Raise FileProblem for a part that acts, or that is not where it is read.

    `texts`: the lists.
    """
    if TYPES not in texts or RELATIONS not in texts:
        raise FileProblem("content")
    _check_types(_parsed(texts[TYPES]), names, extension)
    for name, text in texts.items():
        if name != TYPES:
            _check_relations(text)


def _parsed(text: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileProblem("content")
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileProblem("cut") from error


def _check_types(root: ElementTree.Element, names: set[str], extension: str) -> None:
    rows = [
        (node.get("PartName") or f".{node.get('Extension', '')}", node.get("ContentType", ""))
        for node in root.iter()
    ]
    if any("macroenabled" in kind.lower() or "vba" in kind.lower() for _, kind in rows):
        raise FileProblem("macro")
    main = [part for part, kind in rows if kind == MAIN_PART[extension]]
    if len(main) != 1 or main[0].lstrip("/") not in names:
        raise FileProblem("content")
    for part, kind in rows:
        _check_location(part.lower(), kind.lower())


def _check_location(part: str, kind: str) -> None:
    """Reject a part with fields or formulas whose name has another ending than it is read by.

    Cell texts are not read.
    """
    if any(word in kind for word in CONTENTS) and kind.endswith("+xml"):
        if not part.endswith(".xml"):
            raise FileProblem("content")
        if part in ("/" + STRINGS, ".xml") and not kind.endswith("sharedstrings+xml"):
            raise FileProblem("content")


def _check_relations(text: bytes) -> None:
    for node in _parsed(text).iter():
        kind, target = node.get("Type", "").rpartition("/")[2].lower(), node.get("Target", "")
        if node.get("TargetMode", "").lower() == "external":
            _check_outside(kind, target)
        elif kind in ACTIVE_RELATIONS:
            raise FileProblem(ACTIVE_RELATIONS[kind])
        elif kind in EMBEDDED and not target.lower().endswith(DOCUMENTS):
            raise FileProblem("object")


def _check_outside(kind: str, target: str) -> None:
    if kind in PICTURES:
        raise FileProblem("outside_picture")
    if kind not in USER_FOLLOWED or _is_executable(target):
        raise FileProblem("external")


def _is_executable(target: str) -> bool:
    try:
        parts = urlsplit(target.strip())
    except ValueError:
        return True
    if len(parts.scheme) == 1:  # a drive letter
        return target.lower().endswith(PROGRAMS)
    return parts.scheme.lower() not in SCHEMES or parts.path.lower().endswith(PROGRAMS)
