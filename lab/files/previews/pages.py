"""Answers about the pictures of a file, for the features that files hang on."""

from __future__ import annotations

from flask import Response, jsonify, request

from lab.files.models import StoredFile
from lab.files.previews import redrawing, service
from lab.files.storing.serving import send_stored_picture
from lab.files.storing.storage import Damaged

_STATES = {"queued": "queued", "ready": "done", "failed": "failed", "": "failed"}
_TEXTS = {"queued": "正在生成预览，请稍候。", "ready": "预览已生成。", "": "还没有预览。"}


def state_answer(file: StoredFile, url: str) -> Response:
    """For the waiting page: queued, done or failed."""
    shown = service.of_file(file)
    text = _TEXTS.get(shown.state) or f"无法预览：{shown.failure}"
    return jsonify(state=_STATES[shown.state], text=text, url=url)


def picture_answer(file: StoredFile) -> Response | None:
    """The picture of the page that the address names, None when there is none."""
    found = service.picture(file, int((request.view_args or {})["page"]))
    if found is None:
        return None

    def order(damaged: Damaged) -> bool:
        return not redrawing.obstacle(file, damaged) and redrawing.draw_again(file, found)

    return send_stored_picture(found, order)
