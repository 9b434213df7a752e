"""The parts of an XLSX that lie outside its worksheets: names, shared texts, number formats.

Read with expat, which fetches nothing; a document type, with which entities could be declared,
ends the reading. Element names are compared without their namespace: the strict form of the
standard has others.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from xml.parsers import expat

from lab.files.rules.number_formats_builtin import BUILTIN

Start = Callable[[str, dict[str, str]], None]
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
WORKBOOK = "xl/workbook.xml"
NAME_LIMIT = 100  # characters of a worksheet's name; spreadsheets allow 31


class UnreadableWorkbook(Exception):
    """The package is not built like a workbook."""


@dataclass(frozen=True)
class SheetEntry:
    """A worksheet as the workbook lists it."""

    name: str
    member: str
    hidden: bool


@dataclass(frozen=True)
class Workbook:
    """What all worksheets share; `recalculates`: values are to be computed on opening."""

    archive: zipfile.ZipFile
    sheets: tuple[SheetEntry, ...]
    texts: tuple[str, ...]
    formats: tuple[str, ...]
    from_1904: bool
    recalculates: bool


def unescape(text: str) -> str:
    """Return a text with its _x000D_ marks as the characters they stand for."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def parse(
    data: bytes,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse a part and call the handlers with local names.

    Raises UnreadableWorkbook for anything that is not well-formed or declares a document type.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    def begin(name: str, attributes: dict[str, str]) -> None:
        if "}" in "".join(attributes):
            attributes = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        start(name.rpartition("}")[2], attributes)

    def refuse(*_args: object) -> None:
        raise UnreadableWorkbook("document type")

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    if end is not None:
        finish = end
        parser.EndElementHandler = lambda name: finish(name.rpartition("}")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableWorkbook(str(error)) from error


def open_workbook(archive: zipfile.ZipFile) -> Workbook:
    """Return the workbook in a package; raises UnreadableWorkbook when there is none."""
    try:
        main = archive.read(WORKBOOK)
    except KeyError as error:
        raise UnreadableWorkbook(WORKBOOK) from error
    listed: list[dict[str, str]] = []
    settings: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            listed.append(attributes)
        elif name in ("workbookPr", "calcPr"):
            settings.update(attributes)

    parse(main, start)
    targets = _relations(archive)
    return Workbook(
        archive,
        tuple(
            SheetEntry(
                sheet.get("name", "")[:NAME_LIMIT],
                targets[sheet["id"]],
                sheet.get("state", "") in _HIDDEN,
            )
            for sheet in listed
            if "worksheets/" in targets.get(sheet.get("id", ""), "")
        ),
        _shared_texts(archive),
        _formats(archive),
        from_1904=is_on(settings.get("date1904")),
        recalculates=is_on(settings.get("fullCalcOnLoad")),
    )


_HIDDEN = ("hidden", "veryHidden")


def is_on(value: str | None) -> bool:
    """Return whether a flag is set: 1 or true."""
    return value in ("1", "true")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    return archive.read(name) if name in archive.namelist() else b""


def _relations(archive: zipfile.ZipFile) -> Mapping[str, str]:
    """Return the members that the workbook's relations name, by their ids."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    if data := _read(archive, "xl/_rels/workbook.xml.rels"):
        parse(data, start)
    return targets


def _shared_texts(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Return the shared texts; what is written above characters as their reading is left out."""
    texts: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        inside.append(name)
        if name == "si":
            pieces.clear()

    def end(name: str) -> None:
        inside.pop()
        if name == "si":
            texts.append(unescape("".join(pieces)))

    def text(data: str) -> None:
        if inside and inside[-1] == "t" and "rPh" not in inside:
            pieces.append(data)

    if data := _read(archive, "xl/sharedStrings.xml"):
        parse(data, start, end, text)
    return tuple(texts)


def _formats(archive: zipfile.ZipFile) -> tuple[str, ...]:
    """Return the number format of each cell style, in the order of the styles."""
    codes, styles, inside = dict(BUILTIN), list[str](), list[str]()

    def start(name: str, attributes: dict[str, str]) -> None:
        inside.append(name)
        if name == "numFmt" and "dxf" not in inside:
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            styles.append(attributes.get("numFmtId", "0"))

    if data := _read(archive, "xl/styles.xml"):
        parse(data, start, partial(_leave, inside))
    return tuple(codes.get(style, "General") for style in styles)


def _leave(inside: list[str], _name: str) -> None:
    inside.pop()
