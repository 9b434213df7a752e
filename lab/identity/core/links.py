"""Links sent to addresses: created by the worker, redeemed once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from lab import audit, clock
from lab.db import reading
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.addresses import ADDRESS, PASSWORD, AccountLink
from lab.rejected import Rejected

VALIDITY = {PASSWORD: timedelta(minutes=15), ADDRESS: timedelta(hours=24)}
LINK_OVER_MESSAGE = "链接已失效：可能已经用过、已过期，或邮箱已更改。请重新申请。"


def new_token() -> str:
    """Return 256 random bits for a link; stored nowhere but in the mail."""
    return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def store_link(token: str, purpose: str, person: Person, email: str) -> None:
    """Store a token as valid and commit; call it just before its mail is delivered.

    Valid for 15 minutes for a password, 24 hours for an address.
    """
    now = clock.now()
    db.session.add(
        AccountLink(
            token_hash=_hash(token),
            person_id=person.id,
            purpose=purpose,
            email=email,
            made_at=now,
            expires_at=now + VALIDITY[purpose],
        )
    )
    audit.record("identity.link", person, detail={"purpose": purpose})
    db.session.commit()


def find_valid_link(token: str, purpose: str) -> AccountLink | None:
    """Return the link of a token that could be redeemed now, None otherwise; redeems nothing.

    In a transaction of its own.
    """
    now = clock.now()
    with reading() as session:
        link = session.scalar(
            select(AccountLink).where(
                AccountLink.token_hash == _hash(token),
                AccountLink.purpose == purpose,
                AccountLink.used_at.is_(None),
            )
        )
        in_time = link is not None and link.made_at <= now + clock.SKEW and now < link.expires_at
    return link if in_time else None


def void_links(person_id: int) -> None:
    """Void every link of a person: the address or the password changed. Part of that action."""
    db.session.execute(
        update(AccountLink)
        .where(AccountLink.person_id == person_id, AccountLink.used_at.is_(None))
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def redeem_link(token: str, purpose: str, *, person_id: int | None = None) -> AccountLink:
    """Redeem a link, and with it every other of the same person and purpose.

    Of concurrent attempts one succeeds. Raises Rejected for the others, and for an unknown or
    expired link.
    """
    link = find_valid_link(token, purpose)
    if link is None or person_id not in (None, link.person_id):
        raise Rejected(LINK_OVER_MESSAGE)
    used = db.session.scalars(
        update(AccountLink)
        .where(
            AccountLink.person_id == link.person_id,
            AccountLink.purpose == purpose,
            AccountLink.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(AccountLink.id)
        .execution_options(synchronize_session=False)
    )
    if link.id not in used.all():
        raise Rejected(LINK_OVER_MESSAGE)
    return link
