"""Active content in a PDF: walk over every object reachable from its trailer. Pure.

Whatever cannot be read counts as active (`unclear`): a viewer may read what this reader cannot.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    StreamObject,
)

from lab.files.inspection.active import REJECTED, TABLE
from lab.files.inspection.addresses import path_of, scheme_of
from lab.files.inspection.problems import Finding, shorten
from lab.files.inspection.signatures import PROGRAM_STARTS

MAX_OBJECTS = 400_000
PLAIN_SCHEMES = frozenset({"", "http", "https", "mailto", "tel", "ftp", "about"})
OF_ACTION = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "remote",
    "/GoToR": "remote",
    "/GoToE": "remote",
    "/Thread": "remote",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/GoTo3DView": "media",
    "/RichMediaExecute": "media",
}
OF_ANNOTATION = {
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/3D": "media",
    "/FileAttachment": "embedded",
}
FOLLOWED_KEYS = frozenset(  # keys by which an action is reached, or that say what it is
    {
        *("/OpenAction", "/AA", "/A", "/PA", "/S", "/JS", "/URI", "/Next", "/EF", "/F", "/UF"),
        *("/Names", "/Kids", "/AcroForm", "/Fields", "/XFA", "/Annots", "/Subtype", "/Outlines"),
        *("/First", "/Pages", "/Root", "/JavaScript", "/EmbeddedFiles", "/AF", "/Prev", "/XRefStm"),
    }
)
AUTOMATIC = ("/OpenAction", "/AA")  # what these name is done without a click
PROGRAM_NAMES = (
    *(".exe", ".dll", ".scr", ".com", ".bat", ".cmd", ".msi", ".hta", ".lnk", ".jar", ".vbs"),
    *(".vbe", ".js", ".jse", ".wsf", ".ps1", ".reg", ".cpl", ".pif", ".sh", ".app", ".apk"),
)
SITE_ENDINGS = (".com", ".sh", ".app")


class _ParserWarnings(logging.Handler):
    """Collect what the library skipped or guessed without raising."""

    SKIPPED = ("PdfReadError(", "PdfStreamError(")
    TWICE = re.compile(r"Multiple definitions in dictionary .* key (/\w+)")

    def __init__(self, codes: set[str]) -> None:
        super().__init__(logging.WARNING)
        self._codes = codes

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        twice = self.TWICE.match(message)
        # Which of two definitions counts differs between viewers; in most keys nothing can hide.
        if message.startswith(self.SKIPPED) or (twice and twice[1] in FOLLOWED_KEYS):
            self._codes.add("unclear")


@dataclass
class PdfFindings:
    """What a walk over a PDF found: codes of `active.TABLE`, the places of those that are
    rejected, and how many of the objects that are named are missing."""

    codes: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    missing: int = 0


def examine_objects(data: bytes) -> PdfFindings:
    """Walk over every object of a PDF and return what was found."""
    found = PdfFindings()
    library, complaints = logging.getLogger("pypdf"), _ParserWarnings(found.codes)
    library.addHandler(complaints)
    library.propagate = False
    try:
        _collect(data, found)
    finally:
        library.removeHandler(complaints)
        library.propagate = True
    return found


def _collect(data: bytes, found: PdfFindings) -> None:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        for dictionary, automatic in _reachable(reader.trailer, found):
            codes = set(_codes_of(dictionary, automatic))
            found.codes |= codes
            found.findings += [
                Finding(code, _described(code, dictionary))
                for code in sorted(codes)
                if TABLE[code].treatment == REJECTED
            ]
    except MemoryError:
        raise
    except Exception:  # the library raises whatever a strange file leads it to
        found.codes.add("unclear")


def _described(code: str, dictionary: DictionaryObject) -> str:
    """Say which program is started or lies inside."""
    if code == "xfa":
        return "表单"
    name = shorten(_file_name(dictionary))
    return f"{'启动' if code == 'launch' else '文件'}“{name}”" if name else TABLE[code].name


def _file_name(dictionary: DictionaryObject) -> str:
    """Return the first name of a file in a specification, or in the action that starts it."""
    for key in ("/UF", "/F", "/Win", "/Unix", "/DOS", "/Mac"):
        value = _value(dictionary, key)
        name = _file_name(value) if isinstance(value, DictionaryObject) else _text(value)
        if name:
            return name
    return ""


def _reachable(trailer: Any, found: PdfFindings) -> Iterator[tuple[DictionaryObject, bool]]:
    """Iterate over every dictionary, and whether it is reached through an automatic action."""
    seen: set[tuple[int, int, bool]] = set()
    waiting: list[tuple[Any, bool]] = [(trailer, False)]
    count = 0
    while waiting:
        dictionary, automatic = waiting.pop()
        if isinstance(dictionary, IndirectObject):
            at = (dictionary.idnum, dictionary.generation, automatic)
            if at in seen or (dictionary.idnum, dictionary.generation, True) in seen:
                continue
            seen.add(at)
            dictionary = _read(dictionary, found)
        count += 1
        if count > MAX_OBJECTS:
            found.codes.add("unclear")
            return
        if isinstance(dictionary, ArrayObject):
            waiting += [(value, automatic) for value in list.__iter__(dictionary)]
        elif isinstance(dictionary, DictionaryObject):
            yield dictionary, automatic
            waiting += _parts(dictionary, automatic)


def _read(reference: IndirectObject, found: PdfFindings) -> Any:
    try:
        value = reference.get_object()
    except MemoryError:
        raise
    except Exception:
        found.codes.add("unclear")
        return None
    if value is None or isinstance(value, NullObject):
        found.missing += 1
    return value


def _parts(dictionary: DictionaryObject, automatic: bool) -> list[tuple[Any, bool]]:
    """Return what a dictionary refers to. Links back to pages and parents belong to no action."""
    goes_on = "/S" in dictionary or "/Type" not in dictionary
    events = _value(
        dictionary, "/AA"
    )  # whatever it calls itself, each of its actions is done by itself
    parts = [(value, True) for value in dict.values(events)] if isinstance(events, dict) else []
    return parts + [
        (value, key in AUTOMATIC or (automatic and goes_on and key not in ("/P", "/Parent", "/D")))
        for key, value in dict.items(dictionary)
    ]


def _codes_of(dictionary: DictionaryObject, automatic: bool) -> Iterator[str]:
    structure = (
        str(_value(dictionary, "/Type")) == "/StructElem"
    )  # there /S is the kind of a paragraph
    action = "" if structure else str(_value(dictionary, "/S"))
    if "/JS" in dictionary:
        yield "javascript"
    if action in OF_ACTION:
        yield OF_ACTION[action]
    if action == "/URI" or "/URI" in dictionary:
        yield "auto_uri" if automatic and action == "/URI" else _link(_value(dictionary, "/URI"))
    if (kind := str(_value(dictionary, "/Subtype"))) in OF_ANNOTATION:
        yield OF_ANNOTATION[kind]
    if "/XFA" in dictionary:
        yield "xfa"
    if "/EF" in dictionary:
        yield _embedded(dictionary)
    if isinstance(dictionary, StreamObject) and "/F" in dictionary:
        yield "remote"  # the content of the stream lies in another file


def _value(dictionary: DictionaryObject, key: str) -> Any:
    value = dict.get(dictionary, key)
    return value.get_object() if isinstance(value, IndirectObject) else value


def _link(address: Any) -> str:
    if isinstance(address, DictionaryObject):  # the base of all links of the document
        return "link"
    text = _text(address)
    scheme, path = scheme_of(text), path_of(text).lower()
    odd = scheme not in PLAIN_SCHEMES or (not scheme and path.startswith(("//", "\\\\")))
    if path.endswith(SITE_ENDINGS) and not re.search(r"[/\\]", path):
        return "odd_link" if odd else "link"  # a site may end so; a program has a path before that
    return "odd_link" if odd or path.endswith(PROGRAM_NAMES) else "link"


def _text(value: Any) -> str:
    if isinstance(value, ByteStringObject):
        return bytes(value).decode("latin-1")
    return str(value or "")


def _embedded(dictionary: DictionaryObject) -> str:
    names = [_text(_value(dictionary, key)) for key in ("/UF", "/F", "/DOS", "/Unix", "/Mac")]
    if any(name.lower().rstrip(" .").endswith(PROGRAM_NAMES) for name in names):
        return "program"
    files = _value(dictionary, "/EF")
    streams = [_value(files, key) for key in files] if isinstance(files, DictionaryObject) else []
    return "program" if any(_is_program(stream) for stream in streams) else "embedded"


def _is_program(stream: Any) -> bool:
    if not isinstance(stream, StreamObject):
        return False
    try:
        return stream.get_data().startswith(PROGRAM_STARTS)
    except MemoryError:
        raise
    except Exception:
        return True  # it hides what it is
