"""Checks of every request before its view: declared action, complete body, person, token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, current_app, flash, g, make_response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse
from wtforms import ValidationError

from lab import policy
from lab.db import SAFE_METHODS
from lab.errors import error_page, wants_json
from lab.policy import NOBODY
from lab.web.request.guards import BEFORE_FIRST_CHANGE, DenialRecorder, actor, can
from lab.web.request.hosts import is_own_origin, same_origin
from lab.web.request.resubmission import (
    OTHER_PERSON,
    hidden_fields,
    is_other_writer,
    was_signed_in,
)
from lab.web.request.resume_pages import resubmit_page, sign_in_page
from lab.web.request.resume_token import is_resumed
from lab.web.request.safe_paths import START, safe_path
from lab.web.typed.text import REPLACEMENT

UNCHECKED_ENDPOINTS = ("static", "health")  # answered without looking who asks
SIGNED_OUT_MESSAGE = "登录已过期，内容还在本页。"
STALE_MESSAGE = "页面已过期，请再填写一次。"
STRANGER_BYTES, STRANGER_FIELDS = 16 << 10, 50
SIGN_IN_BYTES = 64 << 10
NULL = "\x00"


def action_of(app: Flask, endpoint: str | None) -> str | None:
    """Return the declared action of an endpoint, None when it has none."""
    if endpoint == "static":
        return "static"
    view = app.view_functions.get(endpoint or "")
    return getattr(view, "lab_action", None)


def _check_token() -> BaseResponse | None:
    """Reject a forged post; a stale one from our own page keeps the input."""
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError:
        if not same_origin():
            return error_page(400)
        if is_resumed():
            g.csrf_valid = True  # as forms ask it
            return None
        if wants_json():  # only a page of our own can read this answer: it goes on with the token
            return make_response({"state": "stale", "csrf_token": generate_csrf()}, 400)
        if not was_signed_in():
            flash(STALE_MESSAGE, "warning")
            return redirect(safe_path(request.full_path.rstrip("?")), 303)
        stale: BaseResponse = resubmit_page(hidden_fields(), 400)
        return stale
    return None


def sign_in_address() -> str:
    """Return the address of the sign-in page that leads back to the page of this request."""
    return f"{url_for('identity.sign_in')}?next={quote(_page_of_request(), safe='/')}"


def _page_of_request() -> str:
    path = request.full_path.rstrip("?")
    if request.method in SAFE_METHODS or is_page(request.path):
        return safe_path(path)
    came_from = request.referrer or ""  # a button's address is no page: back to where it stands
    if not is_own_origin(came_from):
        return START
    parts = urlsplit(came_from)
    if not is_page(parts.path):
        return START
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def is_page(path: str) -> bool:
    """Return whether the portal has a page under this path."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def _require_sign_in() -> BaseResponse:
    if request.method in SAFE_METHODS:
        return redirect(sign_in_address(), 303)
    if not same_origin():
        return error_page(401)
    if wants_json():
        return make_response({"state": "signed_out", "text": SIGNED_OUT_MESSAGE}, 401)
    return sign_in_page(hidden_fields(), _former_person(), 401)


def _former_person() -> str:
    """Return the key of the person last signed in in this browser, "" when unknown."""
    former_of: Callable[[], str] = current_app.extensions["former_person"]
    return former_of()


def _reject_other_writer() -> BaseResponse | None:
    """Reject input that somebody else typed in this browser; it waits for its writer."""
    if not is_other_writer():
        return None
    if not same_origin():
        return error_page(400)
    if wants_json():
        return make_response({"state": "other_person", "text": OTHER_PERSON}, 409)
    return sign_in_page(hidden_fields(), _former_person(), 409, message=OTHER_PERSON)


def _require_password_change() -> BaseResponse:
    """Redirect to the password page; the input waits beside it."""
    if request.method in SAFE_METHODS:
        return redirect(url_for("identity.password"), 303)
    page: BaseResponse = resubmit_page(hidden_fields(), 409, must_change=True)
    return page


def _read_body(app: Flask) -> None:
    """Read the posted body before any lock is taken.

    The framework's own text limit holds for multipart only; nothing without files is longer.
    Browsers that were never signed in have only short forms to send.
    """
    if not was_signed_in():
        request.max_content_length, request.max_form_parts = STRANGER_BYTES, STRANGER_FIELDS
    elif request.mimetype != "multipart/form-data":
        longest: int = app.config["MAX_FORM_MEMORY_SIZE"]
        # Waiting fields have longer names, and name and password come with them.
        request.max_content_length = longest + (SIGN_IN_BYTES if "resume" in request.args else 0)
    request.form = _with_null_bytes_as(REPLACEMENT, request.form)


def _reject_null_byte() -> Any:
    """Reject an address with a null byte, and leave those out that follow it as what is asked.

    None of ours has one, and PostgreSQL cannot even look for it.
    """
    if NULL in request.path:
        return error_page(404)
    request.args = _with_null_bytes_as("", request.args)
    return None


def _with_null_bytes_as(sign: str, sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return what was sent, with `sign` for each null byte.

    Fields refuse U+FFFD as they refuse a null byte, and the database can look for it.
    """
    return ImmutableMultiDict(
        (name.replace(NULL, sign), text.replace(NULL, sign))
        for name, text in sent.items(multi=True)
    )


def _check_request(app: Flask, person_of: Callable[[], Any]) -> Any:
    if request.endpoint is None:
        return None  # 404 and 405 are answered by the router
    action = action_of(app, request.endpoint)
    if action is None or action not in policy.TABLE:
        return error_page(403)
    if action in UNCHECKED_ENDPOINTS:
        return None
    write = request.method not in SAFE_METHODS
    if write:
        _read_body(app)
    person_of()
    if actor() is NOBODY and not policy.allowed(action, NOBODY):
        return _require_sign_in()
    if write and (rejection := _reject_other_writer() or _check_token()) is not None:
        return rejection
    if g.get("must_change") and action not in BEFORE_FIRST_CHANGE:
        return _require_password_change()
    return None


def init(
    app: Flask,
    person_of: Callable[[], Any],
    former_of: Callable[[], str],
    record_denial: DenialRecorder,
) -> None:
    """Check every request before its view.

    `person_of` sets the signed-in person in g; `former_of` returns the key of the person whose
    session in this browser has ended, "" for none; `record_denial(action, kind, key)` is called for
    every denial, after the request's transaction was rolled back.
    """
    app.extensions["record_denial"] = record_denial
    app.extensions["former_person"] = former_of
    app.before_request(_reject_null_byte)
    app.before_request(lambda: _check_request(app, person_of))
    app.jinja_env.globals.update(can=can, sign_in_address=sign_in_address)
