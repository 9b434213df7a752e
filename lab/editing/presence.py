"""Who is editing what right now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.editing.models import EditorTabState
from lab.editing.tabs import EditorTab, lock_tab
from lab.extensions import db
from lab.feature import ExtensionPoint
from lab.identity.models.account import Person

PRESENCE_WINDOW = timedelta(seconds=90)


@dataclass(frozen=True)
class SharedForm:
    """A form that shows who else is writing; it is sent to `endpoint`.

    `sentences(obj, person_id)` words it from the object of the address; without them the form
    stands alone and names whoever is at the same place.
    """

    endpoint: str
    sentences: Callable[[Any, int], list[str]] | None = None


# Other forms show nobody: what one writes is not everybody's business.
SHARED_FORMS: ExtensionPoint[SharedForm] = ExtensionPoint(
    "forms that show who else is writing", key=lambda form: form.endpoint
)


def other_editors_of(endpoint: str, obj: Any, form_path: str, person_id: int) -> list[str]:
    """Return sentences about other editors, as worded by the form's feature."""
    for form in SHARED_FORMS.extensions():
        if form.endpoint == endpoint:
            return (
                form.sentences(obj, person_id)
                if form.sentences
                else presence_sentences(form_path, person_id)
            )
    return []


def record_presence(tab: EditorTab) -> None:
    """Record that the person has this page open."""
    lock_tab(tab).seen_at = clock.now()


def other_editors(form_path: str, person_id: int) -> tuple[tuple[str, str], ...]:
    """Return (name, path) of everybody else seen within 90 seconds at or below this path."""
    rows = db.session.execute(
        select(Person.name, EditorTabState.form_path)
        .join(Person, Person.id == EditorTabState.person_id)
        .where(
            EditorTabState.form_path.startswith(form_path, autoescape=True),
            EditorTabState.person_id != person_id,
            EditorTabState.seen_at > (now := clock.now()) - PRESENCE_WINDOW,
            EditorTabState.seen_at <= now + clock.SKEW,
        )
        .distinct()
        .order_by(Person.name, EditorTabState.form_path)
    )
    return tuple((name, where) for name, where in rows)


def presence_sentences(form_path: str, person_id: int) -> list[str]:
    """Return sentences for a stand-alone form: 组长甲正在编辑本页。"""
    names = dict.fromkeys(
        name for name, where in other_editors(form_path, person_id) if where == form_path
    )
    return [f"{name}正在编辑本页。" for name in names]
