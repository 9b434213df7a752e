"""Whether a PDF opens, is not locked and not too long, what in it acts, and pictures of its first
pages. Pure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw

from lab.files.inspection import active
from lab.files.inspection.kinds import Fault
from lab.files.inspection.pictures import LONGEST_SIDE, Picture, shown

MOST_PAGES = 300
SHOWN_PAGES = active.MOST_SHOWN
LARGEST_SCALE = 4.0  # pixels a point; a tiny page is not blown up further


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise Fault("pdf_locked" if locked else "cut") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise Fault("cut") from error
    finally:
        document.close()


def examine(data: bytes) -> set[str]:
    """Raise Fault unless the bytes are an open PDF of 1 to 300 pages and nothing else; what in it
    acts, as codes of `active.TABLE`."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise Fault("two")
    with _opened(data) as document:
        if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise Fault("pdf_locked")
        if len(document) > MOST_PAGES:
            raise Fault("pages")
        document[0].get_size()
        pages = len(document)
    return _allowed(_active(data), pages)


def _active(data: bytes) -> set[str]:
    from lab.files.inspection import (
        pdf_actions,  # its library takes longer to load than a picture to examine
    )

    return pdf_actions.found(data)


def _allowed(codes: set[str], pages: int) -> set[str]:
    """The codes. Raises Fault for what is refused, or could not be read in pictures."""
    for code, row in active.TABLE.items():
        if code in codes and row.treatment == active.REJECTED:
            raise Fault(code)
    shown = {code for code in codes if active.TABLE[code].treatment == active.SHOWN}
    if shown and pages > SHOWN_PAGES:
        raise Fault("shown_pages", shown)
    return shown


def preview(data: bytes) -> tuple[int, list[Picture]]:
    """The number of pages, and pictures of the first 20. Raises Fault."""
    with _opened(data) as document:
        document.init_forms()  # what was filled in is part of the page
        total = len(document)
        return total, [_page(document, index) for index in range(min(total, SHOWN_PAGES))]


def _page(document: pypdfium2.PdfDocument, index: int) -> Picture:
    page = document[index]
    longest = max(1.0, *page.get_size())
    # A little less than the bound: sides are rounded up.
    scale = min(LARGEST_SCALE, (LONGEST_SIDE - 1) / longest)
    picture = shown(page.render(scale=scale).to_pil())
    page.close()
    return picture
