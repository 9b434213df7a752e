"""Notices as rows: made for whoever puts them before people, read for whoever shows them."""

from __future__ import annotations

from lab.inbox.models.notices import Notice
from lab.web import links
from lab.web.links import About


def new_notice(person_id: int, text: str, about: About | None) -> Notice:
    """Return a notice that is not stored yet. Raises KeyError for a kind without a page."""
    notice = Notice(person_id=person_id, text=text[:400])
    if about is not None:
        links.expect(about)
        notice.about_kind, notice.about_key, notice.about_part = about.kind, about.key, about.part
    return notice


def about_of(notice: Notice) -> About:
    """Return what a notice is about."""
    return About(notice.about_kind, notice.about_key, notice.about_part)
