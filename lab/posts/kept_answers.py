"""What the addresses of kept pages show: the page, or that it was shown before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, update

from lab import clock
from lab.db import reading, writing
from lab.posts.kept_pages import key_digest, present_person_id
from lab.posts.models import KeptPage
from lab.posts.sealing import browser_secret, digest, unseal


@dataclass(frozen=True)
class KeptAnswer:
    """What the address of a kept page shows.

    `page` and `status`, None for a page that was shown before: then `again` says so, and `back`
    leads on.
    """

    page: str | None
    status: int = 200
    again: str = ""
    back: str = ""


def read(key: str, place: str) -> KeptAnswer | None:
    """Return what this browser may see under a key at the place it is kept for, None for nothing.

    A page that is shown once is given out and deleted in one step.
    """
    with reading() as session:
        row = session.scalar(select(KeptPage).where(_is_mine(key, place)))
    if row is None:
        return None
    if row.sealed and row.expires_at > clock.now() and (not row.once or _take(row)):
        return KeptAnswer(unseal(row.sealed), row.status)
    return KeptAnswer(None, again=row.again, back=row.back) if row.once else None


def _is_mine(key: str, place: str) -> ColumnElement[bool]:
    return and_(
        KeptPage.key_hash == key_digest(key, place),
        KeptPage.browser_hash == digest(browser_secret()),
        KeptPage.person_id.is_not_distinct_from(present_person_id()),
    )


def _take(row: KeptPage) -> bool:
    """Delete the content; return whether nobody did before."""
    with writing() as session:
        mine = KeptPage.id == row.id, KeptPage.sealed != ""
        return bool(session.execute(update(KeptPage).where(*mine).values(sealed="")).rowcount)
