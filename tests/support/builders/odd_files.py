"""Files as printers, scanners, telephones and office programs really make them, and broken ones."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, RectangleObject, StreamObject

from tests.support.builders import files

# A picture of 96 × 64 pixels, turned by its container and its EXIF, which holds the word "secret";
# no encoder is installed.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAABxQABAAAAAAAAADMAAgAAAAAB+AABAAAAAAAAADgAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADA"
    "aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAr"
    "QgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAAB"
    "AA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAAEF"
    "gQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAHNtZGF0AAAALygBrxmA93yFN//4oYf+a1r/r+C7T4X5Q/nc"
    "Laf5ZsgDDl4/Ej7xwfFfyyzE31hMAAAABkV4aWYAAE1NACoAAAAIAAIBEgADAAAAAQAGAACShgACAAAABwAAACYAAAAA"
    "c2VjcmV0AAA="
)


# -- PDF ---------------------------------------------------------------------------------------


def written(pages: int = 2) -> bytes:
    """A PDF with a line of text on each page."""
    writer, out = PdfWriter(), io.BytesIO()
    for number in range(pages):
        text = StreamObject()
        text.set_data(f"BT /F1 12 Tf 72 720 Td (page {number}) Tj ET\n".encode() * 40)
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Contents")] = writer._add_object(text)
    writer.write(out)
    return out.getvalue()


def encrypted(user: str, algorithm: str = "RC4-128", plain: bytes = b"") -> bytes:
    """A PDF for which the owner has a password, and readers `user`."""
    reader = PdfReader(io.BytesIO(plain or written()))
    writer, out = PdfWriter(clone_from=reader), io.BytesIO()
    writer.encrypt(user, "owner", algorithm=algorithm)
    writer.write(out)
    return out.getvalue()


def with_box(key: str, box: tuple[float, ...], pages: int = 3, odd: Sequence[int] = (2,)) -> bytes:
    """A PDF in which this box of the pages `odd` (from 1) is another."""
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(written(pages)))), io.BytesIO()
    for number in odd:
        writer.pages[number - 1][NameObject(key)] = RectangleObject(box)
    writer.write(out)
    return out.getvalue()


def of_size(width: float, height: float) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width, height)
    writer.write(out)
    return out.getvalue()


def _one_page(first: int, side: int, at_root: bytes) -> dict[int, bytes]:
    """The objects of a document of one square page, by number from `first`."""
    pages, page = first + 1, first + 2
    return {
        first: b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R%s>>\nendobj\n" % (first, pages, at_root),
        pages: b"%d 0 obj\n<</Type/Pages/Kids[%d 0 R]/Count 1>>\nendobj\n" % (pages, page),
        page: b"%d 0 obj\n<</Type/Page/Parent %d 0 R/MediaBox[0 0 %d %d]>>\nendobj\n"
        % (page, pages, side, side),
    }


def _laid(out: bytearray, objects: dict[int, bytes]) -> dict[int, int]:
    """Append objects; where each begins."""
    places = {}
    for number, text in objects.items():
        places[number] = len(out)
        out += text
    return places


def _table(places: dict[int, int], less: int = 0) -> bytes:
    lines = b"".join(b"%010d 00000 n \n" % (places[number] - less) for number in (1, 2, 3))
    return b"xref\n0 4\n0000000000 65535 f \n" + lines + b"trailer\n<</Size 4/Root 1 0 R>>\n"


def two_by_their_start(acting: bytes, ahead: int = 1000) -> bytes:
    """Two documents in one: a plain one by offsets from the first byte, and one that acts for
    readers that count from the header, `ahead` bytes on."""
    out = bytearray(b"x" * ahead + b"%PDF-1.4\n")
    hidden, plain = _laid(out, _one_page(1, 300, acting)), _laid(out, _one_page(1, 200, b""))
    at = len(out)
    out += _table(plain) + b"startxref\n%d\n%%%%EOF\n" % at
    out += b"\n" * (ahead + at - len(out))
    out += _table(hidden, ahead) + b"startxref\n%d\n%%%%EOF\n" % at
    return bytes(out)


def two_by_their_end(acting: bytes, end: bytes = b"%%EOF\n") -> bytes:
    """A document that acts, and behind its end the same objects of one that does not."""
    out = bytearray(b"%PDF-1.4\n")
    places = _laid(out, _one_page(1, 300, acting))
    at = len(out)
    out += _table(places) + b"startxref\n%d\n" % at + end
    _laid(out, _one_page(1, 200, b""))
    return bytes(out) + b"trailer\n<</Size 4/Root 1 0 R>>\n" + b"% pad\n" * 250


def linearized() -> bytes:
    """A PDF for the web: its first page before the rest, with an end mark at its beginning."""
    head = b"%PDF-1.4\n"
    bodies = {
        4: b"<< /Linearized 1 /O 3 /N 1 >>",
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    }
    objects = {n: b"%d 0 obj\n%s\nendobj\n" % (n, body) for n, body in bodies.items()}
    trailer = b"trailer\n<< /Size 5 /Root 1 0 R /Prev %010d >>\nstartxref\n0\n%%%%EOF\n"
    rows = b"xref\n1 1\n%010d 00000 n \n3 2\n%010d 00000 n \n%010d 00000 n \n"
    first = len(head) + len(objects[4])
    at1 = first + len(rows % (0, 0, 0)) + len(trailer % 0)
    at3 = at1 + len(objects[1])
    at2 = at3 + len(objects[3])
    rest = at2 + len(objects[2])
    end = b"xref\n0 1\n0000000000 65535 f \n2 1\n%010d 00000 n \ntrailer\n<< /Size 5 >>\n" % at2
    table = rows % (at1, at3, len(head)) + trailer % rest
    close = b"startxref\n%d\n%%%%EOF\n" % first
    return head + objects[4] + table + objects[1] + objects[3] + objects[2] + end + close


# -- pictures ----------------------------------------------------------------------------------


def photo(form: str = "JPEG", size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    """A picture with something in every corner."""
    picture, out = Image.new("RGB", size, "white"), io.BytesIO()
    pen = ImageDraw.Draw(picture)
    for step in range(0, max(size), 17):
        pen.line((0, step, size[0], size[1] - step), fill=(step % 256, 90, 160), width=3)
    picture.save(out, form, **options)
    return out.getvalue()


def of_mode(mode: str, form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 1 if mode in ("I;16", "1") else None).save(out, form)
    return out.getvalue()


def animated(form: str) -> bytes:
    """Two pictures in one file."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


# -- Office ------------------------------------------------------------------------------------


def of_kind(kind: str, content_type: str) -> bytes:
    """An Office file whose main part says that it is of another kind."""
    return files.packed(files.parts(kind, content_type=content_type))


def old_office(stream: str) -> bytes:
    """The beginning of a file of the older form, with the name of a stream inside."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + stream.encode("utf-16-le")
