"""Reading a report's pages: what stands where, in points from the top left."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import pdfplumber
import pypdf
import pytest

from lab.reports.content.leading import LeadingReport, to_plain
from lab.reports.rendering import pdf
from lab.reports.rendering.fonts import STAND_INS, TYPEFACES, find_fonts, font_folders

MM = 72 / 25.4
BANNER = "演示数据，非真实业务数据"
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, 184 * MM, 37 * MM, 262 * MM  # GB/T 9704 text block
_LOADED = {font.family for font in find_fonts(font_folders())}
needs_fonts = pytest.mark.skipif(
    not set(STAND_INS) <= _LOADED | {face.stand_in for face in TYPEFACES if face.family in _LOADED},
    reason="the Fandol fonts are not in .cache/fonts: the official grid cannot be measured",
)


def made(report: LeadingReport) -> bytes:
    """The report's PDF."""
    return printed(to_plain(report))


def printed(plain: Mapping[str, Any]) -> bytes:
    """The PDF of a snapshot; who asks again gets the same one."""
    return _printed(pdf.render_html(plain))


def printed_anew(plain: Mapping[str, Any]) -> bytes:
    """The PDF of a snapshot, laid out once more."""
    return pdf.write_pdf(pdf.render_html(plain))


@cache
def _printed(html: str) -> bytes:
    return pdf.write_pdf(html)


@contextmanager
def opened(document: bytes) -> Iterator[Any]:
    """The document with all its characters and where they stand."""
    yield _read(document)


@lru_cache(maxsize=4)
def _read(document: bytes) -> Any:
    """Reading takes as long as printing, so that a test finds what the one before has read."""
    return pdfplumber.open(io.BytesIO(document))


@cache
def text_of(document: bytes) -> str:
    """All text, cell by cell, without white space, so that line breaks do not matter."""
    pages = pypdf.PdfReader(io.BytesIO(document)).pages
    return squeezed("".join(page.extract_text() for page in pages))


def squeezed(text: str) -> str:
    """The text without any white space."""
    return re.sub(r"\s", "", text)


def body_lines(page: Any) -> list[list[Any]]:
    """The characters of the text block in 3号, line by line from the top."""
    lines: dict[float, list[Any]] = defaultdict(list)
    for char in page.chars:
        if char["size"] > 15:
            lines[round(char["matrix"][5], 0)].append(char)
    return [lines[height] for height in sorted(lines, reverse=True)]


def simple(body: str) -> bytes:
    """A page in the report's style with this body."""
    return _printed(
        f'<html lang="zh-CN"><head><title>样张</title></head><body>{body}</body></html>'
    )


def outside_block(page: Any) -> list[str]:
    """Characters beyond the side margins, or in the gap between text block and footer."""
    return [
        char["text"]
        for char in page.chars
        if char["text"].strip()
        and (
            char["x0"] < LEFT - 1
            or char["x1"] > RIGHT + 1
            or BOTTOM + 2 < char["bottom"] < BOTTOM + 14
            or (char["top"] < TOP - 4 and char["text"] not in BANNER)
        )
    ]
