"""What every request passes before its view: declared action, whole body, person, token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, g, make_response, redirect, render_template, request
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.wrappers import Response as BaseResponse
from wtforms import ValidationError

from lab import policy
from lab.db import SAFE_METHODS
from lab.errors import error_page, wants_json
from lab.policy import NOBODY
from lab.web.clash import hidden_fields
from lab.web.guards import NoteDenial, actor, can

SIGNED_OUT = "登录已过期，内容还在本页。"


def action_of(app: Flask, endpoint: str | None) -> str | None:
    """The declared action of an endpoint, None when it has none."""
    if endpoint == "static":
        return "static"
    view = app.view_functions.get(endpoint or "")
    return getattr(view, "lab_action", None)


def _same_origin() -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(origin) and urlsplit(origin).netloc == request.host


def _check_token() -> BaseResponse | None:
    """Refuse a forged post; a stale one from our own page keeps what was typed."""
    try:
        validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
    except ValidationError:
        if not _same_origin():
            return error_page(400)
        if wants_json():  # only a page of our own can read this answer: it goes on with the token
            return make_response({"state": "stale", "csrf_token": generate_csrf()}, 400)
        return make_response(
            render_template("errors/resume.html", fields=hidden_fields(), signed_in=True), 400
        )
    return None


def _sign_in_first() -> BaseResponse:
    if request.method in SAFE_METHODS:
        wanted = quote(request.full_path.rstrip("?"), safe="/")
        return redirect(f"/sign-in?next={wanted}", 303)
    if not _same_origin():
        return error_page(401)
    if wants_json():
        return make_response({"state": "signed_out", "text": SIGNED_OUT}, 401)
    page = render_template("errors/resume.html", fields=hidden_fields(), signed_in=False)
    return make_response(page, 401)


def _read_body(app: Flask) -> None:
    """Read what was posted before any lock is taken.

    The framework's own limit of text holds for multipart only; without files nothing is longer.
    """
    if request.mimetype != "multipart/form-data":
        request.max_content_length = app.config["MAX_FORM_MEMORY_SIZE"]
    request.form  # noqa: B018


def _check_request(app: Flask, person_of: Callable[[], Any]) -> Any:
    if request.endpoint is None:
        return None  # 404 and 405 are answered by the router
    action = action_of(app, request.endpoint)
    if action is None or action not in policy.TABLE:
        return error_page(403)
    if action == "static":
        return None
    write = request.method not in SAFE_METHODS
    if write:
        _read_body(app)
    person_of()
    if actor() is NOBODY and not policy.allowed(action, NOBODY):
        return _sign_in_first()
    if write and (refusal := _check_token()) is not None:
        return refusal
    if g.get("must_change") and not action.startswith("identity."):
        return redirect("/account/password", 303)
    return None


def init(app: Flask, person_of: Callable[[], Any], note_denial: NoteDenial) -> None:
    """Check every request before its view.

    `person_of` puts the signed-in person into g; `note_denial(action, kind, key)` is told of
    every refusal, after the transaction of the request was taken back.
    """
    app.extensions["note_denial"] = note_denial
    app.before_request(lambda: _check_request(app, person_of))
    app.jinja_env.globals.update(can=can)
