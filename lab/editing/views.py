"""Background requests of pages with forms: other editors, pending drafts, saving a draft."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from lab import clock
from lab.editing import drafts, presence, responses, tabs
from lab.editing.responses import Answer
from lab.web.request.guards import guard, may_post
from lab.web.request.resubmission import NEVER_RESENT

bp = Blueprint("editing", __name__, url_prefix="/editing")
CLOSED_MESSAGE = "现在不能在此页保存。您的文字还在本页，请复制后返回刷新再看。"


@bp.post("/presence")
@guard("editing.presence", unattended=True)
def report_presence() -> Response:
    """Record a sign of life of an open page; the first one also fetches pending text."""
    form_path = request.form.get(responses.FORM_PATH, "")
    target = may_post(form_path) if len(form_path) <= tabs.MAX_PATH_LENGTH else None
    if target is None:
        return jsonify(others=[])
    tab = responses.editor_tab(form_path)
    payload: dict[str, Any] = {
        "others": presence.other_editors_of(target.endpoint, target.obj, form_path, g.person.id)
    }
    if "opened" in request.form:
        payload |= {
            "saved": tabs.latest_saves(g.person.id, form_path),
            "draft": _pending_draft(form_path),
        }
    if tab.name:
        presence.record_presence(tab)
    return jsonify(**payload)


def _pending_draft(form_path: str) -> dict[str, Any] | None:
    draft = drafts.newest_draft(g.person.id, form_path)
    if draft is None:
        return None
    return {
        "tab": draft.tab,
        "number": draft.number,
        "version": "" if draft.version is None else str(draft.version),
        "at": int(draft.at.timestamp() * 1000),
        "values": draft.values,
    }


@bp.post("/draft")
@guard("editing.draft")
def save_draft() -> Answer:
    """Save the content of a form, or discard it (`forget`: page and number of the draft)."""
    form_path = request.form.get(responses.FORM_PATH, "")
    tab = responses.editor_tab(form_path)
    if "forget" in request.form:
        if tab.recovered_from:
            drafts.discard(g.person.id, form_path, tab.recovered_from, tab.recovered_number)
        return jsonify(others=[])
    values = _values(request.form.get("values", ""))
    if values is None or not tab.name or len(form_path) > tabs.MAX_PATH_LENGTH:
        return responses.incomplete_response()
    if (target := may_post(form_path)) is None:
        return jsonify(state="closed", text=CLOSED_MESSAGE), 409
    drafts.save_draft(tab, request.form.get("version", type=int), values)
    others = presence.other_editors_of(target.endpoint, target.obj, form_path, g.person.id)
    return jsonify(draft_at=f"{clock.beijing(clock.now()):%H:%M}", others=others)


def _values(text: str) -> list[tuple[str, str]] | None:
    """Parse the input; None when it is no list of pairs. Passwords are never saved."""
    try:
        pairs = json.loads(text)
        return [(str(name), str(value)) for name, value in pairs if name not in NEVER_RESENT]
    except (ValueError, TypeError):
        return None
