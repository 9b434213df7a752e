"""Examine or draw an uploaded file in a confined process.

Runs only through `lab.jobs.sandbox.run_confined`; see there. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.files.inspection import archives, pdfs, pictures
from lab.files.inspection.kinds import EXAMINE, FileProblem


def run(order: Mapping[str, Any], material: bytes) -> tuple[dict[str, Any], bytes]:
    """Examine a file or draw its pictures; return the result and the pictures' bytes.

    The result is {"fault": code, "active": codes} or, for pictures, {"total": pages, "pages":
    [{kind, width, height, size}]}; the picture bytes are concatenated.
    """
    extension = order["extension"]
    try:
        if order["act"] == EXAMINE:
            return {"fault": "", "active": sorted(_examine(material, extension))}, b""
        return _preview(material, extension)
    except FileProblem as fault:
        return {"fault": fault.code, "active": sorted(fault.active)}, b""


def _examine(material: bytes, extension: str) -> set[str]:
    if extension == "pdf":
        return pdfs.examine(material)
    if extension in ("docx", "xlsx"):
        archives.examine(material, extension)
    else:
        pictures.examine(material, extension)
    return set()


def _preview(material: bytes, extension: str) -> tuple[dict[str, Any], bytes]:
    pictures_made = (
        pdfs.preview(material) if extension == "pdf" else pictures.preview(material, extension)
    )
    total, shown = pictures_made
    pages = [
        {"kind": p.kind, "width": p.width, "height": p.height, "size": len(p.data)} for p in shown
    ]
    return {"fault": "", "total": total, "pages": pages}, b"".join(p.data for p in shown)
