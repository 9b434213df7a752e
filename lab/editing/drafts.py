"""Personal drafts of any form: unsent input, exactly as typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g, request, session
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from lab import clock
from lab.editing import responses, tabs
from lab.editing.models import HAS_DRAFT, TYPED, EditorTabState, Pairs
from lab.editing.tabs import EditorTab
from lab.extensions import db
from lab.rejected import Rejected

MAX_BYTES = 300_000  # characters of JSON of one form
MAX_DRAFTS = 50  # drafts of one person; the oldest give way


@dataclass(frozen=True)
class Draft:
    """Unsent input of a page: tab name, number of that save, the version it is based on."""

    tab: str
    number: int
    version: int | None
    at: datetime
    values: Pairs


def save_draft(tab: EditorTab, version: int | None, values: Pairs) -> None:
    """Save the content of the form. Raises LateSave, and Rejected when it is too long."""
    if len(TYPED.dump(values)) > MAX_BYTES:
        raise Rejected("本页内容太长，没有自动保存。请点击“保存”。")
    tabs.reject_late_save(tab)
    row = tabs.lock_tab(tab)
    if row.typed is None:
        _make_room(tab.person_id)
    row.typed, row.typed_version, row.typed_at = values, version, clock.now()
    row.number, row.seen_at = tab.number, clock.now()
    if tab.recovered_from and tab.recovered_from != tab.name:
        discard(tab.person_id, tab.form_path, tab.recovered_from, tab.recovered_number)


def _make_room(person_id: int) -> None:
    newest_ids = (
        select(EditorTabState.id)
        .where(EditorTabState.person_id == person_id, HAS_DRAFT)
        .order_by(EditorTabState.typed_at.desc())
        .offset(MAX_DRAFTS - 1)
    )
    oldest = list(db.session.scalars(newest_ids))
    _delete_typed(EditorTabState.id.in_(oldest))


def discard(person_id: int, form_path: str, name: str, number: int) -> None:
    """Delete the draft of a page, unless it was continued after save `number`."""
    _delete_typed(
        EditorTabState.person_id == person_id,
        EditorTabState.form_path == form_path,
        EditorTabState.tab == name,
        EditorTabState.number <= number,
    )


def _delete_typed(*where: object) -> None:
    db.session.execute(update(EditorTabState).where(*where).values(typed=None))  # type: ignore[arg-type]


def newest_draft(person_id: int, form_path: str) -> Draft | None:
    """Return the person's newest draft of this form, None when there is none."""
    row = db.session.scalar(
        select(EditorTabState)
        .where(
            EditorTabState.person_id == person_id,
            EditorTabState.form_path == form_path,
            HAS_DRAFT,
        )
        .order_by(EditorTabState.typed_at.desc())
        .limit(1)
    )
    if row is None or row.typed is None or row.typed_at is None:
        return None
    return Draft(row.tab, row.number, row.typed_version, row.typed_at, row.typed)


def discard_sent_draft(response: Response) -> None:
    """Delete the draft of a form that was sent and accepted; saves still under way become late."""
    form_path = request.form.get(responses.FORM_PATH, "")
    if not 300 <= response.status_code < 400 or not form_path or g.get("person") is None:
        return
    if any(category == "danger" for category, _ in session.get("_flashes", ())):
        return  # sent back with a rejection: what was typed is still wanted
    tab = responses.editor_tab(form_path)
    if not tab.name or len(form_path) > tabs.MAX_PATH_LENGTH:
        return
    row = tabs.lock_tab(tab)
    row.number, row.typed, row.seen_at = max(row.number, tab.number), None, clock.now()
    if tab.recovered_from:
        discard(tab.person_id, form_path, tab.recovered_from, tab.recovered_number)
