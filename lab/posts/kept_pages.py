"""The pages that answered posts: kept for the browser that posted, until their time is over.

A browser asks nobody before it shows a page of a GET again, and never shows one of a POST again:
so a post is answered by the address of its page.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlencode

from flask import g, request
from flask import session as cookie
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from lab import clock
from lab.db import writing
from lab.extensions import db
from lab.posts.models import KeptPage
from lab.posts.sealing import browser_secret, digest, reseal, seal
from lab.web.request.resubmission import SESSION

ANSWER = "answer"  # the argument of an address with the key of a kept page
RETENTION = timedelta(minutes=30)
SECRET_RETENTION = timedelta(minutes=10)
NOTE_RETENTION = timedelta(days=1)  # of the sentence in place of a secret
MOST_OF_A_BROWSER = 20  # the oldest give way
MOST_OF_NOBODY = 500  # kept for browsers in which nobody is signed in; beyond, none is kept
LONGEST = 6 << 20  # characters of a page


def present_person_id() -> int | None:
    """Return the id of the person who is signed in now, None for nobody."""
    person = g.get("person") if SESSION in cookie else None
    return person.id if person else None


def address_of(key: str) -> str:
    """Return the address of the present request that shows a kept page."""
    return f"{request.path}?{urlencode([*other_arguments(), (ANSWER, key)])}"


def other_arguments() -> list[tuple[str, str]]:
    """Return the arguments of the present address without that of a kept page."""
    return [pair for pair in request.args.items(multi=True) if pair[0] != ANSWER]


def key_digest(key: str, place: str) -> str:
    """Return the digest under which a page kept for this place (a path, or a name) is stored."""
    return digest(f"{key} {place}")


def add(
    session: Session,
    page: str,
    status: int,
    person_id: int | None,
    *,
    place: str,
    once: bool = False,
    again: str = "",
    back: str = "",
) -> str:
    """Keep a page in the transaction of `session`; return its key. See `models.KeptPage`.

    It is found under this key at `place` alone: the policy is asked about that one.
    """
    key, now = secrets.token_urlsafe(16), clock.now()
    row = KeptPage(
        key_hash=key_digest(key, place),
        browser_hash=digest(browser_secret()),
        person_id=person_id,
        status=status,
        sealed=seal(page),
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
        key = add(session, page, status, person_id, place=request.path, once=once)
        return address_of(key)


def find_carried(before: str, person_id: int) -> list[KeptPage]:
    """Return what is kept under an earlier secret of this browser for this person, or for nobody.

    Not what the portal made secret: that ends with the sign-in.
    """
    query = select(KeptPage).where(
        KeptPage.browser_hash == digest(before),
        KeptPage.person_id.is_(None) | (KeptPage.person_id == person_id),
        KeptPage.again == "",
        KeptPage.sealed != "",
        KeptPage.expires_at > clock.now(),
    )
    return list(db.session.scalars(query))


def carry_over(pages: Iterable[KeptPage], before: str, person_id: int) -> None:
    """Keep these pages for the session that has just begun; part of the request's transaction.

    The same person may have signed in again in another window, and reload this one.
    """
    for page in pages:
        page.sealed = reseal(page.sealed, before)
        page.browser_hash, page.person_id = digest(browser_secret()), person_id


def _kept_for_nobody(session: Session) -> int:
    query = select(func.count()).select_from(KeptPage).where(KeptPage.person_id.is_(None))
    return session.scalar(query) or 0


def _make_room(session: Session) -> None:
    mine = KeptPage.browser_hash == digest(browser_secret())
    newest = select(KeptPage.id).where(mine).order_by(KeptPage.id.desc())
    oldest = list(session.scalars(newest.offset(MOST_OF_A_BROWSER - 1)))
    if oldest:
        session.execute(delete(KeptPage).where(KeptPage.id.in_(oldest)))


def purge_expired() -> None:
    """Delete pages whose time is over; the note that a secret was shown stays for a day."""
    now = clock.now()
    over = KeptPage.expires_at < now
    is_old = KeptPage.made_at < now - NOTE_RETENTION
    with writing() as session:
        session.execute(delete(KeptPage).where(over, or_(KeptPage.again == "", is_old)))
        session.execute(update(KeptPage).where(over, KeptPage.sealed != "").values(sealed=""))
