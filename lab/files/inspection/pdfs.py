"""Validate a PDF, find its active content, and draw its first pages. Pure.

What readers open is taken: with bytes before its header or behind its end, without its end mark,
with restrictions of use. It must open without a password and not be too long.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw

from lab.files.inspection import active, pictures
from lab.files.inspection.pictures import LONGEST_SIDE, PIECE_WIDTH, Picture, displayed
from lab.files.inspection.problems import SHOWN_PAGES, FileProblem, Finding, rejected_findings
from lab.files.inspection.signatures import (
    HEADER_WITHIN,
    PDF_START,
    PROGRAM,
    ZIP,
    is_program,
    real_kind,
)

MAX_PAGES = 300
MAX_SHOWN = active.MAX_SHOWN_PAGES
MAX_PICTURES = 120  # of one file; beyond, a long page is one small picture
LARGEST_SCALE = 4.0  # pixels a point; a tiny page is not blown up further
END_MARK, TABLE_AT = b"%%EOF", b"startxref"
BLANKS = b"\0\t\n\f\r "
ARCHIVE_END, ARCHIVE_ENTRY = b"PK\x05\x06", b"PK\x01\x02"
_ARCHIVE_ENDS = re.compile(re.escape(ARCHIVE_END))
OBJECT = re.compile(rb"\b\d+ \d+ obj\b")
REMOVE_SECURITY = 3  # FPDF_REMOVE_SECURITY of fpdf_save.h
_PROBLEMS = {
    pypdfium2.raw.FPDF_ERR_PASSWORD: "pdf_locked",
    pypdfium2.raw.FPDF_ERR_SECURITY: "pdf_rights",
}


@dataclass(frozen=True)
class PagePicture:
    """A picture of a page, from 1; a long page has several pieces, from 1."""

    page: int
    piece: int
    picture: Picture


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise FileProblem(_PROBLEMS.get(error.err_code, "cut")) from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise FileProblem("cut") from error
    finally:
        document.close()


# -- checks ------------------------------------------------------------------------------------


def examine(data: bytes) -> set[str]:
    """Raise FileProblem unless the bytes are an open PDF of 1 to 300 pages and nothing else.

    Returns what in it acts, as codes of `active.TABLE`.
    """
    if _is_archive_too(data):
        raise FileProblem("two", detail=ZIP.label)
    before = data[: data.find(PDF_START)]
    kind = PROGRAM if is_program(before) else real_kind(before)
    if kind is not None:
        raise FileProblem("two", detail=kind.label)
    ended = _has_end(data)
    with _opened(data) as document:
        pages = len(document)
        if pages > MAX_PAGES:
            raise FileProblem("pages", detail=str(pages))
        _require_pages(document, all_of_them=not ended)
        plain = _without_restrictions(document, data)
        codes, findings = _active(plain if ended else _ended(plain), whole=ended)
        if _has_two_readings(data):
            shown_codes, shown_findings = _active(_as_shown(document), whole=True)
            codes, findings = codes | shown_codes, [*findings, *shown_findings]
    return _reject_active(codes, findings, pages)


def _has_two_readings(data: bytes) -> bool:
    """Return whether programs may disagree on where the objects of a file are.

    They count from the first byte or from the header, and go by the last table or look for the
    last object of each number, where something stands before the header or behind the end mark.
    """
    return not (data.startswith(PDF_START) and data.rstrip(BLANKS).endswith(END_MARK))


def _as_shown(document: pypdfium2.PdfDocument) -> bytes:
    """Return the document as the pictures of its pages show it, written anew."""
    out = io.BytesIO()
    document.save(out, flags=REMOVE_SECURITY)
    return out.getvalue()


def _is_archive_too(data: bytes) -> bool:
    """Return whether an archive lies behind the PDF, or between its parts.

    It ends behind the last end mark, says that the rest of the file is its comment, or has a
    directory that readers find. One that is the whole content of a stream is an embedded file,
    which is looked at as such.
    """
    last = data.rfind(ARCHIVE_END)
    if last < 0:
        return False
    if last > data.rfind(END_MARK) or _behind_archive(data, last) >= len(data):
        return True
    return any(_has_own_directory(data, match.start()) for match in _ARCHIVE_ENDS.finditer(data))


def _behind_archive(data: bytes, end: int) -> int:
    """Return where an archive whose last record begins at `end` is over, its comment included."""
    return end + 22 + int.from_bytes(data[end + 20 : end + 22], "little")


def _has_own_directory(data: bytes, end: int) -> bool:
    """Return whether the last record of an archive at `end` follows its directory, in no stream."""
    size, offset = struct.unpack("<II", data[end + 12 : end + 20].ljust(8, b"\0"))
    begins = end - size - offset
    if begins < 0 or not data.startswith(ARCHIVE_ENTRY, end - size):
        return False
    before, behind = data[:begins].rstrip(b"\r\n"), data[_behind_archive(data, end) :][:20]
    return not (before.endswith(b"stream") and behind.lstrip(BLANKS).startswith(b"endstream"))


def _has_end(data: bytes) -> bool:
    """Return whether nothing of the file can be missing: no object follows its last end mark."""
    at = data.rfind(END_MARK)
    return at >= 0 and not OBJECT.search(data, at)


def _ended(data: bytes) -> bytes:
    table = b"" if TABLE_AT in data[-HEADER_WITHIN:] else b"\nstartxref\n0"
    return data + table + b"\n" + END_MARK + b"\n"


def _require_pages(document: pypdfium2.PdfDocument, *, all_of_them: bool) -> None:
    """Raise FileProblem unless a page can be read, or each of a file that may be cut short."""
    readable = (_is_readable(document, index) for index in range(len(document)))
    if not (all(readable) if all_of_them else any(readable)) or not len(document):
        raise FileProblem("cut")


def _is_readable(document: pypdfium2.PdfDocument, index: int) -> bool:
    try:
        document[index].close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _without_restrictions(document: pypdfium2.PdfDocument, data: bytes) -> bytes:
    """Return the bytes, decrypted where they open without a password but not for every use."""
    if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) == -1:
        return data
    return _as_shown(document)


def _active(data: bytes, *, whole: bool) -> tuple[set[str], list[Finding]]:
    from lab.files.inspection import (
        pdf_actions,  # its library takes longer to load than a picture to examine
    )

    found = pdf_actions.examine_objects(data)
    if found.missing and not whole:
        raise FileProblem("cut")
    return found.codes, found.findings


def _reject_active(codes: set[str], findings: list[Finding], pages: int) -> set[str]:
    """The codes. Raises FileProblem for what is refused, or could not be read in pictures."""
    rejected = rejected_findings(findings)
    if rejected:
        raise FileProblem(rejected[0].code, findings=rejected)
    shown = {code for code in codes if active.TABLE[code].treatment == active.PICTURES_ONLY}
    if shown and pages > MAX_SHOWN:
        raise FileProblem(SHOWN_PAGES, sorted(shown))
    return shown


# -- pictures ----------------------------------------------------------------------------------


def preview(data: bytes, numbers: Iterable[int] = ()) -> tuple[int, list[PagePicture]]:
    """Return the number of pages, and pictures of the first 20, or of those with these numbers.

    A page that cannot be drawn is left out. Raises FileProblem for a file that cannot be opened.
    """
    with _opened(data) as document:
        document.init_forms()  # what was filled in is part of the page
        total, drawn = len(document), list[PagePicture]()
        for number in numbers or range(1, min(total, MAX_SHOWN) + 1):
            drawn += _page_pictures(document, number, room=MAX_PICTURES - len(drawn))
        return total, drawn


def _page_pictures(document: pypdfium2.PdfDocument, number: int, *, room: int) -> list[PagePicture]:
    try:
        page = document[number - 1]
        drawn = _drawn(page, room)
        page.close()
    except MemoryError:
        raise
    except Exception:  # a page outside its own bounds, of no size, …: the others are sound
        return []
    return [PagePicture(number, piece, picture) for piece, picture in enumerate(drawn, 1)]


def _drawn(page: pypdfium2.PdfPage, room: int) -> list[Picture]:
    width, height = page.get_size()
    if pictures.is_long(width, height):
        scale = min(LARGEST_SCALE, PIECE_WIDTH / min(width, height))
        along = pictures.MAX_PIECES * (LONGEST_SIDE - pictures.OVERLAP) / max(width, height)
        scale = min(scale, along)
        pieces = pictures.spans(int(max(width, height) * scale))
        if len(pieces) <= room:
            return [_piece(page, scale, span) for span in pieces]
    # A little less than the bound: sides are rounded up.
    scale = min(LARGEST_SCALE, (LONGEST_SIDE - 1) / max(1.0, width, height))
    return [displayed(page.render(scale=scale).to_pil())]


def _piece(page: pypdfium2.PdfPage, scale: float, span: tuple[int, int]) -> Picture:
    width, height = page.get_size()
    begin, rest = span[0] / scale, max(0.0, max(width, height) - span[1] / scale)
    crop = (0, rest, 0, begin) if height > width else (begin, 0, rest, 0)
    return displayed(page.render(scale=scale, crop=crop).to_pil())
