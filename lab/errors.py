"""Rejections by business rules, and the error pages."""

from __future__ import annotations

import errno
import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, render_template, request, session
from flask_login import AnonymousUserMixin
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from lab.db import SAFE_METHODS, EditConflict, classify, failure_message
from lab.extensions import db
from lab.logs import logged_path
from lab.rejected import Rejected
from lab.workflow import TransitionRejected

log = logging.getLogger("lab.errors")
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})

PAGES: dict[int, tuple[str, str]] = {
    400: ("请求有误", "页面可能已过期，请返回上一页刷新后再试。"),
    401: ("请先登录", "您还没有登录，这次没有保存。请登录后再做一次。"),
    403: ("无权办理", "您没有办理此事项的权限。如有需要，请与实施办公室联系。"),
    404: ("没有找到", "您要看的内容不存在，或者您无权查看。"),
    405: ("不能这样办理", "请从页面上的按钮进入。"),
    409: ("情况已变化", "内容刚被修改（他人，或您在另一窗口）或状态已变化，请返回刷新后再办理。"),
    410: ("文件不能提供", "文件已不在服务器上，请把事件编号告诉系统管理员。"),
    413: ("文件过大", "上传内容超过限制，请压缩或分开上传。"),
    421: ("网址不对", "请用本单位公布的门户网址访问。"),
    429: ("操作过于频繁", "请稍等几分钟再试。"),
    500: ("系统出错", "您的操作没有完成，已保存的内容不受影响。请把事件编号告诉系统管理员。"),
    503: ("系统繁忙", "暂时不能办理，请稍后再试。已保存的内容不受影响。"),
}


@dataclass(frozen=True)
class ErrorPage:
    """An error in words: `message` says what to do, `event_number` is what the log carries."""

    status: int
    title: str
    message: str
    event_number: str


def event_number() -> str:
    """Return a new event number, which users can read out and administrators find in the log."""
    return secrets.token_hex(4).upper()


def wants_json() -> bool:
    """Return whether the request comes from a page script that expects JSON."""
    return request.accept_mimetypes.best == "application/json"


def error_page(
    status: int, message: str = "", cause: BaseException | None = None, *, title: str = ""
) -> Response:
    """Return the page for an error status, with an event number that is also logged.

    `cause` is logged under that number and never shown.
    """
    # Before drawing: the frame of the page reads by itself, and must not wait for a connection
    # while this request still holds one and the write lock.
    _let_go()
    usual, advice = PAGES.get(status, PAGES[500])
    number = event_number()
    log.log(
        logging.ERROR if status >= 500 or cause else logging.INFO,
        "error page",
        extra={
            "event": number,
            "status": status,
            "path": logged_path(request),
            "method": request.method,
        },
        exc_info=cause,
    )
    if wants_json():
        return make_response(_for_script(message or advice, number, status), status)
    # The page must come even where the database does not: it asks nobody who is signed in.
    if "_login_user" not in g:
        g._login_user = AnonymousUserMixin()
    page = ErrorPage(status, title or usual, message or advice, number)
    return make_response(render_template("errors/error.html", page=page), status)


def _for_script(message: str, number: str, status: int) -> dict[str, str]:
    """Return the JSON body for a page script; `text` includes the event number of a failure."""
    text = f"{message}事件编号：{number}。" if status >= 500 else message
    return {"state": "error", "text": text, "event": number}


def _let_go() -> None:
    """End the request's transaction, even on a broken connection."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        log.warning("a transaction could not be taken back")
        db.session().invalidate()


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.get_response())
    status = error.code or 500
    if 300 <= status < 400:  # a redirect that adds a slash
        return make_response(error.get_response())
    response = error_page(status if status in PAGES else (400 if status < 500 else 500))
    if status == 405:
        response.headers["Allow"] = ", ".join(error.valid_methods or ())  # type: ignore[attr-defined]
    return response


def _take_back() -> None:
    """Roll back the request, including events not yet published."""
    _let_go()
    session.pop("_flashes", None)


def _handle_rejected(error: Rejected | TransitionRejected) -> Response:
    _take_back()
    return error_page(409, error.message)


def _handle_edit_conflict(_error: Exception) -> Response:
    _take_back()
    return error_page(409)


def _fault(error: Exception) -> Response:
    """Return the page for a failure of the database, the disk or the program, named as such."""
    _take_back()
    failure_text = failure_message(classify(error), reading=request.method in SAFE_METHODS)
    if failure_text is None:
        return error_page(500, cause=error)
    title, message = failure_text
    return error_page(503, message, cause=error, title=title)


def init(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Rejected, _handle_rejected)
    app.register_error_handler(TransitionRejected, _handle_rejected)
    for conflict in (EditConflict, StaleDataError, IntegrityError):
        app.register_error_handler(conflict, _handle_edit_conflict)
    for failure in (DBAPIError, PoolTimeout):
        app.register_error_handler(failure, _fault)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _fault)
