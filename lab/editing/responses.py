"""The protocol between an autosaving page and the service: who sends, what is answered."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from flask import Response, flash, g, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from lab import clock
from lab.db import EditConflict
from lab.editing.tabs import EditorTab, LateSave
from lab.errors import wants_json
from lab.extensions import db

Answer = Response | tuple[Response, int]
# Names of the component's own in a form that is saved while somebody types; no field may have one
# of them. FORM_PATH is the address that the form is sent to.
FORM_PATH = "form_path"
CONTROL_FIELDS = ("tab", "adopted", FORM_PATH)
_DECIDE = "本页的文字还在，请点击“保存”，核对两份内容后决定。"
CONFLICT_MESSAGE = f"此处的内容已被他人修改。{_DECIDE}"
OWN_CONFLICT_MESSAGE = f"您在另一窗口修改了此处的内容。{_DECIDE}"
INCOMPLETE_MESSAGE = "页面不完整，请把文字复制后重新打开本页。"
LATE_MESSAGE = "这次提交到得晚，本页较新的内容已经保存，没有改动。"
_TAB = re.compile(r"([a-z0-9]{8,32}):([0-9]{1,6})")


def editor_tab(form_path: str) -> EditorTab:
    """Return the tab of the signed-in person that sends this request.

    Pages without scripts have no name.
    """
    name, number = _parse_tab(request.form.get("tab", ""))
    return EditorTab(
        g.person.id, form_path, name, number, *_parse_tab(request.form.get("adopted", ""))
    )


def _parse_tab(text: str) -> tuple[str, int]:
    match = _TAB.fullmatch(text)
    return (match[1], int(match[2])) if match else ("", 0)


def saved_response(
    version: int, errors: dict[str, str], others: Any = (), steps: Any = MappingProxyType({})
) -> Response:
    """Answer that everything is stored; `errors` as it was entered, `steps` their marks now."""
    return jsonify(
        version=version,
        saved_at=f"{clock.beijing(clock.now()):%H:%M}",
        errors=errors,
        others=list(others),
        steps=dict(steps),
    )


def conflict_response(error: EditConflict) -> Answer:
    """Answer that another page has saved since; this one keeps its text."""
    text = OWN_CONFLICT_MESSAGE if error.by_oneself else CONFLICT_MESSAGE
    return jsonify(state="clash", text=text), 409


def incomplete_response() -> Answer:
    """Answer that the page lacks what every save needs."""
    return jsonify(state="broken", text=INCOMPLETE_MESSAGE), 422


def late_save_response(error: LateSave) -> BaseResponse:
    """Answer that the save came late and changed nothing: the page's newer text stays."""
    db.session.rollback()
    if wants_json():
        payload: dict[str, Any] = {"state": "late", "number": error.number}
        if error.version:
            payload["version"] = error.version
        return jsonify(**payload, saved_at=f"{clock.beijing(clock.now()):%H:%M}")
    flash(LATE_MESSAGE, "info")
    return redirect(error.form_path, 303)
