"""One log line per request: who requested what, the status and the duration."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from lab.logs import logged_path

log = logging.getLogger("lab.requests")


def _start_timer() -> None:
    g.request_began = time.perf_counter()


def _log_request(response: Response) -> Response:
    """Log the milliseconds until the answer; the person as a number."""
    began = g.get("request_began", time.perf_counter())
    actor = g.get("actor")
    log.log(
        logging.DEBUG if request.endpoint == "static" else logging.INFO,
        "request",
        extra={
            "method": request.method,
            "path": logged_path(request),
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1),
            "person": actor.id if actor else 0,
        },
    )
    return response


def init(app: Flask) -> None:
    """Log the requests of `app`; call it before anything else handles them."""
    app.before_request(_start_timer)
    app.after_request(_log_request)
