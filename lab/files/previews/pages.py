"""Answers about the pictures of a file, for the features that files hang on."""

from __future__ import annotations

from flask import Response, request

from lab.files.documents import pages
from lab.files.models import StoredFile
from lab.files.previews import redrawing, service
from lab.files.storing.serving import send_stored_picture
from lab.files.storing.storage import Damaged


def state_answer(file: StoredFile, url: str) -> Response:
    """For the waiting page."""
    return pages.state_answer(service.PICTURES, service.find(file), url)


def picture_answer(file: StoredFile) -> Response | None:
    """The picture of the page that the address names, None when there is none."""
    picture = service.picture(file, int((request.view_args or {})["page"]))
    if picture is None:
        return None

    def order(damaged: Damaged) -> bool:
        return not redrawing.obstacle(file, damaged) and redrawing.draw_again(picture)

    return send_stored_picture(picture, order)
