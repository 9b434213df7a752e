"""Files of every allowed kind, small and sound, each with content of its own."""

from __future__ import annotations

import io
import zipfile

from PIL import Image, ImageDraw
from pypdf import PdfWriter

_OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN = {
    "docx": ("word/document.xml", f"{_OFFICE}wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}spreadsheetml.sheet.main+xml"),
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def pdf(mark: str = "", pages: int = 1) -> bytes:
    """A PDF of blank A4 pages; another `mark` makes another file."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.add_metadata({"/Subject": mark})
    writer.write(out)
    return out.getvalue()


def image(kind: str = "png", size: tuple[int, int] = (60, 40), colour: str = "red") -> bytes:
    """A picture with a line through it; `kind` is png or jpeg."""
    drawn, out = Image.new("RGB", size, "white"), io.BytesIO()
    ImageDraw.Draw(drawn).line((0, 0, *size), fill=colour, width=3)
    drawn.save(out, kind.upper())
    return out.getvalue()


def parts(kind: str, content_type: str = "", rels: str = "") -> dict[str, str]:
    """The members of a smallest DOCX or XLSX; `rels` are elements of the main part's relations."""
    main, usual = MAIN[kind]
    folder, _, name = main.partition("/")
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}content-types">'
        f'<Override PartName="/{main}" ContentType="{content_type or usual}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}relationships"/>',
        main: "<document>正文</document>",
        f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{_PACKAGE}relationships">{rels}'
        "</Relationships>",
    }


def packed(members: dict[str, str] | dict[str, bytes]) -> bytes:
    """A zip archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def office(kind: str = "docx", mark: str = "") -> bytes:
    """A smallest sound DOCX or XLSX; another `mark` makes another file."""
    return packed({**parts(kind), "docProps/note.xml": f"<note>{mark}</note>"})
