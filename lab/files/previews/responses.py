"""Responses about a file's preview, for the features that files belong to."""

from __future__ import annotations

from flask import Response, request

from lab.files.documents import pages
from lab.files.models import StoredFile
from lab.files.previews import queries, repair, service
from lab.files.storing.serving import send_stored_picture
from lab.files.storing.storage import FileDamaged


def state_response(file: StoredFile, url: str) -> Response:
    """Answer the waiting page."""
    return pages.state_answer(service.PICTURES, queries.find_preview(file), url)


def picture_response(file: StoredFile) -> Response | None:
    """Return the picture of the requested page, or piece of it, None when there is none."""
    piece = request.args.get("piece", 1, type=int)
    picture = queries.find_page(file, int((request.view_args or {})["page"]), piece)
    if picture is None:
        return None

    def order(damaged: FileDamaged) -> bool:
        return not repair.reason_not_to_redraw(file, damaged) and repair.redraw(picture)

    return send_stored_picture(picture, order)
