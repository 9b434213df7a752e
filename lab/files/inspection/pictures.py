"""Validate a PNG, JPEG or HEIC (complete, of reasonable size), and redraw it for display. Pure.

A displayed picture is at most 1,600 pixels on the longest side and keeps nothing of the original
but its pixels. A long one, such as the screenshot of a whole page, is displayed in pieces.
"""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from lab.files.inspection import jpegs
from lab.files.inspection.problems import FileProblem
from lab.files.inspection.signatures import HEADER_WITHIN, PDF_START, ZIP, real_kind

PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
LONG_RATIO = 3  # from which a picture made small would not be legible
PIECE_WIDTH = 1080  # pixels across a long picture, as telephones make them
OVERLAP = 80  # pixels that a piece repeats of the one before: a line of text is whole in one
MAX_PIECES = 64  # of one picture; a longer one is made smaller
BEST_AS_JPEG = 300_000  # bytes of PNG beyond which a page is taken for a photograph
_FORMATS = {"png": "PNG", "jpg": "JPEG", "heic": "HEIF"}
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError)
Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded, to say how many there are


@dataclass(frozen=True)
class Picture:
    """A picture to display: png or jpeg, size in pixels, bytes."""

    kind: str
    width: int
    height: int
    data: bytes


def examine(data: bytes, form: str) -> None:
    """Raise FileProblem unless the bytes are a whole picture of this form."""
    _require_one_kind(data, form)
    _require_pixels(data, form)


def preview(data: bytes, form: str) -> list[Picture]:
    """Return the picture, in pieces if it is long. Raises FileProblem."""
    try:
        return displayed_pieces(_opened(_completed(data, form), form))
    except _UNREADABLE as error:
        raise FileProblem("cut") from error


# -- checks ------------------------------------------------------------------------------------


def _require_one_kind(data: bytes, form: str) -> None:
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise FileProblem("two", detail=ZIP.label)
    rest = data[data.rfind(PNG_END) + len(PNG_END) :] if form == "png" and PNG_END in data else b""
    if PDF_START in data[:HEADER_WITHIN] or PDF_START in rest[:HEADER_WITHIN]:
        raise FileProblem("two", detail="PDF文件")
    if kind := real_kind(rest):
        raise FileProblem("two", detail=kind.label)


def _require_pixels(data: bytes, form: str) -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library that makes PDF turns it on
    try:
        _opened(data, form).load()
    except _UNREADABLE as error:
        if not _lacks_end_only(data, form):
            raise FileProblem("cut") from error
    if form == "png":
        _verify(data)


def _lacks_end_only(data: bytes, form: str) -> bool:
    """Whether all but the end mark is there. Raises FileProblem for half of a JPEG."""
    try:
        if form == "jpg":
            share = jpegs.missing_share(data)
            if 0 < share < 1:
                raise FileProblem("half", detail=f"{max(1, round(share * 100))}%")
            return share == 0
        return form == "png" and _opened(_completed(data, form), form).load() is not None
    except _UNREADABLE:
        return False


def _verify(data: bytes) -> None:
    """Compare every part of a PNG with its checksum."""
    try:
        _opened(_completed(data, "png"), "png").verify()
    except _UNREADABLE as error:
        raise FileProblem("cut") from error


def _completed(data: bytes, form: str) -> bytes:
    """Return the bytes with the end mark that they may lack."""
    if form == "png" and PNG_END not in data:
        return data + PNG_END
    return jpegs.with_end(data) if form == "jpg" else data  # a second one does no harm


def _opened(data: bytes, form: str) -> Image.Image:
    if form == "heic":
        import pi_heif  # loaded for these alone

        pi_heif.register_heif_opener(thumbnails=False)
    try:
        image = Image.open(io.BytesIO(data), formats=[_FORMATS[form]])
    except _UNREADABLE as error:
        raise FileProblem("cut") from error
    if image.width * image.height > MAX_PIXELS:
        raise FileProblem("pixels", detail=f"{image.width}×{image.height}")
    return image


# -- for display -------------------------------------------------------------------------------


def is_long(width: float, height: float) -> bool:
    """Return whether a picture of this size is displayed in pieces."""
    return max(width, height) > max(LONGEST_SIDE, LONG_RATIO * min(width, height))


def spans(length: int) -> list[tuple[int, int]]:
    """Return begin and end of the pieces of so many pixels, none longer than a picture may be."""
    if length <= LONGEST_SIDE:
        return [(0, length)]
    step = LONGEST_SIDE - OVERLAP
    count = math.ceil((length - OVERLAP) / step)
    size = math.ceil((length - OVERLAP) / count) + OVERLAP  # all of about one length
    begins = (min(n * (size - OVERLAP), length - size) for n in range(count))
    return [(begin, begin + size) for begin in begins]


def piece_scale(width: float, height: float) -> float:
    """Return by how much a long picture is made smaller, at most 1."""
    across = PIECE_WIDTH / min(width, height)
    along = (MAX_PIECES * (LONGEST_SIDE - OVERLAP)) / max(width, height)
    return min(1.0, across, along)


def displayed_pieces(image: Image.Image) -> list[Picture]:
    """Return what is displayed of an image: one picture, or a long one from its beginning on."""
    if not is_long(image.width, image.height):
        return [displayed(image)]
    image = ImageOps.exif_transpose(image)
    scale = piece_scale(image.width, image.height)
    upright = image.height > image.width
    length = max(1, round(max(image.size) * scale))
    return [_piece(image, span, length, upright=upright) for span in spans(length)]


def _piece(image: Image.Image, span: tuple[int, int], length: int, *, upright: bool) -> Picture:
    factor = max(image.size) / length
    begin, end = round(span[0] * factor), min(max(image.size), round(span[1] * factor))
    box = (0, begin, image.width, end) if upright else (begin, 0, end, image.height)
    bound = (PIECE_WIDTH, LONGEST_SIDE) if upright else (LONGEST_SIDE, PIECE_WIDTH)
    return displayed(image.crop(box), bound)


def displayed(image: Image.Image, bound: tuple[int, int] | None = None) -> Picture:
    """Return the displayed picture of an image, no larger than `bound` or LONGEST_SIDE."""
    if image.mode.startswith(("I", "F")):
        image = image.convert("F").point(lambda value: value / 257.0).convert("L")
    # Made small before anything else: a JPEG is then not even read at its full size.
    image.thumbnail(bound or (LONGEST_SIDE, LONGEST_SIDE))
    flat = _flattened(ImageOps.exif_transpose(image))
    data = _encoded(flat, "PNG")
    if len(data) <= BEST_AS_JPEG:
        return Picture("png", flat.width, flat.height, data)
    return Picture("jpeg", flat.width, flat.height, _encoded(flat, "JPEG", quality=85))


def _flattened(image: Image.Image) -> Image.Image:
    """Drop transparency and metadata."""
    with_alpha = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    red, green, blue = flat.split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes()
    return red if grey else flat


def _encoded(image: Image.Image, form: str, **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
