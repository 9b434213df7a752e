"""Texts in which an encoding has lost characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lab.files.rules.sheet import CellNote

_HAN = r"[\u3400-\u9fff\U00020000-\U000323af]"
# Most cells have none of these and are done with one look.
_SUSPECT = re.compile(r"[?\ufffd\u951f]")
_LOST = re.compile("\ufffd|\u951f\u65a4\u62f7")
_ONLY_MARKS = re.compile(r"[?\s]*\?[?\s]*\?[?\s]*")
_PERHAPS = re.compile(rf"\?{{2,}}|{_HAN}\?{_HAN}")
_CURE = "请对照原件补上这些字，另存为XLSX后再上传。"


def lossy_notes(rows: Iterable[Sequence[str]]) -> list[CellNote]:
    """Return notes on cells with U+FFFD, 锟斤拷 or ?? where characters stood before."""
    return [
        CellNote(row, column, message, error)
        for row, texts in enumerate(rows, start=1)
        for column, text in enumerate(texts, start=1)
        if _SUSPECT.search(text)
        for message, error in _judged(text)
    ]


def _judged(text: str) -> list[tuple[str, bool]]:
    if _LOST.search(text):
        return [(f"有乱码，另存时编码不对，原来的字已丢失。{_CURE}", True)]
    if _ONLY_MARKS.fullmatch(text):
        return [(f"只剩问号，另存时编码不对，原来的字已丢失。{_CURE}", True)]
    if match := _PERHAPS.search(text):
        message = f"有“{match[0]}”，可能是另存时丢失的字。请对照原件，确是问号则不必改。"
        return [(message, False)]
    return []
