"""Examine or draw an uploaded file in a confined process.

Runs only through `lab.jobs.sandbox.run_confined`; see there. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lab.files.inspection import archives, pdfs, pictures
from lab.files.inspection.kinds import EXAMINE
from lab.files.inspection.pdfs import PagePicture
from lab.files.inspection.problems import FileProblem, Finding, Problem


def run(order: Mapping[str, Any], material: bytes) -> tuple[dict[str, Any], bytes]:
    """Examine a file or draw its pictures; return the result and the pictures' bytes.

    The order names the `form` of the file and, for pictures of some of its pages only, their
    `pages`. The result is {"problem": None or as `problem_from` reads it, "active": codes} or, for
    pictures, {"total": pages, "pages": [{page, piece, kind, width, height, size}]}; the picture
    bytes are concatenated.
    """
    form = order["form"]
    try:
        if order["act"] == EXAMINE:
            return {"problem": None, "active": sorted(_examine(material, form))}, b""
        return _preview(material, form, order.get("pages", ()))
    except FileProblem as fault:
        return {"problem": asdict(fault.problem), "active": sorted(fault.problem.active)}, b""


def problem_from(answer: Mapping[str, Any]) -> Problem | None:
    """Return the problem in an answer that came as JSON, None for a sound file."""
    told = answer["problem"]
    if told is None:
        return None
    findings = tuple(Finding(**finding) for finding in told["findings"])
    return Problem(told["code"], told["detail"], tuple(told["active"]), findings)


def _examine(material: bytes, form: str) -> set[str]:
    if form == "pdf":
        return pdfs.examine(material)
    if form in ("docx", "xlsx"):
        archives.examine(material, form)
    else:
        pictures.examine(material, form)
    return set()


def _preview(material: bytes, form: str, numbers: list[int]) -> tuple[dict[str, Any], bytes]:
    if form == "pdf":
        total, drawn = pdfs.preview(material, numbers)
    else:
        pieces = pictures.preview(material, form)
        total, drawn = 1, [PagePicture(1, at, picture) for at, picture in enumerate(pieces, 1)]
    pages = [
        {
            "page": one.page,
            "piece": one.piece,
            "kind": one.picture.kind,
            "width": one.picture.width,
            "height": one.picture.height,
            "size": len(one.picture.data),
        }
        for one in drawn
    ]
    return {"problem": None, "total": total, "pages": pages}, b"".join(
        one.picture.data for one in drawn
    )
