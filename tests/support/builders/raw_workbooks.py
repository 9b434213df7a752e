"""Workbooks written part by part, with what no well-meaning library would write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def raw_xlsx(
    rows: str,
    *,
    before: str = "",
    after: str = "",
    formats: Sequence[str] = (),
    shared: Sequence[str] = (),
    sheets: Sequence[tuple[str, str]] = (("填写", "visible"),),
    settings: str = "",
    namespace: str = MAIN,
) -> bytes:
    """A workbook whose first worksheet has these rows (markup inside sheetData).

    `formats` are number formats of the styles 1, 2 …; `shared` the markup of shared texts.
    """
    names = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="r{n}"/>'
        for n, (name, state) in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="r{n}" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    blank = f'<worksheet xmlns="{namespace}"><sheetData/></worksheet>'
    first = (
        f'<worksheet xmlns="{namespace}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    )
    parts = {
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{RELATIONS}">{settings}'
            f"<sheets>{names}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
        "xl/styles.xml": _styles(formats, namespace),
        "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{"".join(shared)}</sst>',
        **{f"xl/worksheets/sheet{n}.xml": blank for n in range(2, len(sheets) + 1)},
        "xl/worksheets/sheet1.xml": first,
    }
    return packed(parts)


def _styles(formats: Sequence[str], namespace: str) -> str:
    codes = "".join(
        f'<numFmt numFmtId="{164 + n}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for n, code in enumerate(formats)
    )
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    return (
        f'<styleSheet xmlns="{namespace}"><numFmts>{codes}</numFmts>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def text_cell(place: str, text: str) -> str:
    """A cell that holds its own text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(rows: str, *, name: str = "填写") -> bytes:
    """An OpenDocument spreadsheet with these rows (markup inside the table)."""
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="{name}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})
