"""Validate a PNG or JPEG (complete, of reasonable size), and redraw it for display. Pure.

The displayed picture is at most 1,600 pixels on the longest side and keeps nothing of the original
but its pixels.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from lab.files.inspection.kinds import PNG_END, FileProblem

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 1600
BEST_AS_JPEG = 300_000  # bytes of PNG beyond which a page is taken for a photograph
_FORMATS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG"}
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture to display: png or jpeg, size in pixels, bytes."""

    kind: str
    width: int
    height: int
    data: bytes


def examine(data: bytes, extension: str) -> None:
    """Raise FileProblem unless the bytes are one whole picture of this extension."""
    if extension == "png" and not data.endswith(PNG_END):
        raise FileProblem("trailing" if PNG_END in data else "cut")
    if b"%PDF-" in data[:1024] or zipfile.is_zipfile(io.BytesIO(data)):
        raise FileProblem("two")
    _loaded(data, extension)


def preview(data: bytes, extension: str) -> tuple[int, list[Picture]]:
    """Return the number of pages, which is 1, and the picture. Raises FileProblem."""
    try:
        return 1, [displayed(_opened(data, extension))]
    except (OSError, ValueError, SyntaxError) as error:
        raise FileProblem("cut") from error


def displayed(image: Image.Image) -> Picture:
    """Return the displayed picture of an image."""
    if image.mode.startswith(("I", "F")):
        image = image.convert("F").point(lambda value: value / 257.0).convert("L")
    # Made small before anything else: a JPEG is then not even read at its full size.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    flat = _flattened(ImageOps.exif_transpose(image))
    data = _encoded(flat, "PNG")
    if len(data) <= BEST_AS_JPEG:
        return Picture("png", flat.width, flat.height, data)
    return Picture("jpeg", flat.width, flat.height, _encoded(flat, "JPEG", quality=85))


def _opened(data: bytes, extension: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=[_FORMATS[extension]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileProblem("pixels") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise FileProblem("content") from error
    if image.width * image.height > MAX_PIXELS:
        raise FileProblem("pixels")
    return image


def _loaded(data: bytes, extension: str) -> Image.Image:
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library that makes PDF turns it on
    try:
        _opened(data, extension).verify()  # leaves the image unusable
        image = _opened(data, extension)
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise FileProblem("cut") from error
    return image


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
