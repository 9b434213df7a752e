"""Tell a page that its form was answered, where the answer is a download and the page stays.

The page sets a cookie that names the address it posts to (js/forms/answered.js); the answer to that
post takes the cookie away. It holds nothing else and decides nothing.
"""

from __future__ import annotations

from urllib.parse import unquote

from flask import Response, request

COOKIE = "sending"


def take_away(response: Response) -> Response:
    """Delete the cookie if this is the answer that the page waits for."""
    mark = request.cookies.get(COOKIE, "")
    if request.method == "POST" and unquote(mark.partition(".")[2]) == request.path:
        response.delete_cookie(COOKIE, path="/", samesite="Strict")
    return response
