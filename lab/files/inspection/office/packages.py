"""What an Office file's directory says about its parts: their kinds and relations. Pure.

Readers follow these lists, never the usual names and folders, so the check does too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from xml.etree import ElementTree

from lab.files.inspection.office.links import outside_finding, part_label, source_of
from lab.files.inspection.office.parts import DOCUMENTS, STRINGS
from lab.files.inspection.problems import FileProblem, Finding
from lab.files.inspection.signatures import BY_EXTENSION, ZIP, RealKind

_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN_PART: Mapping[str, str] = MappingProxyType(
    {
        "docx": f"{_OFFICE}wordprocessingml.document.main+xml",
        "xlsx": f"{_OFFICE}spreadsheetml.sheet.main+xml",
    }
)
# Other main parts, by the end of their kind: what a file with such a part is.
OTHER_MAIN: Mapping[str, RealKind] = MappingProxyType(
    {
        "wordprocessingml.document.main+xml": RealKind("文字文档", "请把后缀改为.docx后再传"),
        "spreadsheetml.sheet.main+xml": RealKind("电子表格", "请把后缀改为.xlsx后再传"),
        "wordprocessingml.template.main+xml": BY_EXTENSION["dotx"],
        "spreadsheetml.template.main+xml": BY_EXTENSION["xltx"],
        "presentation.main+xml": BY_EXTENSION["pptx"],
        "slideshow.main+xml": BY_EXTENSION["pptx"],
        "excel.sheet.binary.macroenabled.main": BY_EXTENSION["xlsb"],
    }
)
TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
CONTENTS = ("wordprocessingml.", "spreadsheetml.")  # the parts that may hold fields and formulas
# Kinds of parts inside the file that act, whatever they are called there, and what they are.
ACTIVE_RELATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("vbaproject", "wordvbadata"), ("macro", "宏")),
        **dict.fromkeys(("control", "activexcontrolbinary"), ("macro", "控件")),
        **dict.fromkeys(("xlmacrosheet", "xlintlmacrosheet"), ("macro", "宏表")),
        "attachedtoolbars": ("macro", "工具栏"),
        **dict.fromkeys(("connections", "querytable"), ("connection", "数据连接")),
        **dict.fromkeys(("webextension", "webextensiontaskpanes"), ("web_part", "加载项")),
        "afchunk": ("external", "插入的网页"),  # a page of another kind, with pictures of its own
    }
)
EMBEDDED = frozenset({"package", "oleobject"})


def is_read(name: str) -> bool:
    """Return whether a member is one of these lists."""
    return name == TYPES or name.lower().endswith(".rels")


def check_parts(texts: Mapping[str, bytes], names: set[str], extension: str) -> list[Finding]:
    """Return the parts that act; `texts`: the lists.

    Raises FileProblem for a file of another kind, or for a part that is not where it is read.
    """
    if TYPES not in texts or RELATIONS not in texts:
        raise FileProblem("kind", detail=ZIP.text)
    findings = list(_check_types(_parsed(TYPES, texts[TYPES]), names, extension))
    for name, text in texts.items():
        if name != TYPES:
            findings += _relation_findings(name, text)
    return findings


def _parsed(name: str, text: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileProblem("part", detail=name)
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FileProblem("part", detail=name) from error


def _check_types(root: ElementTree.Element, names: set[str], extension: str) -> Iterator[Finding]:
    rows = [
        (node.get("PartName") or f".{node.get('Extension', '')}", node.get("ContentType", ""))
        for node in root.iter()
    ]
    macros = [part for part, kind in rows if _is_of_macros(kind) and not _is_idle(part, names)]
    yield from (Finding("macro", "宏", part.lstrip("/")) for part in macros)
    main = [part for part, kind in rows if kind == MAIN_PART[extension]]
    if not main:
        _raise_other_kind([kind.lower() for _, kind in rows])
        if not macros:
            raise FileProblem("content")
    elif len(main) != 1 or main[0].lstrip("/") not in names:
        raise FileProblem("part", detail=main[0].lstrip("/"))
    for part, kind in rows:
        _check_location(part.lower(), kind.lower())


def _is_of_macros(kind: str) -> bool:
    return "macroenabled" in kind.lower() or "vba" in kind.lower()


def _is_idle(part: str, names: set[str]) -> bool:
    """Return whether this is a default for an ending that no part has, in any case."""
    return part.startswith(".") and not any(n.lower().endswith(part.lower()) for n in names)


def _raise_other_kind(kinds: list[str]) -> None:
    """Say what else it is; one with macros is found out by them."""
    for end, other in OTHER_MAIN.items():
        if any(kind.endswith(end) for kind in kinds):
            raise FileProblem("kind", detail=other.text)


def _check_location(part: str, kind: str) -> None:
    """Reject a part with fields or formulas whose name has another ending than it is read by.

    Cell texts are not read.
    """
    if any(word in kind for word in CONTENTS) and kind.endswith("+xml"):
        if not part.endswith(".xml"):
            raise FileProblem("part", detail=part.lstrip("/"))
        if part in ("/" + STRINGS, ".xml") and not kind.endswith("sharedstrings+xml"):
            raise FileProblem("part", detail=part.lstrip("/"))


def _relation_findings(name: str, text: bytes) -> Iterator[Finding]:
    where = part_label(source_of(name))
    for node in _parsed(name, text).iter():
        kind, target = node.get("Type", "").rpartition("/")[2].lower(), node.get("Target", "")
        if node.get("TargetMode", "").lower() == "external":
            if finding := outside_finding(kind, target, name):
                yield finding
        elif kind in ACTIVE_RELATIONS:
            code, what = ACTIVE_RELATIONS[kind]
            yield Finding(code, f"{what} {target}", where)
        elif kind in EMBEDDED and not target.lower().endswith(DOCUMENTS):
            yield Finding("object", f"对象 {target}", where)
