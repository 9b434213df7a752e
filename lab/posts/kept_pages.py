"""The pages that answered posts: kept for the browser that posted, shown again at an address.

A browser asks nobody before it shows a page of a GET again, and never shows one of a POST again:
so a post is answered by the address of its page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import g, request
from flask import session as cookie
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from lab import clock
from lab.db import reading, writing
from lab.extensions import db
from lab.posts.models import KeptPage
from lab.posts.sealing import browser_secret, digest, seal, unseal
from lab.web.request.headers import csp_nonce
from lab.web.request.resubmission import SESSION

ANSWER = "answer"  # the argument of an address with the key of a kept page
RETENTION = timedelta(minutes=30)
SECRET_RETENTION = timedelta(minutes=10)
NOTE_RETENTION = timedelta(days=1)  # of the sentence in place of a secret
MOST_OF_A_BROWSER = 20  # the oldest give way
MOST_OF_NOBODY = 500  # kept for browsers in which nobody is signed in; beyond, none is kept
LONGEST = 6 << 20  # characters of a page
_NONCE_LENGTH = 22  # of `headers.csp_nonce`


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


def present_person_id() -> int | None:
    """Return the id of the person who is signed in now, None for nobody."""
    person = g.get("person") if SESSION in cookie else None
    return person.id if person else None


def address_of(key: str) -> str:
    """Return the address of the present request that shows a kept page."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] != ANSWER]
    return f"{request.path}?{urlencode([*pairs, (ANSWER, key)])}"


def add(
    session: Session,
    page: str,
    status: int,
    person_id: int | None,
    *,
    once: bool = False,
    again: str = "",
    back: str = "",
) -> str:
    """Keep a page in the transaction of `session`; return its key. See `models.KeptPage`."""
    key, now = secrets.token_urlsafe(16), clock.now()
    row = KeptPage(
        key_hash=digest(key),
        browser_hash=digest(browser_secret()),
        person_id=person_id,
        status=status,
        sealed=seal(csp_nonce() + page),
        once=once,
        again=again,
        back=back,
        made_at=now,
        expires_at=now + (SECRET_RETENTION if again else RETENTION),
    )
    session.add(row)
    return key


def store(page: str, status: int, *, once: bool, wait: float) -> str | None:
    """Keep a page in a transaction of its own; return its address, None where there is no room."""
    if len(page) > LONGEST:
        return None
    person_id = present_person_id()
    db.session.rollback()  # nothing waits for a lock that this request holds itself
    with writing(wait=wait) as session:
        if person_id is None and _kept_for_nobody(session) >= MOST_OF_NOBODY:
            return None
        _make_room(session)
        return address_of(add(session, page, status, person_id, once=once))


def _kept_for_nobody(session: Session) -> int:
    query = select(func.count()).select_from(KeptPage).where(KeptPage.person_id.is_(None))
    return session.scalar(query) or 0


def _make_room(session: Session) -> None:
    mine = KeptPage.browser_hash == digest(browser_secret())
    newest = select(KeptPage.id).where(mine).order_by(KeptPage.id.desc())
    oldest = list(session.scalars(newest.offset(MOST_OF_A_BROWSER - 1)))
    if oldest:
        session.execute(delete(KeptPage).where(KeptPage.id.in_(oldest)))


def read(key: str) -> KeptAnswer | None:
    """Return what this browser may see under a key, None for nothing.

    A page that is shown once is given out and deleted in one step.
    """
    with reading() as session:
        row = session.scalar(select(KeptPage).where(_is_mine(key)))
    if row is None:
        return None
    if row.sealed and row.expires_at > clock.now() and (not row.once or _take(row)):
        return KeptAnswer(_with_fresh_nonce(unseal(row.sealed)), row.status)
    return KeptAnswer(None, again=row.again, back=row.back) if row.once else None


def _is_mine(key: str) -> ColumnElement[bool]:
    return and_(
        KeptPage.key_hash == digest(key),
        KeptPage.browser_hash == digest(browser_secret()),
        KeptPage.person_id.is_not_distinct_from(present_person_id()),
    )


def _take(row: KeptPage) -> bool:
    """Delete the content; return whether nobody did before."""
    with writing() as session:
        mine = KeptPage.id == row.id, KeptPage.sealed != ""
        return bool(session.execute(update(KeptPage).where(*mine).values(sealed="")).rowcount)


def _with_fresh_nonce(kept: str) -> str:
    return kept[_NONCE_LENGTH:].replace(kept[:_NONCE_LENGTH], csp_nonce())


def purge_expired() -> None:
    """Delete pages whose time is over; the note that a secret was shown stays for a day."""
    now = clock.now()
    over = KeptPage.expires_at < now
    is_old = KeptPage.made_at < now - NOTE_RETENTION
    with writing() as session:
        session.execute(delete(KeptPage).where(over, or_(KeptPage.again == "", is_old)))
        session.execute(update(KeptPage).where(over, KeptPage.sealed != "").values(sealed=""))
