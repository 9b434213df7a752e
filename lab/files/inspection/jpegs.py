"""Whether a JPEG without its end mark is otherwise whole. Pure.

Telephones and scanners leave the last two bytes away, and every reader shows the picture; a
transfer that broke off leaves its lower part grey. The decoder does not say which it was: it fills
what is missing. So some bytes are cut off the end, and where the picture then changes is as far as
its data went.
"""

from __future__ import annotations

import io
from itertools import takewhile

from PIL import Image, ImageChops

END_MARK = b"\xff\xd9"
LAST_ROWS = 32  # pixels; the last blocks are at most so high
CUTS = (8, 64, 512, 4096, 32768, 262144)  # bytes


def with_end(data: bytes) -> bytes:
    """Return the bytes with an end mark behind them."""
    return data.removesuffix(b"\xff") + END_MARK


def missing_share(data: bytes) -> float:
    """Return which share of the height has no data, 0 for a picture that only lacks its end mark.

    1 where that cannot be told.

    Raises what the decoder raises for data that it cannot read at all.
    """
    data = data.rstrip(b"\0")  # room that was kept for what did not come
    whole = _decoded(data)
    for cut in takewhile(lambda cut: cut < len(data) // 2, CUTS):
        changed = ImageChops.difference(whole, _decoded(data[:-cut])).getbbox()
        if changed is not None:
            missing = whole.height - changed[3]
            return missing / whole.height if missing > LAST_ROWS else 0.0
    return 1.0


def _decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(with_end(data)), formats=["JPEG"])
    return image.convert("L")
