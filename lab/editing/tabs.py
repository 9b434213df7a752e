"""Which page sends a save, and whether it comes too late.

A page numbers its saves. One whose number is not above the highest accepted from this page arrives
after a newer one and changes nothing. A save whose response was lost is sent again: `is_retry`
tells it from somebody else's save, so that nobody conflicts with their own text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, inspect, select

from lab import clock
from lab.db import EditConflict, lock_row, upsert, writing
from lab.editing.models import HAS_DRAFT, EditorTabState
from lab.extensions import db

RETENTION = timedelta(days=1)
DRAFT_RETENTION = timedelta(days=30)
MAX_LISTED_SAVES = 5
LOCKED = "editor_tab"  # where a session keeps the row that its save has locked
MAX_PATH_LENGTH = 160  # characters, as the column holds


@dataclass(frozen=True)
class EditorTab:
    """The page that saves: person, form, and number of this save.

    `name` is the page's random name ("" without scripts). `recovered_from`, `recovered_number`: the
    page whose unsaved text was taken over, and the last save it may have sent.
    """

    person_id: int
    form_path: str
    name: str = ""
    number: int = 0
    recovered_from: str = ""
    recovered_number: int = 0


class LateSave(Exception):
    """A newer save of the same page was accepted before: its `number` and `version`."""

    def __init__(self, row: EditorTabState) -> None:
        super().__init__(f"{row.tab}:{row.number}")
        self.form_path, self.number, self.version = row.form_path, row.number, row.saved_version


def lock_tab(tab: EditorTab) -> EditorTabState:
    """Return this page's row, created if needed, locked until the transaction ends."""
    same = {"form_path": tab.form_path, "person_id": tab.person_id, "tab": tab.name}
    query = select(EditorTabState).filter_by(**same).with_for_update()
    query = query.execution_options(populate_existing=True)
    row = db.session.scalars(query).one_or_none()
    if row is None:  # the page's first save; of two at once, one creates it and both find it
        statement = upsert(db.session(), EditorTabState).values(**same)
        db.session.execute(statement.on_conflict_do_nothing())
        row = db.session.scalars(query).one()
    return row


def reject_late_save(tab: EditorTab | None) -> None:
    """Raise LateSave when a newer save of this page was accepted.

    The document's row must be locked. The page's own row stays locked from here on, so of two
    concurrent saves of one page the second sees the first one's number.
    """
    if tab is None or not tab.name:
        return
    row = lock_tab(tab)
    if tab.number <= row.number:
        raise LateSave(row)
    db.session.info[LOCKED] = row


def lock_for_save(obj: Any, version: int | None, tab: EditorTab | None) -> None:
    """Hold a row for a save of a form that is saved while it is typed.

    Raises LateSave as `reject_late_save`; EditConflict when somebody else saved since `version`,
    unless it was this very page, which sends again because the answer was lost.
    """
    lock_row(obj)
    reject_late_save(tab)
    if version != obj.version and not is_retry(tab, version, obj.version):
        raise edit_conflict(obj, tab, version, obj.version)


def edit_conflict(obj: Any, tab: EditorTab | None, shown: int | None, newest: int) -> EditConflict:
    """Return the conflict of a page that showed version `shown` with the saves up to `newest`.

    It is by oneself when the newest save was, and nobody else saved since `shown`: what differs may
    be of any of these saves.
    """
    if tab is None:
        return EditConflict(obj)
    since = select(EditorTabState.person_id, EditorTabState.saved_version).where(
        EditorTabState.form_path == tab.form_path,
        EditorTabState.saved_version > (shown or 0),
    )
    saves = {(person, saved) for person, saved in db.session.execute(since)}
    is_own = {person for person, _ in saves} == {tab.person_id}
    return EditConflict(obj, by_oneself=is_own and (tab.person_id, newest) in saves)


def record_save(tab: EditorTab, base: int | None, saved: int) -> None:
    """Record that this page saved, from version `base` of the document to `saved`."""
    row = _locked(tab) or lock_tab(tab)
    row.number = max(row.number, tab.number)
    row.base_version, row.saved_version = base or 0, saved
    row.typed, row.seen_at = None, clock.now()


def _locked(tab: EditorTab) -> EditorTabState | None:
    """Return the row that this transaction has locked already, None when it is another's."""
    row: EditorTabState | None = db.session.info.pop(LOCKED, None)
    if row is None or row not in db.session or inspect(row).expired_attributes:
        return None
    is_own = (row.form_path, row.person_id, row.tab) == (tab.form_path, tab.person_id, tab.name)
    return row if is_own else None


def is_retry(tab: EditorTab | None, base: int | None, newest: int) -> bool:
    """Return whether the document's newest save came from this very page and `base`.

    Its response was lost then. `newest` is the version of that save.
    """
    if tab is None or not tab.name:
        return False
    rows = db.session.scalars(
        select(EditorTabState).where(
            EditorTabState.form_path == tab.form_path,
            EditorTabState.person_id == tab.person_id,
            EditorTabState.tab.in_({tab.name, tab.recovered_from} - {""}),
        )
    )
    return any(
        (row.base_version, row.saved_version) == (base, newest)
        and (row.tab == tab.name or row.number <= tab.recovered_number)
        for row in rows
    )


def latest_saves(person_id: int, form_path: str) -> str:
    """Return the newest save of each of the person's recent pages of this document.

    As tab:number:version, separated by spaces.

    A page with a lower version was rendered before that save and does not show its text.
    """
    rows = db.session.execute(
        select(EditorTabState.tab, EditorTabState.number, EditorTabState.saved_version)
        .where(
            EditorTabState.person_id == person_id,
            EditorTabState.form_path == form_path,
            EditorTabState.tab != "",
            EditorTabState.number > 0,
            ~HAS_DRAFT,
        )
        .order_by(EditorTabState.seen_at.desc(), EditorTabState.id.desc())
        .limit(MAX_LISTED_SAVES)
    )
    return " ".join(f"{tab}:{number}:{version}" for tab, number, version in rows)


def delete_tabs_below(form_path: str) -> None:
    """Delete every tab at or below this path: the document is gone."""
    db.session.execute(
        delete(EditorTabState).where(
            EditorTabState.form_path.startswith(form_path, autoescape=True)
        )
    )


def purge_expired() -> None:
    """Delete tabs not seen for a day, and unsent input older than a month."""
    now = clock.now()
    with writing() as session:
        session.execute(
            delete(EditorTabState).where(
                EditorTabState.seen_at < now - RETENTION,
                ~HAS_DRAFT | (EditorTabState.seen_at < now - DRAFT_RETENTION),
            )
        )
