"""A form that creates something is carried out once, however often and however fast it is sent.

The key of the form and all that came with it are noted in the transaction that did the work: of
two posts at once one is taken back, and both lead to the same page. A post that failed leaves
nothing behind, and can be sent again; one that was changed meanwhile is another post.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from datetime import timedelta
from typing import Any

from flask import Flask, Response, current_app, flash, g, redirect, request, session
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from lab import clock
from lab.canonical import canonical_json
from lab.db import SAFE_METHODS, reading, upsert, writing
from lab.errors import wants_json
from lab.extensions import db
from lab.posts.models import FinishedPost
from lab.web.request.post_keys import POST_KEY
from lab.web.request.resubmission import LOST_FILE, LOST_SECRET, WRITER_FIELD
from lab.web.request.resume_token import TOKEN_FIELD

log = logging.getLogger("lab.posts")
RETENTION = timedelta(days=1)
ALREADY_DONE = "刚才已经提交过，没有重复办理。"
# What differs between two posts of one form though nothing was typed.
_CARRIED = {"csrf_token", TOKEN_FIELD, LOST_FILE, LOST_SECRET, WRITER_FIELD, "tab", "adopted"}
_KEY = re.compile(r"[0-9a-f]{24}")
PIECE = 1 << 16  # bytes of an upload that are in memory at once


class AlreadyFinished(Exception):
    """The same post was carried out while this one was."""


def _digest() -> str | None:
    """Return the digest of this post, None for one without a key or in nobody's name.

    Keyed, because what is sent may be easy to guess.
    """
    keyed = request.method not in SAFE_METHODS and g.get("person") and not wants_json()
    if not keyed or not _KEY.fullmatch(request.form.get(POST_KEY, "")):
        return None
    pairs = sorted(pair for pair in request.form.items(multi=True) if pair[0] not in _CARRIED)
    files = sorted((name, *_described(file)) for name, file in request.files.items(multi=True))
    sent = canonical_json([request.path, pairs, files])
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, sent.encode(), hashlib.sha256).hexdigest()


def _described(file: FileStorage) -> tuple[str, str]:
    """Return name and digest of an uploaded file: the same name may hold other figures."""
    digest = hashlib.sha256()
    while piece := file.stream.read(PIECE):
        digest.update(piece)
    file.stream.seek(0)
    return file.filename or "", digest.hexdigest()


def _where(person_id: int, digest: str) -> tuple[Any, ...]:
    return FinishedPost.person_id == person_id, FinishedPost.digest == digest


def _answer_of_first(location: str) -> BaseResponse:
    flash(ALREADY_DONE, "info")
    return redirect(location, 303)


def _answer_repeated() -> BaseResponse | None:
    """Lead to the page of the first post, where this one was carried out before."""
    g.post_digest = _digest()
    if g.post_digest is None:
        return None
    g.posted_by = g.person.id
    query = select(FinishedPost.location).where(*_where(g.posted_by, g.post_digest))
    location = db.session.scalar(query)
    return _answer_of_first(location) if location else None


def note_finished(response: BaseResponse) -> None:
    """Note where a post led, in its own transaction. Raises AlreadyFinished."""
    if g.get("post_digest") is None or not 300 <= response.status_code < 400:
        return
    if any(category == "danger" for category, _ in session.get("_flashes", ())):
        return  # sent back with a rejection
    row = {
        "person_id": g.posted_by,
        "digest": g.post_digest,
        "location": response.headers["Location"],
        "made_at": clock.now(),
    }
    statement = upsert(db.session(), FinishedPost).values(**row).on_conflict_do_nothing()
    result: Any = db.session.execute(statement)
    if not result.rowcount:
        raise AlreadyFinished


def answer_already_finished(_error: AlreadyFinished) -> BaseResponse:
    """Take back what the second of two posts at once did, and lead to the page of the first."""
    db.session.rollback()
    session.pop("_flashes", None)
    return _first_or(redirect(request.path, 303))


def _first_or(response: BaseResponse) -> BaseResponse:
    with reading() as reader:
        location = reader.scalar(
            select(FinishedPost.location).where(*_where(g.posted_by, g.post_digest))
        )
    return _answer_of_first(location) if location else response


def _replace_refusal(response: Response) -> BaseResponse:
    """Answer as the first post did where this one was refused only because of it."""
    if g.get("post_digest") is None or response.status_code < 400:
        return response
    try:
        db.session.rollback()
        return _first_or(response)
    except SQLAlchemyError:  # the refusal is the answer, also where the database does not answer
        log.warning("an earlier post could not be looked for", exc_info=True)
        return response


def purge_expired() -> None:
    """Delete the notes of posts older than a day."""
    with writing() as writer:
        writer.execute(delete(FinishedPost).where(FinishedPost.made_at < clock.now() - RETENTION))


def init(app: Flask) -> None:
    """Answer repeated posts. Call it once the checks of requests are set up."""
    app.before_request(_answer_repeated)
    app.after_request(_replace_refusal)
