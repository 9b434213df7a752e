"""Which page sends a save, and whether the save comes too late.

A page numbers its saves. One whose number is not above the highest that was accepted from this
page arrives after a newer one and changes nothing. A save whose answer was lost is sent again by
the page: `is_retry` tells it from a save of somebody else, so that nobody meets a conflict
with their own text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from lab import clock
from lab.db import EditConflict, lock_row, upsert, writing
from lab.editing.models import HAS_DRAFT, EditorTabState
from lab.extensions import db

RETENTION = timedelta(days=1)
DRAFT_RETENTION = timedelta(days=30)
MAX_LISTED_SAVES = 5
MAX_PATH_LENGTH = 160  # characters, as the column holds


@dataclass(frozen=True)
class EditorTab:
    """The page that saves: who sits at it, on which form, and the number of this save.

    `name` is the page's random name ("" without scripts). `recovered_from`, `recovered_number`:
    the page whose unsaved text was taken over, and the last save that it may have sent.
    """

    person_id: int
    place: str
    name: str = ""
    number: int = 0
    recovered_from: str = ""
    recovered_number: int = 0


class LateSave(Exception):
    """A newer save of the same page was accepted before: `number` and the `version` it made."""

    def __init__(self, row: EditorTabState) -> None:
        super().__init__(f"{row.tab}:{row.number}")
        self.place, self.number, self.version = row.place, row.number, row.saved_version


def lock_tab(tab: EditorTab) -> EditorTabState:
    """The row of this page, made if need be, held until the transaction ends."""
    same = {"place": tab.place, "person_id": tab.person_id, "tab": tab.name}
    statement = upsert(db.session(), EditorTabState).values(**same)
    db.session.execute(statement.on_conflict_do_nothing())
    query = select(EditorTabState).filter_by(**same).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def reject_late_save(tab: EditorTab | None) -> None:
    """Let a save pass unless it comes late. Raises LateSave.

    The row of the document must be locked. The page's own row is locked from here on, so of two
    saves of one page that arrive at once the second one sees the number of the first.
    """
    if tab is None or not tab.name:
        return
    row = lock_tab(tab)
    if tab.number <= row.number:
        raise LateSave(row)


def lock_for_save(obj: Any, version: int | None, tab: EditorTab | None) -> None:
    """Hold a row for a save of a form that is saved while it is typed.

    Raises LateSave as `reject_late_save`; EditConflict when somebody else saved since `version`,
    unless it was this very page, which sends again because the answer was lost.
    """
    lock_row(obj)
    reject_late_save(tab)
    if version != obj.version and not is_retry(tab, version, obj.version):
        raise EditConflict(obj)


def record_save(tab: EditorTab, base: int | None, saved: int) -> None:
    """Remember that this page saved, from version `base` of the document to `saved`."""
    row = lock_tab(tab)
    row.number = max(row.number, tab.number)
    row.base_version, row.saved_version = base or 0, saved
    row.typed, row.seen_at = None, clock.now()


def is_retry(tab: EditorTab | None, base: int | None, newest: int) -> bool:
    """Whether the document's newest save (version `latest_by_key`) is one of this very page, from
    the same `base`, the answer to which never arrived."""
    if tab is None or not tab.name:
        return False
    rows = db.session.scalars(
        select(EditorTabState).where(
            EditorTabState.place == tab.place,
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
    """The newest save of each of the person's latest pages here: tab:number:version, by blanks.

    A page whose own version is lower was drawn before that save and does not show its text.
    """
    rows = db.session.execute(
        select(EditorTabState.tab, EditorTabState.number, EditorTabState.saved_version)
        .where(
            EditorTabState.person_id == person_id,
            EditorTabState.place == form_path,
            EditorTabState.tab != "",
            EditorTabState.number > 0,
            ~HAS_DRAFT,
        )
        .order_by(EditorTabState.seen_at.desc(), EditorTabState.id.desc())
        .limit(MAX_LISTED_SAVES)
    )
    return " ".join(f"{tab}:{number}:{version}" for tab, number, version in rows)


def delete_tabs_below(form_path: str) -> None:
    """Forget every page of forms at `place` or below it: their document is gone."""
    db.session.execute(
        delete(EditorTabState).where(EditorTabState.place.startswith(form_path, autoescape=True))
    )


def purge_expired() -> None:
    """Forget who sat where a day ago, and what was typed and not taken up for a month."""
    now = clock.now()
    with writing() as session:
        session.execute(
            delete(EditorTabState).where(
                EditorTabState.seen_at < now - RETENTION,
                ~HAS_DRAFT | (EditorTabState.seen_at < now - DRAFT_RETENTION),
            )
        )
