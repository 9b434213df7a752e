"""Server-side sessions on Flask-Login: the cookie carries a random token, the database decides."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_login import UserMixin, current_user, login_user, logout_user
from sqlalchemy import ColumnElement, Select, Update, bindparam, case, join, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload

from lab import clock
from lab.db import SAFE_METHODS, reading, writing
from lab.extensions import db, login_manager
from lab.identity.models.account import AuthSession, Person
from lab.policy import NOBODY, Actor
from lab.posts import kept_pages
from lab.posts.sealing import known_secret
from lab.web.request.resubmission import ENDED

log = logging.getLogger("lab.identity")
LONGEST = timedelta(hours=12)
LOCK_TIMEOUT = 0.2  # seconds: a page that only reads does not wait for writers
TOUCH_EVERY = timedelta(seconds=60)
UNATTENDED = "X-Unattended"  # sent by a page that looks after its own parts (js/shared/waiting.js)


class Visitor(UserMixin):  # type: ignore[misc]
    """The signed-in person for Flask-Login and the templates; id is the session's token."""

    def __init__(self, token: str, person: Person) -> None:
        self.token = token
        self.person = person
        self.name = person.name
        self.unit_name = person.unit_name
        self.roles = person.roles

    def get_id(self) -> str:
        return self.token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def start(person: Person) -> None:
    """Sign a person in with a new token; nothing in the cookie survives.

    Typed text that is kept for this browser stays the person's, where it was hers before.
    """
    token, before = secrets.token_urlsafe(32), known_secret()
    pages = kept_pages.find_carried(before, person.id) if before else []
    own = pages if pages and former_person() == person.key else []
    db.session.add(
        AuthSession(token_hash=_hash(token), person_id=person.id, address=request.remote_addr or "")
    )
    cookie.clear()
    g.pop("csrf_token", None)  # one of the cookie before would be refused on the next page
    cookie.permanent = False
    login_user(Visitor(token, person))
    kept_pages.carry_over(own, before, person.id)
    _remember(person)


def end() -> None:
    """Sign out: the token is invalid at once, also in copies of the cookie.

    The cookie keeps the session's identity for `former_person`.
    """
    ended = ""
    if current_user.is_authenticated:
        ended = _hash(current_user.token)
        db.session.execute(
            update(AuthSession).where(AuthSession.token_hash == ended).values(ended_at=clock.now())
        )
    logout_user()
    cookie.clear()
    g.pop("csrf_token", None)
    if ended:
        cookie[ENDED] = ended


def former_person() -> str:
    """Return the key of the person whose session this browser's cookie names, live or ended.

    "" for none.

    Grants no rights: it only returns to a browser what that browser posted.
    """
    token = cookie.get("_user_id")
    digest = _hash(token) if isinstance(token, str) else cookie.get(ENDED, "")
    person = join(AuthSession, Person, Person.id == AuthSession.person_id)
    query = select(Person.key).select_from(person).where(AuthSession.token_hash == digest)
    return db.session.scalar(query) or ""


def end_all(*person_ids: int) -> None:
    """End every session of these people: password or role change, disabling."""
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.person_id.in_(person_ids), AuthSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _is_alive(row: AuthSession) -> bool:
    now = clock.now()
    idle = timedelta(minutes=current_app.config["IDLE_MINUTES"])
    return (
        row.ended_at is None
        and row.person.disabled_at is None
        and now - row.seen_at <= idle
        and now - row.started_at <= LONGEST
    )


def _load(token: str) -> Visitor | None:
    result = db.session.scalars(_session_of(), {"token_hash": _hash(token)})
    row = result.unique().one_or_none()
    if row is None or not _is_alive(row):
        return None
    _record_visit(row)
    return Visitor(token, row.person)


@cache  # made on first use, and once: every request asks it
def _session_of() -> Select[Any]:
    """Return the query for a session with its person, unit and roles."""
    person = joinedload(AuthSession.person)
    return (
        select(AuthSession)
        .where(AuthSession.token_hash == bindparam("token_hash"))
        .options(person.options(joinedload(Person.unit), joinedload(Person.grants)))
    )


def _record_visit(row: AuthSession) -> None:
    """Record the visit, at most once a minute; after a read-only request, separately.

    Background requests of an untouched page are no visits.
    """
    if clock.is_recent(row.seen_at, clock.now(), TOUCH_EVERY) or _unattended():
        return
    if request.method in SAFE_METHODS:
        g.visited_session = row.id
    else:
        db.session.execute(_seen_statement(row.id))


def _unattended() -> bool:
    """Return whether an open page asks by itself: of an address for that, or for its own parts."""
    view = current_app.view_functions.get(request.endpoint or "")
    asked = request.method in SAFE_METHODS and request.headers.get(UNATTENDED) == "1"
    return asked or bool(getattr(view, "lab_unattended", False))


def _seen_statement(session_id: int) -> Update:
    return _clamp_statement(AuthSession.id == session_id)


def _clamp_statement(which: ColumnElement[bool]) -> Update:
    """Update visits; a session that began in the future (the clock was set back) begins now."""
    now, began = clock.now(), AuthSession.started_at
    values = {"seen_at": now, "started_at": case((began > now + clock.SKEW, now), else_=began)}
    noted = update(AuthSession).where(which).values(values)
    return noted.execution_options(synchronize_session=False)


def clamp_to_now() -> None:
    """Reset sessions that a clock set back has left in the future to now.

    Otherwise an unused one would stay open until the clock has caught up.
    """
    wrong = AuthSession.ended_at.is_(None) & (AuthSession.seen_at > clock.now() + clock.SKEW)
    with reading() as session:
        if session.scalar(select(AuthSession.id).where(wrong).limit(1)) is None:
            return
    with writing() as session:
        session.execute(_clamp_statement(wrong))
    log.warning("the clock was set back: sessions count from now")


def _write_visit(response: Response) -> Response:
    session_id = g.pop("visited_session", None)
    if session_id is None:
        return response
    db.session.rollback()  # who waits for a second connection must not hold a first
    try:
        with writing(wait=LOCK_TIMEOUT) as session_apart:
            session_apart.execute(_seen_statement(session_id))
    except SQLAlchemyError:  # locked, full, read-only or damaged: reading goes on
        log.warning("a visit could not be noted", exc_info=True)
    return response


def _remember(person: Person) -> None:
    g.person = person
    g.actor_name = person.name
    g.must_change = person.must_change
    g.actor = Actor(person.id, person.roles, person.unit_id)


def identify() -> None:
    """Set the person and the actor of this request in g."""
    visitor: Any = current_user
    if visitor.is_authenticated:
        _remember(visitor.person)
    else:
        g.actor = NOBODY


def init(app: Flask) -> None:
    """Connect Flask-Login with the session table."""
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    app.after_request(_write_visit)
