"""Every page that answers a post is shown at an address, so that Back and a reload find it.

Only to browsers: they name text/html among what they accept. Where nothing can be stored, the page
itself is the answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, Response, flash, g, make_response, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as BaseResponse

from lab.extensions import db
from lab.posts import kept_answers, kept_pages
from lab.posts.kept_answers import KeptAnswer
from lab.posts.kept_pages import ANSWER
from lab.rejected import Rejected
from lab.web.request.checks import is_page
from lab.web.request.guards import may_see_answer
from lab.web.request.safe_paths import START

log = logging.getLogger("lab.posts")
LOCK_TIMEOUT = 1.0  # seconds: who posted waits for the page
_DENIALS = (403, 404)
_SECRETS = "secrets"  # no path: what is no page is shown at none
GONE = "刚才的页面已不再保留，这里是现在的情况。"


def show_once(page: str, *, again: str, back: str) -> BaseResponse:
    """Go on to a page that is shown a single time, within ten minutes, and kept encrypted until.

    Part of the request's transaction. `again` (at most 200 characters) says on every later look
    why the page is not shown and what to do, with a link to the path `back`.
    """
    key = _keep_once(page, request.path, again, back)
    return redirect(kept_pages.address_of(key), 303)


def keep_secret(text: str, *, again: str, back: str) -> str:
    """Keep a text for this browser as `show_once` keeps a page; return its key."""
    return _keep_once(text, _SECRETS, again, back)


def _keep_once(page: str, place: str, again: str, back: str) -> str:
    person_id = kept_pages.present_person_id()
    return kept_pages.add(
        db.session(), page, 200, person_id, place=place, once=True, again=again, back=back
    )


def take_secret(key: str) -> KeptAnswer | None:
    """Return what `keep_secret` kept, a single time; later looks have only `again` and `back`.

    None for what this browser never had, or no longer. In a transaction of its own.
    """
    return kept_answers.read(key, _SECRETS)


def show_first_time_only() -> None:
    """Let a second look at the answer of this post find the plain page: all is stored there."""
    g.answer_once = True


def _is_for_browser(response: Response) -> bool:
    accepted = {value for value, _quality in request.accept_mimetypes}
    return (
        request.method == "POST"
        and "text/html" in accepted
        and response.mimetype == "text/html"
        and not 300 <= response.status_code < 400
        and not response.is_streamed
    )


def _answer_with_address(response: Response) -> BaseResponse:
    """Replace the page that answers a post by the address that shows it."""
    if not _is_for_browser(response):
        return response
    try:
        address = kept_pages.store(
            response.get_data(as_text=True),
            response.status_code,
            once=bool(g.get("answer_once")),
            wait=LOCK_TIMEOUT,
        )
    except (SQLAlchemyError, Rejected):
        log.warning("the answer to a post could not be kept", exc_info=True)
        return response
    return redirect(address, 303) if address else response


def _show_kept_page(person_of: Callable[[], object]) -> BaseResponse | None:
    if request.method != "GET" or ANSWER not in request.args:
        return None
    person_of()
    kept = kept_answers.read(request.args[ANSWER], request.path)
    if kept is None or not _may_still_see(kept):
        flash(GONE, "info")
        return redirect(_plain_address(), 303)
    if kept.page is not None:
        return make_response(kept.page, kept.status)
    if not kept.again:
        return redirect(_plain_address(), 303)
    return make_response(render_template("posts/shown_before.html", kept=kept))


def _may_still_see(kept: KeptAnswer) -> bool:
    """Return whether the person may see the page by the policy as it is now.

    A denial tells nothing of its object, and what nobody was signed in for holds only what was
    typed in this browser.
    """
    if kept.page is None or kept.status in _DENIALS or kept_pages.present_person_id() is None:
        return True
    return may_see_answer(request.path)


def _plain_address() -> str:
    """Return the address without its kept page, the start where there is no page of its own."""
    pairs = kept_pages.other_arguments()
    query = f"?{urlencode(pairs)}" if pairs else ""
    return request.path + query if is_page(request.path) else START


def init(app: Flask, person_of: Callable[[], object]) -> None:
    """Answer posts by addresses. Call it before the checks of requests are set up.

    `person_of` sets the signed-in person in g: a kept page is bound to its browser and person, and
    is shown before anything else is asked of the request.
    """
    app.before_request(lambda: _show_kept_page(person_of))
    app.after_request(_answer_with_address)
