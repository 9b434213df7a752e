"""Queries of the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from lab.extensions import db
from lab.inbox.core.notices import about_of
from lab.inbox.models.notices import Notice
from lab.web import links
from lab.web.pages.pagination import Page, paginate


@dataclass(frozen=True)
class NoticeRow:
    """One notice; `address` is a path inside the portal or ""."""

    text: str
    address: str
    at: datetime
    unread: bool


def list_notices(person_id: int, args: Mapping[str, str]) -> Page:
    """Return a page of a person's notices as NoticeRow, newest first."""
    query = select(Notice).where(Notice.person_id == person_id)
    page = paginate(query, (Notice.id.desc(),), args, session=db.session(), size=30)
    paths = links.paths(map(about_of, page.items))
    return page.map(
        lambda notice: NoticeRow(
            notice.text,
            paths.get(about_of(notice), notice.address),
            notice.at,
            notice.read_at is None,
        )
    )


def unread(person_id: int, session: Session) -> int:
    """Return how many notices a person has not read."""
    return int(session.scalar(_unread(), {"person_id": person_id}) or 0)


@cache  # made on first use, and once: every page asks it
def _unread() -> Select[int]:
    return (
        select(func.count())
        .select_from(Notice)
        .where(Notice.person_id == bindparam("person_id"), Notice.read_at.is_(None))
    )
