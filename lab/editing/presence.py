"""Who is writing where now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.editing.models import EditorTabState
from lab.editing.tabs import EditorTab, lock_tab
from lab.extensions import db
from lab.identity.models.account import Person

SEEN_FOR = timedelta(seconds=90)

Sentences = Callable[[Any, int], list[str]]
_shown: dict[str, Sentences] = {}
_shared: set[str] = set()


def shown_by(sentences: Sentences, *endpoints: str) -> None:
    """Let forms that are sent to these endpoints show who else is writing.

    `sentences(obj, person_id)` makes them from the object of the address. Forms show nobody
    unless they are named here: what one writes is not everybody's business.
    """
    _shown.update(dict.fromkeys(endpoints, sentences))


def shared(*endpoints: str) -> None:
    """The same for forms that stand alone, of documents that several people write."""
    _shared.update(endpoints)


def others(endpoint: str, obj: Any, place: str, person_id: int) -> list[str]:
    """Sentences on who else is writing there, as the form's feature words them."""
    if endpoint in _shown:
        return _shown[endpoint](obj, person_id)
    return at(place, person_id) if endpoint in _shared else []


def touch(tab: EditorTab) -> None:
    """Note that the person is at this page now."""
    lock_tab(tab).seen_at = clock.now()


def other_editors(place: str, person_id: int) -> tuple[tuple[str, str], ...]:
    """(name, place) of everybody else seen within 90 seconds at `place` or below it."""
    rows = db.session.execute(
        select(Person.name, EditorTabState.place)
        .join(Person, Person.id == EditorTabState.person_id)
        .where(
            EditorTabState.place.startswith(place, autoescape=True),
            EditorTabState.person_id != person_id,
            EditorTabState.seen_at > (now := clock.now()) - SEEN_FOR,
            EditorTabState.seen_at <= now + clock.SKEW,
        )
        .distinct()
        .order_by(Person.name, EditorTabState.place)
    )
    return tuple((name, where) for name, where in rows)


def at(place: str, person_id: int) -> list[str]:
    """Sentences for a form that stands alone: 组长甲正在编辑本页。"""
    names = dict.fromkeys(name for name, where in other_editors(place, person_id) if where == place)
    return [f"{name}正在编辑本页。" for name in names]
