"""Compare passwords and count failures in the database (the rule is in `throttle`).

Everything that asks for a password or another secret counts here, so that no page bypasses the
rule. An attempt is recorded before the password is compared, so that parallel ones cannot slip
through, and settled afterwards; attempts interrupted by a failure of the portal do not count.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lab import audit, clock
from lab.db import reading, writing
from lab.extensions import db
from lab.identity.core.attempts import rows
from lab.identity.models.account import AuthSession, Person, SignInFailure
from lab.identity.rules import passwords, throttle
from lab.rejected import Rejected


class TooManyAttempts(Rejected):
    """The address has to wait `seconds` (1 to 5) after wrong passwords."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"请{seconds}秒后再试。", "password")
        self.seconds = seconds


@dataclass(frozen=True)
class _Try:
    """A recorded attempt: its rows, and whether the password may be compared.

    `wait`: nothing was recorded, the address has to wait so many seconds.
    """

    ids: tuple[int, ...] = ()
    allowed: bool = False
    wait: int = 0


@dataclass(frozen=True)
class _Subjects:
    """The subjects an attempt counts for."""

    name: str
    pair: str
    address: str

    @property
    def all(self) -> tuple[str, str, str]:
        return (self.address, self.name, self.pair)


def _subjects(name: str, address: str) -> _Subjects:
    network = throttle.source(address)
    return _Subjects(f"name:{name}", f"pair:{name} {network}", f"address:{network}")


def _known(session: Session, name: str) -> bool:
    query = select(Person.id).where(Person.sign_in_name == name)
    return session.scalar(query) is not None


def _digest(name: str) -> str:
    """Return what stands for a name that nobody has, 32 hex digits.

    It may be a password or a code typed into the wrong field: keyed, because those can be guessed.
    """
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


def password_is_right(name: str, address: str, stored: str, password: str, action: str) -> bool:
    """Return whether the password fits the hash and may be tried now; see `secret_is_right`."""

    def matches(allowed: bool) -> bool:
        return passwords.password_matches(stored if allowed else "", password)

    return secret_is_right(name, address, matches, action)


def secret_is_right(name: str, address: str, matches: Callable[[bool], bool], action: str) -> bool:
    """Return what `matches(allowed)` returns for an attempt on this account; count it in any case.

    `allowed`: the secret may be tried now. It should take the same time whatever it returns. What
    is nobody's name is not recorded: it counts by its digest, and the audit line names nobody.
    Takes transactions of its own: call it while no other transaction of the request is open. A
    failure leaves an audit line of `action`. Raises TooManyAttempts, with nothing compared or
    counted, when the address has to wait.
    """
    with reading() as session:
        known = _known(session, name)
        subjects = _subjects(name if known else _digest(name), address)
        _reject_haste(session, subjects)
    attempt = _begin(subjects, name, address)
    if attempt.wait:
        raise TooManyAttempts(attempt.wait)
    try:
        right = matches(attempt.allowed)
        with writing() as session:
            _settle_attempt(session, subjects, attempt, right=right)
            if not right:
                _record_failure(session, action, name if known else "")
    except BaseException:
        _release(attempt)
        raise
    return right


def _record_failure(session: Session, action: str, name: str) -> None:
    audit.record(
        action, result="failed", session=session, object_type="Person", object_key=name[:64]
    )


def _reject_haste(session: Session, subjects: _Subjects) -> None:
    """Reject attempts that come too soon without waiting for the lock that counting needs."""
    now = clock.now()
    address = rows.counted_attempts(session, subjects.address, now, throttle.ADDRESS_MEMORY)
    if not address.ahead_of(now) and (seconds := throttle.seconds_to_wait(address, now)):
        raise TooManyAttempts(seconds)


def _begin(subjects: _Subjects, name: str, address: str) -> _Try:
    with writing() as session:
        rows.lock_subjects(session, *subjects.all)
        rows.clamp_to_now(session, *subjects.all)
        now = clock.now()
        earlier = rows.counted_attempts(session, subjects.address, now, throttle.ADDRESS_MEMORY)
        if seconds := throttle.seconds_to_wait(earlier, now):
            return _Try(wait=seconds)
        allowed = _allowed(session, subjects, name, address)
        counting = subjects.all if allowed else (subjects.address,)
        counted = [SignInFailure(subject=subject, at=now, running=True) for subject in counting]
        session.add_all(counted)
        session.flush()
        return _Try(tuple(row.id for row in counted), allowed)


def _allowed(session: Session, subjects: _Subjects, name: str, address: str) -> bool:
    now = clock.now()
    pair = rows.counted_attempts(session, subjects.pair, now, throttle.DAY)
    by_name = rows.counted_attempts(session, subjects.name, now, throttle.DAY)
    known_address = by_name.count >= throttle.NAME_A_DAY and _signed_in_from(session, name, address)
    return throttle.pair_may_try(pair, now) and throttle.name_may_try(
        by_name, known_address=known_address
    )


def _signed_in_from(session: Session, name: str, address: str) -> bool:
    """Return whether the name has signed in from this address, or from the same IPv6 network."""
    query = (
        select(AuthSession.address)
        .join(Person, Person.id == AuthSession.person_id)
        .where(Person.sign_in_name == name)
        .distinct()
    )
    network = throttle.source(address)
    return any(
        throttle.source(earlier_address) == network for earlier_address in session.scalars(query)
    )


def _settle_attempt(session: Session, subjects: _Subjects, attempt: _Try, *, right: bool) -> None:
    rows.lock_subjects(session, *subjects.all)
    if right:
        rows.delete_attempts(session, SignInFailure.id.in_(attempt.ids))
        rows.delete_failed(session, subjects.pair)
        rows.delete_oldest_failed(session, subjects.address)
        return
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.id.in_(attempt.ids))
        .values(running=False, at=clock.now())
        .execution_options(synchronize_session=False)
    )
    limits = (throttle.MAX_ADDRESS_ROWS, throttle.NAME_A_DAY, throttle.MAX_PAIR_ROWS)
    for subject, number in zip(subjects.all, limits, strict=True):
        rows.delete_all_but_newest(session, subject, number)


def _release(attempt: _Try) -> None:
    """Undo an attempt that a failure interrupted; failing that, it expires by itself."""
    with contextlib.suppress(SQLAlchemyError), writing() as session:
        rows.delete_attempts(session, SignInFailure.id.in_(attempt.ids))


def clear_daily_failures(person: Person) -> None:
    """Clear the failures of a person whose password was reset; part of the same transaction."""
    subjects = _subjects(person.sign_in_name, "")
    theirs = SignInFailure.subject.startswith(subjects.pair, autoescape=True)
    rows.delete_attempts(db.session(), or_(SignInFailure.subject == subjects.name, theirs))
