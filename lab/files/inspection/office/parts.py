"""Active content in the parts of a DOCX or XLSX: fields, linked pictures, formulas. Pure.

Parts are read in chunks while they are unpacked, so that a large sheet is never held in memory.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from xml.parsers import expat

from lab.files.inspection.office.links import part_label, starts_program
from lab.files.inspection.problems import FileProblem, Finding, shorten

# Fields of Word that read something else when they are updated, which printing may do.
READING_FIELDS = frozenset(
    {"DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE"}
)
FUNCTION_CALLS = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|CUBE\w+)\s*\(", re.IGNORECASE)
LINK_CODE = re.compile(r"\s*HYPERLINK\s+\"?([^\"\s]+)", re.IGNORECASE)  # a field
LINK_CALL = re.compile(r"\bHYPERLINK\s*\(\s*\"([^\"]+)", re.IGNORECASE)  # a formula
FORMULAS = frozenset({"f", "definedName", "formula", "formula1", "formula2"})
DRAWN_BY_ADDRESS = frozenset({"imagedata", "fill", "stroke", "image"})
ACTIVE_ELEMENTS = {"webVideoPr": ("web_part", "网络视频"), "ddeLink": ("connection", "DDE链接")}
LINKED = frozenset({"blip", "videoFile", "audioFile", "quickTimeFile", "wavAudioFile"})
EXTERNAL_TARGET = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]+:|\\\\|//)")
# The same in a drawing of the older form, which need not be well-formed.
DRAWN_OUTSIDE = re.compile(
    rb"<(?:\w+:)?(?:imagedata|fill|stroke|image)\b[^>]{0,2000}?\b(?:src|href)\s*=\s*[\"']\s*"
    rb"((?:[a-z][a-z0-9+.-]+:|\\\\|//|&)[^\"'>]{0,200})",
    re.IGNORECASE,
)
STRINGS = "xl/sharedstrings.xml"  # the texts of cells: large, and nothing in them acts
DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.-]+)")
CHINESE = frozenset({b"gbk", b"gb2312", b"gb18030"})  # as data that other programs left there
DOCUMENTS = (".docx", ".xlsx", ".pptx")  # what may be embedded: the data of charts, mostly


MOST_FINDINGS = 100  # of one part; more would say nothing


def name_findings(names: Iterable[str]) -> Iterator[Finding]:
    """Iterate over the members whose names say that they act."""
    for name in sorted(names):
        lower = name.lower()
        if "/embeddings/" in lower and not lower.endswith((*DOCUMENTS, ".rels", "/")):
            yield Finding("object", f"对象 {name}")
        if lower == "xl/connections.xml" or lower.startswith("xl/querytables/"):
            yield Finding("connection", f"数据连接 {name}")
        if "webextensions/" in lower and not lower.endswith(".rels"):
            yield Finding("web_part", f"加载项 {name}")


class Reader(Protocol):
    """Read one part in chunks.

    `findings` are the places with active content, `problem` is why the part cannot be read.
    """

    findings: list[Finding]
    problem: FileProblem | None

    def feed(self, piece: bytes) -> None: ...
    def close(self) -> None: ...


def reader_of(name: str) -> Reader | None:
    """Return the reader for the part with this name, in any folder.

    None for parts without active content.
    """
    lower = name.lower()
    if lower.endswith(".vml"):
        return DrawingReader(name)
    return PartReader(name) if lower.endswith(".xml") and lower != STRINGS else None


class DrawingReader:
    """Look for linked pictures in a drawing of the older form (VML)."""

    def __init__(self, name: str) -> None:
        self.findings: list[Finding] = []
        self.problem: FileProblem | None = None
        self._name = name
        self._end = b""

    def feed(self, piece: bytes) -> None:
        text = self._end + piece.replace(b"\0", b"")  # in two bytes a letter, too
        if not self.findings and (drawn := DRAWN_OUTSIDE.search(text)):
            address = shorten(drawn[1].decode("utf-8", "replace"))
            self.findings.append(
                Finding("outside_picture", f"图片 {address}", part_label(self._name))
            )
        self._end = text[-4096:]

    def close(self) -> None:
        """Do nothing: no text is buffered."""


class PartReader:
    """Read one part in chunks.

    The caller raises what is found once the whole archive has proved valid.
    """

    def __init__(self, name: str) -> None:
        self.findings: list[Finding] = []
        self.problem: FileProblem | None = None
        self._name = name
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = False
        self._make_parser()
        self._fields: list[str] = []  # the codes of the fields that are open, the innermost last
        self._text: list[str] | None = None  # of the element that is being read
        self._cell = ""

    def _make_parser(self, encoding: str | None = None) -> None:
        self._parser = expat.ParserCreate(encoding, namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.buffer_text = True

    def feed(self, piece: bytes) -> None:
        if not self._begun:
            self._begun = True
            self._decode_from(piece)
        self._parse(piece, last=False)

    def _decode_from(self, beginning: bytes) -> None:
        """Decode what the parser cannot: encodings with several bytes a character."""
        declared = DECLARED.match(beginning)
        if declared and declared[1].lower() in CHINESE:
            self._decoder = codecs.getincrementaldecoder("gb18030")()
            self._make_parser("utf-8")  # whatever the part says of itself

    def close(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        if self.problem is not None:
            return
        try:
            if self._decoder is not None:
                piece = self._decoder.decode(piece, last).encode()
            self._parser.Parse(piece, last)
        except FileProblem as fault:
            self.problem = fault
        except (expat.ExpatError, ValueError, LookupError):
            self.problem = FileProblem("part", detail=self._name)

    def _doctype(self, *_what: object) -> None:
        raise FileProblem("part", detail=self._name)

    def _note(self, code: str, what: str) -> None:
        cell = f" {self._cell}单元格" if self._cell else ""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, what, part_label(self._name) + cell))

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        plain = {_local(key): value for key, value in attributes.items()}
        if name == "fldChar":
            self._field_event(plain.get("fldCharType", ""))
        elif name == "fldSimple":
            self._check_field(plain.get("instr", ""))
        elif name in ACTIVE_ELEMENTS:
            self._note(*ACTIVE_ELEMENTS[name])
        elif name in DRAWN_BY_ADDRESS or name in LINKED:
            self._check_picture(name, plain)
        elif name in FORMULAS or name == "instrText":
            self._text = []
            self._parser.CharacterDataHandler = self._text.append
        elif name == "c":
            self._cell = plain.get("r", "")

    def _end(self, tag: str) -> None:
        if self._text is None:
            self._cell = "" if _local(tag) == "c" else self._cell
            return
        text, self._text = "".join(self._text), None
        self._parser.CharacterDataHandler = None
        if _local(tag) != "instrText":
            if called := FUNCTION_CALLS.search(text):
                self._note("connection", f"联网函数 {called[1].upper()}")
            self._check_links(LINK_CALL.findall(text))
        elif self._fields:  # the code of a field may be spread over many runs
            self._fields[-1] += text
        else:
            self._check_field(text)

    def _field_event(self, kind: str) -> None:
        """Handle the beginning, the result or the end of a field."""
        if kind == "begin":
            self._fields.append("")
        elif self._fields:
            self._check_field(self._fields[-1])
            self._fields[-1] = ""  # looked at; the result of a field holds no code of its own
            if kind == "end":
                self._fields.pop()

    def _check_field(self, code: str) -> None:
        if (code.split() or [""])[0].upper() in READING_FIELDS:
            self._note("field", f"域 {shorten(code)}")
        self._check_links(LINK_CODE.findall(code))

    def _check_links(self, targets: Iterable[str]) -> None:
        for target in filter(starts_program, targets):
            self._note("program_link", f"链接 {shorten(target)}")

    def _check_picture(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note pictures by address or by a reference that some reader follows whatever its kind."""
        for key in ("src", "href"):
            if EXTERNAL_TARGET.match(address := attributes.get(key, "")):
                self._note("outside_picture", f"图片 {shorten(address)}")
        if name in LINKED and attributes.get("link"):
            self._note("outside_picture", "链接的图片")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
