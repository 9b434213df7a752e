"""Validate a PDF, find its active content, and draw its first pages. Pure.

It must open, not be encrypted and not be too long.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw

from lab.files.inspection import active
from lab.files.inspection.kinds import FileProblem
from lab.files.inspection.pictures import LONGEST_SIDE, Picture, displayed

MAX_PAGES = 300
SHOWN_PAGES = active.MAX_SHOWN_PAGES
LARGEST_SCALE = 4.0  # pixels a point; a tiny page is not blown up further


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise FileProblem("pdf_locked" if locked else "cut") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise FileProblem("cut") from error
    finally:
        document.close()


def examine(data: bytes) -> set[str]:
    """Raise FileProblem unless the bytes are an open PDF of 1 to 300 pages and nothing else.

    Returns what in it acts, as codes of `active.TABLE`.
    """
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise FileProblem("two")
    with _opened(data) as document:
        if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise FileProblem("pdf_locked")
        if len(document) > MAX_PAGES:
            raise FileProblem("pages")
        document[0].get_size()
        pages = len(document)
    return _reject_active(_active(data), pages)


def _active(data: bytes) -> set[str]:
    from lab.files.inspection import (
        pdf_actions,  # its library takes longer to load than a picture to examine
    )

    return pdf_actions.active_codes(data)


def _reject_active(codes: set[str], pages: int) -> set[str]:
    """The codes. Raises FileProblem for what is refused, or could not be read in pictures."""
    for code, row in active.TABLE.items():
        if code in codes and row.treatment == active.REJECTED:
            raise FileProblem(code)
    shown = {code for code in codes if active.TABLE[code].treatment == active.PICTURES_ONLY}
    if shown and pages > SHOWN_PAGES:
        raise FileProblem("shown_pages", shown)
    return shown


def preview(data: bytes) -> tuple[int, list[Picture]]:
    """Return the number of pages, and pictures of the first 20. Raises FileProblem."""
    with _opened(data) as document:
        document.init_forms()  # what was filled in is part of the page
        total = len(document)
        return total, [_page(document, index) for index in range(min(total, SHOWN_PAGES))]


def _page(document: pypdfium2.PdfDocument, index: int) -> Picture:
    page = document[index]
    longest = max(1.0, *page.get_size())
    # A little less than the bound: sides are rounded up.
    scale = min(LARGEST_SCALE, (LONGEST_SIDE - 1) / longest)
    picture = displayed(page.render(scale=scale).to_pil())
    page.close()
    return picture
