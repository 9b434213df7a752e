"""QR codes as pictures that a page may carry: drawn here, never fetched."""

from __future__ import annotations

import segno


def qr_data_url(text: str) -> str:
    """An SVG picture (data: address) of the QR code of `text`; a seventh of it may be damaged.

    Equal texts give equal pictures. Raises segno.DataOverflowError beyond about 2,300 letters.
    """
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(border=2, dark="#000", light="#fff", unit="mm"))
