"""Active content in the parts of a DOCX or XLSX: fields, linked pictures, formulas. Pure.

Parts are read in chunks while they are unpacked, so that a large sheet is never held in memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol
from xml.parsers import expat

from lab.files.inspection.kinds import FileProblem

# Fields of Word that read something else when they are updated, which printing may do.
READING_FIELDS = frozenset(
    {"DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE"}
)
FUNCTION_CALLS = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|CUBE\w+)\s*\(", re.IGNORECASE)
FORMULAS = frozenset({"f", "definedName", "formula", "formula1", "formula2"})
DRAWN_BY_ADDRESS = frozenset({"imagedata", "fill", "stroke", "image"})
ACTIVE_ELEMENTS = {"webVideoPr": "web_part", "ddeLink": "external"}  # elements
LINKED = frozenset({"blip", "videoFile", "audioFile", "quickTimeFile", "wavAudioFile"})
EXTERNAL_TARGET = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]+:|\\\\|//)")
# The same in a drawing of the older form, which need not be well-formed.
DRAWN_OUTSIDE = re.compile(
    rb"<(?:\w+:)?(?:imagedata|fill|stroke|image)\b[^>]{0,2000}?\b(?:src|href)\s*=\s*[\"']\s*"
    rb"(?:[a-z][a-z0-9+.-]+:|\\\\|//|&)",
    re.IGNORECASE,
)
STRINGS = "xl/sharedstrings.xml"  # the texts of cells: large, and nothing in them acts
DOCUMENTS = (".docx", ".xlsx", ".pptx")  # what may be embedded: the data of charts, mostly


def check_names(names: Iterable[str]) -> None:
    """Raise FileProblem for a member whose name says that it acts."""
    for name in map(str.lower, names):
        if "/embeddings/" in name and not name.endswith((*DOCUMENTS, ".rels", "/")):
            raise FileProblem("object")
        if name == "xl/connections.xml" or name.startswith("xl/querytables/"):
            raise FileProblem("connection")
        if "webextensions/" in name:
            raise FileProblem("web_part")


class Reader(Protocol):
    """Read one part in chunks; `problem` is the first active content in it."""

    problem: FileProblem | None

    def feed(self, piece: bytes) -> None: ...
    def close(self) -> None: ...


def reader_of(name: str) -> Reader | None:
    """Return the reader for the part with this name, in any folder.

    None for parts without active content.
    """
    lower = name.lower()
    if lower.endswith(".vml"):
        return DrawingReader()
    return PartReader() if lower.endswith(".xml") and lower != STRINGS else None


class DrawingReader:
    """Look for linked pictures in a drawing of the older form (VML)."""

    def __init__(self) -> None:
        self.problem: FileProblem | None = None
        self._end = b""

    def feed(self, piece: bytes) -> None:
        text = self._end + piece.replace(b"\0", b"")  # in two bytes a letter, too
        if DRAWN_OUTSIDE.search(text):
            self.problem = FileProblem("outside_picture")
        self._end = text[-4096:]

    def close(self) -> None:
        """Do nothing: no text is buffered."""


class PartReader:
    """Read one part in chunks.

    `problem` is the first active content; the caller raises it once the whole archive has proved
    valid.
    """

    def __init__(self) -> None:
        self.problem: FileProblem | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.buffer_text = True
        self._fields: list[str] = []  # the codes of the fields that are open, the innermost last
        self._text: list[str] | None = None  # of the element that is being read

    def feed(self, piece: bytes) -> None:
        self._parse(piece, last=False)

    def close(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        if self.problem is not None:
            return
        try:
            self._parser.Parse(piece, last)
        except FileProblem as fault:
            self.problem = fault
        except expat.ExpatError:
            self.problem = FileProblem("cut")

    def _doctype(self, *_what: object) -> None:
        raise FileProblem("content")

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        plain = {_local(key): value for key, value in attributes.items()}
        if name == "fldChar":
            self._field_event(plain.get("fldCharType", ""))
        elif name == "fldSimple":
            _check_field(plain.get("instr", ""))
        elif name in ACTIVE_ELEMENTS:
            raise FileProblem(ACTIVE_ELEMENTS[name])
        elif name in DRAWN_BY_ADDRESS or name in LINKED:
            _check_picture(name, plain)
        elif name in FORMULAS or name == "instrText":
            self._text = []
            self._parser.CharacterDataHandler = self._text.append

    def _end(self, tag: str) -> None:
        if self._text is None:
            return
        text, self._text = "".join(self._text), None
        self._parser.CharacterDataHandler = None
        if _local(tag) != "instrText":
            if FUNCTION_CALLS.search(text):
                raise FileProblem("connection")
        elif self._fields:  # the code of a field may be spread over many runs
            self._fields[-1] += text
        else:
            _check_field(text)

    def _field_event(self, kind: str) -> None:
        """Handle the beginning, the result or the end of a field."""
        if kind == "begin":
            self._fields.append("")
        elif self._fields:
            _check_field(self._fields[-1])
            if kind == "end":
                self._fields.pop()


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _check_picture(name: str, attributes: Mapping[str, str]) -> None:
    """Reject pictures by address or by a reference that some reader follows regardless of kind."""
    addressed = any(EXTERNAL_TARGET.match(attributes.get(key, "")) for key in ("src", "href"))
    if addressed or (name in LINKED and attributes.get("link")):
        raise FileProblem("outside_picture")


def _check_field(code: str) -> None:
    if (code.split() or [""])[0].upper() in READING_FIELDS:
        raise FileProblem("field")
